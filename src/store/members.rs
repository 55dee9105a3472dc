//! Members: rows, look-ups by everything that an identity provider searches by, and writes.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::cached_statement::cached;
use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::tables::{claims, member_emails, members, team_members};
use super::{milestones, search};
use crate::enterprise::search::{Findable, Terms};
use crate::enterprise::{
    AccountPk, MemberPk, MemberSource, PersonPk, Role, Timestamp, address, name,
};
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

/// A condition by which members are looked up.
#[derive(Clone, Debug, PartialEq)]
pub enum MemberLookup {
    /// All members of the account.
    All,
    /// SCIM `id`.
    Id(String),
    /// The folded `userName`.
    UserName(String),
    /// A prefix of the folded `userName`.
    UserNamePrefix(String),
    /// `externalId`.
    ExternalId(String),
    /// A folded address.
    Email(String),
    /// The folded `displayName`.
    DisplayName(String),
    /// Members of the team with this id.
    Team(String),
}

/// Runs the body with `$query` bound to the look-up's query on `members`, boxed for the backend.
macro_rules! select {
    ($conn:expr, $enterprise:expr, $lookup:expr, |$connection:ident, $query:ident| $body:expr) => {
        on!($conn, $connection => {
            let $query = members::table.filter(members::enterprise_pk.eq($enterprise)).into_boxed();
            let $query = match $lookup {
                MemberLookup::All => $query,
                MemberLookup::Id(id) => $query.filter(members::id.eq(id)),
                MemberLookup::UserName(key) => $query.filter(members::user_name_key.eq(key)),
                MemberLookup::UserNamePrefix(prefix) => {
                    let $query = $query.filter(members::user_name_key.ge(prefix));
                    match search::successor(prefix) {
                        Some(end) => $query.filter(members::user_name_key.lt(end)),
                        None => $query,
                    }
                }
                MemberLookup::ExternalId(value) => $query.filter(members::external_id.eq(value)),
                MemberLookup::DisplayName(key) => $query.filter(members::display_name_key.eq(key)),
                MemberLookup::Email(key) => $query.filter(members::pk.eq_any(
                    member_emails::table
                        .filter(member_emails::enterprise_pk.eq($enterprise))
                        .filter(member_emails::email_key.eq(key))
                        .filter(member_emails::is_email.eq(true))
                        .select(member_emails::member_pk),
                )),
                MemberLookup::Team(id) => $query.filter(members::pk.eq_any(
                    team_members::table
                        .inner_join(super::tables::teams::table)
                        .filter(super::tables::teams::enterprise_pk.eq($enterprise))
                        .filter(super::tables::teams::scim_id.eq(id))
                        .filter(super::tables::teams::released.eq(false))
                        .select(team_members::member_pk),
                )),
            };
            $body
        })
    };
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

/// Returns matching members after row `after`, in directory order (the order of creation).
pub fn find(
    conn: &mut Conn,
    enterprise: AccountPk,
    lookup: &MemberLookup,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<MemberRow>> {
    Ok(select!(conn, enterprise, lookup, |connection, query| query
        .filter(members::pk.gt(after))
        .order(members::pk)
        .limit(limit)
        .select(MemberRow::as_select())
        .load(connection))?)
}

/// Returns matching members from position `offset` on, in directory order.
pub fn page(
    conn: &mut Conn,
    enterprise: AccountPk,
    lookup: &MemberLookup,
    offset: i64,
    limit: i64,
) -> StoreResult<Vec<MemberRow>> {
    let (from, offset) = match lookup {
        MemberLookup::All => milestones::nearest(conn, enterprise, offset)?,
        _ => (0, offset),
    };
    Ok(select!(conn, enterprise, lookup, |connection, query| query
        .filter(members::pk.ge(from))
        .order(members::pk)
        .offset(offset)
        .limit(limit)
        .select(MemberRow::as_select())
        .load(connection))?)
}

/// Counts the matching members.
pub fn count(conn: &mut Conn, enterprise: AccountPk, lookup: &MemberLookup) -> StoreResult<i64> {
    Ok(select!(conn, enterprise, lookup, |connection, query| query.count().get_result(connection))?)
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

/// Returns the accounts that a person owns as an active member, in the order of their rows.
pub fn owned_by(conn: &mut Conn, person: PersonPk, limit: i64) -> StoreResult<Vec<AccountPk>> {
    Ok(on!(conn, connection => members::table
        .inner_join(claims::table)
        .filter(claims::user_pk.eq(person))
        .filter(members::active.eq(true))
        .filter(members::role.eq(Role::Owner))
        .order(members::enterprise_pk)
        .limit(limit)
        .select(members::enterprise_pk)
        .load(connection))?)
}

/// An active owner or co-owner.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct ResponsibleRow {
    /// The display name, if there is one.
    pub display_name: Option<String>,
    /// The SCIM user name.
    pub user_name: String,
    /// The address to which mail for the member goes, if it has one.
    pub email: Option<String>,
    /// The role.
    pub role: Role,
}

impl ResponsibleRow {
    /// Returns the name to call the member by.
    pub fn name(&self) -> &str {
        self.display_name.as_deref().unwrap_or(&self.user_name)
    }

    /// Returns name and address as a part of a sentence.
    pub fn in_words(&self) -> String {
        match &self.email {
            Some(email) if email != self.name() => format!("{} ({email})", self.name()),
            _ => self.name().to_owned(),
        }
    }
}

/// Matches owners and co-owners. A literal, because the partial index of them is used only if the
/// statement names the roles.
fn is_responsible() -> SqlLiteral<Bool> {
    sql("members.role IN ('owner', 'co-owner')")
}

/// Returns up to `limit` active owners, or co-owners, in the order in which they joined.
pub fn responsible(
    conn: &mut Conn,
    enterprise: AccountPk,
    role: Role,
    limit: i64,
) -> StoreResult<Vec<ResponsibleRow>> {
    Ok(on!(conn, connection => members::table
        .filter(members::enterprise_pk.eq(enterprise))
        .filter(is_responsible())
        .filter(members::role.eq(role))
        .filter(members::active.eq(true))
        .order(members::pk)
        .limit(limit)
        .select((members::display_name, members::user_name, members::email, members::role))
        .load(connection))?)
}

/// Returns the addresses of the account's active owners and co-owners with one of these roles.
pub fn addresses_of(
    conn: &mut Conn,
    enterprise: AccountPk,
    roles: &[Role],
) -> StoreResult<Vec<String>> {
    Ok(on!(conn, connection => members::table
        .filter(members::enterprise_pk.eq(enterprise))
        .filter(is_responsible())
        .filter(members::active.eq(true))
        .filter(members::role.eq_any(roles))
        .filter(members::email.is_not_null())
        .order(members::pk)
        .select(members::email.assume_not_null())
        .load(connection))?)
}

/// Visits the addresses of the account's active members, in the order of their rows.
pub fn visit_active_addresses(
    conn: &mut Conn,
    enterprise: AccountPk,
    mut visit: impl FnMut(&str),
) -> StoreResult<()> {
    const AT_ONCE: i64 = 1000;
    let mut after = MemberPk(0);
    loop {
        let page: Vec<(MemberPk, Option<String>)> = on!(conn, connection => members::table
            .filter(members::enterprise_pk.eq(enterprise))
            .filter(members::pk.gt(after))
            .filter(members::active.eq(true))
            .order(members::pk)
            .limit(AT_ONCE)
            .select((members::pk, members::email))
            .load(connection))?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = *last;
        page.iter().filter_map(|(_, email)| email.as_deref()).for_each(&mut visit);
    }
}
