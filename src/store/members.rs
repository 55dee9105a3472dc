//! Members: rows, and writes.

use diesel::prelude::*;

use super::cached_statement::cached;
use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::search;
use super::tables::{member_emails, members};
use crate::enterprise::search::{Findable, Terms};
use crate::enterprise::{AccountPk, MemberPk, MemberSource, Role, Timestamp, address, name};
use crate::store::Transaction;

/// A member as stored in the database.
#[derive(Clone, Debug, PartialEq, Queryable, QueryableByName, Selectable)]
#[diesel(table_name = members)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct MemberRow {
    pub pk: MemberPk,
    pub id: String,
    pub enterprise_pk: AccountPk,
    pub email: Option<String>,
    pub role: Role,
    pub source: MemberSource,
    pub active: bool,
    pub seat_since: Option<Timestamp>,
    pub user_name: String,
    pub external_id: Option<String>,
    pub display_name: Option<String>,
    pub note: Option<String>,
    pub document: String,
    pub version: i64,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
}

impl MemberRow {
    /// Returns the terms by which lists find the member.
    pub fn terms(&self) -> Terms {
        Terms::of_member(&self.user_name, self.display_name.as_deref(), &self.document)
    }
}

/// The values that are written when a member is created or changed.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberValues {
    /// The address to which mail for the member goes, if it has one.
    pub email: Option<String>,
    /// Where the member comes from.
    pub source: MemberSource,
    /// Whether the member is active, and so takes a seat.
    pub active: bool,
    /// `userName`.
    pub user_name: String,
    /// `externalId`.
    pub external_id: Option<String>,
    /// `displayName`.
    pub display_name: Option<String>,
    /// The note for administrators.
    pub note: Option<String>,
    /// The rest of the SCIM resource as JSON.
    pub document: String,
}

/// Returns the account's member with this id.
pub fn by_id(conn: &mut Conn, enterprise: AccountPk, id: &str) -> StoreResult<Option<MemberRow>> {
    if !storable(id) {
        return Ok(None);
    }
    Ok(on!(conn, connection => members::table
        .filter(members::id.eq(id))
        .filter(members::enterprise_pk.eq(enterprise))
        .select(MemberRow::as_select())
        .get_result(connection)
        .optional())?)
}

/// Returns the account's member in this row.
pub fn by_pk(
    conn: &mut Conn,
    enterprise: AccountPk,
    pk: MemberPk,
) -> StoreResult<Option<MemberRow>> {
    Ok(on!(conn, connection => members::table
        .filter(members::pk.eq(pk))
        .filter(members::enterprise_pk.eq(enterprise))
        .select(MemberRow::as_select())
        .get_result(connection)
        .optional())?)
}

/// Returns those of these members that belong to the account, in directory order.
pub fn by_pks(
    conn: &mut Conn,
    enterprise: AccountPk,
    pks: &[MemberPk],
) -> StoreResult<Vec<MemberRow>> {
    Ok(on!(conn, connection => members::table
        .filter(members::pk.eq_any(pks))
        .filter(members::enterprise_pk.eq(enterprise))
        .order(members::pk)
        .select(MemberRow::as_select())
        .load(connection))?)
}

/// Inserts a member. A trigger takes its seat.
///
/// # Errors
/// Fails if no seat is free (`seats_within_total`).
pub fn insert(
    conn: &mut Conn,
    enterprise: AccountPk,
    id: &str,
    role: Role,
    values: &MemberValues,
    emails: &[String],
    now: Timestamp,
) -> StoreResult<MemberRow> {
    let row: MemberRow = on!(conn, connection => diesel::insert_into(members::table)
        .values((
            members::id.eq(id),
            members::enterprise_pk.eq(enterprise),
            members::email.eq(&values.email),
            members::role.eq(role),
            members::source.eq(values.source),
            members::active.eq(values.active),
            members::seat_since.eq(values.active.then_some(now)),
            members::user_name.eq(&values.user_name),
            members::user_name_key.eq(name::user_key(&values.user_name)),
            members::external_id.eq(&values.external_id),
            members::display_name.eq(&values.display_name),
            members::display_name_key.eq(values.display_name.as_deref().map(name::key)),
            members::note.eq(&values.note),
            members::document.eq(&values.document),
            members::version.eq(1_i64),
            members::created_at.eq(now),
            members::modified_at.eq(now),
        ))
        .returning(MemberRow::as_returning())
        .get_result(connection))?;
    insert_addresses(conn, &row, emails)?;
    search::insert(conn, enterprise, Findable::Member, row.pk.0, &row.terms())?;
    Ok(row)
}

/// Updates a member and increments its version. `emails` is set if an e-mail address or the user
/// name changed.
///
/// # Errors
/// Fails if no seat is free or the member is the account's last owner.
pub fn update(
    conn: &mut Conn,
    row: &MemberRow,
    values: &MemberValues,
    emails: Option<&[String]>,
    now: Timestamp,
) -> StoreResult<MemberRow> {
    let seat_since = values.active.then(|| row.seat_since.unwrap_or(now));
    let changed = (
        (values.source != row.source).then(|| members::source.eq(values.source)),
        (values.active != row.active).then(|| members::active.eq(values.active)),
        members::seat_since.eq(seat_since),
        members::note.eq(&values.note),
        members::document.eq(&values.document),
        members::version.eq(row.version + 1),
        members::modified_at.eq(now),
    );
    // SQLite updates every index on a column that is set, even if the value stays the same.
    let same_keys = values.email == row.email
        && values.user_name == row.user_name
        && values.external_id == row.external_id
        && values.display_name == row.display_name;
    // Do not write a key that stays the same: it may be one that keeps two members with equal names
    // apart.
    let key = name::user_key(&values.user_name);
    let other_key = (key != name::user_key(&row.user_name)).then(|| members::user_name_key.eq(key));
    let updated: MemberRow = if same_keys {
        on!(conn, connection => cached(diesel::update(members::table)
            .filter(members::pk.eq(row.pk))
            .set(changed)
            .returning(MemberRow::as_returning()))
            .get_result(connection))?
    } else {
        on!(conn, connection => cached(diesel::update(members::table)
            .filter(members::pk.eq(row.pk))
            .set((
                changed,
                members::email.eq(&values.email),
                members::user_name.eq(&values.user_name),
                other_key,
                members::external_id.eq(&values.external_id),
                members::display_name.eq(&values.display_name),
                members::display_name_key.eq(values.display_name.as_deref().map(name::key)),
            ))
            .returning(MemberRow::as_returning()))
            .get_result(connection))?
    };
    if let Some(emails) = emails {
        on!(conn, connection => diesel::delete(member_emails::table)
            .filter(member_emails::member_pk.eq(row.pk))
            .execute(connection))?;
        insert_addresses(conn, &updated, emails)?;
    }
    if !same_keys || updated.document != row.document {
        let terms = (&row.terms(), &updated.terms());
        search::change(conn, row.enterprise_pk, Findable::Member, row.pk.0, terms)?;
    }
    Ok(updated)
}

/// Returns the addresses by which a member is known, without duplicates, and whether each is one of
/// its e-mails: the user name can be an address without being an e-mail.
pub(super) fn addresses(user_name: &str, emails: &[String]) -> Vec<(String, bool)> {
    let mut keys: Vec<(String, bool)> =
        emails.iter().map(|email| (address::key(email), true)).collect();
    keys.sort_unstable();
    keys.dedup();
    let user_name_key = name::user_key(user_name);
    if address::is_address(user_name) && !keys.iter().any(|(key, _)| *key == user_name_key) {
        keys.push((user_name_key, false));
    }
    keys
}

fn insert_addresses(conn: &mut Conn, row: &MemberRow, emails: &[String]) -> StoreResult<()> {
    let keys = addresses(&row.user_name, emails);
    let rows: Vec<_> = keys
        .iter()
        .map(|(key, is_email)| {
            (
                member_emails::enterprise_pk.eq(row.enterprise_pk),
                member_emails::email_key.eq(key),
                member_emails::member_pk.eq(row.pk),
                member_emails::is_email.eq(is_email),
            )
        })
        .collect();
    on!(conn, connection => {
        let insert = diesel::insert_into(member_emails::table);
        match &rows[..] {
            [] => Ok(0),
            // A statement with one row has a fixed text and is prepared only once.
            [row] => insert.values(row).execute(connection),
            rows => insert.values(rows).execute(connection),
        }
    })?;
    Ok(())
}

/// Removes a member from the account and from all its teams. A trigger frees its seat. The person
/// remains known and can still sign in, but has no access to this account (docs/domain.md §4).
///
/// # Errors
/// Fails if the member is the account's last owner (`always_an_owner`).
pub fn remove(transaction: &mut Transaction<'_>, row: &MemberRow) -> StoreResult<()> {
    let now = transaction.now();
    let left = super::team_members::team_pks_of(transaction, row.pk)?;
    super::teams::count_members(transaction, &left, -1, now)?;
    search::remove(transaction, row.enterprise_pk, Findable::Member, row.pk.0, &row.terms())?;
    on!(&mut **transaction, connection => diesel::delete(members::table)
        .filter(members::pk.eq(row.pk))
        .execute(connection))?;
    Ok(())
}

/// Changes the role of a member in the account and increments its version.
///
/// # Errors
/// Fails if the member is the account's last owner (`always_an_owner`).
pub fn set_role(
    conn: &mut Conn,
    row: &MemberRow,
    role: Role,
    now: Timestamp,
) -> StoreResult<MemberRow> {
    Ok(on!(conn, connection => diesel::update(members::table)
        .filter(members::pk.eq(row.pk))
        .set((
            members::role.eq(role),
            members::version.eq(row.version + 1),
            members::modified_at.eq(now),
        ))
        .returning(MemberRow::as_returning())
        .get_result(connection))?)
}
