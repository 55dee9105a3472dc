//! Teams: rows, look-ups and writes.

use diesel::prelude::*;

use super::cached_statement::{cached, cached_if_single};
use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::tables::{members, team_members, teams};
use crate::enterprise::{AccountPk, TeamPk, TeamRole, TeamSource, Timestamp, id, name};

/// A team as stored.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable)]
#[diesel(table_name = teams)]
#[allow(missing_docs)] // the columns are documented where they are made
pub struct TeamRow {
    pub pk: TeamPk,
    pub id: String,
    pub scim_id: String,
    pub enterprise_pk: AccountPk,
    pub name: String,
    pub linked_from: Option<String>,
    pub description: String,
    pub role: TeamRole,
    pub source: TeamSource,
    pub released: bool,
    pub external_id: Option<String>,
    pub document: String,
    pub member_count: i64,
    pub version: i64,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
}

/// What is written of a team, at creation and at each change by the identity provider.
#[derive(Clone, Debug, PartialEq)]
pub struct TeamValues {
    /// `displayName`.
    pub name: String,
    /// The description.
    pub description: String,
    /// Who keeps it.
    pub source: TeamSource,
    /// Given back by the identity provider; SCIM no longer shows it.
    pub released: bool,
    /// `externalId`.
    pub external_id: Option<String>,
    /// The rest of the resource as JSON.
    pub document: String,
}

/// What teams that SCIM shows are looked up by.
#[derive(Clone, Debug, PartialEq)]
pub enum TeamLookup {
    /// All of the account.
    All,
    /// SCIM `id`.
    Id(String),
    /// Folded `displayName`.
    Name(String),
    /// `externalId`.
    ExternalId(String),
    /// Having the member with this id.
    Member(String),
    /// SCIM `id`, if it has the member with this id.
    IdWithMember(String, String),
}

/// The rows of the teams that have the member with this id.
macro_rules! having {
    ($enterprise:expr, $member:expr) => {
        team_members::table
            .inner_join(members::table)
            .filter(members::enterprise_pk.eq($enterprise))
            .filter(members::id.eq($member))
            .select(team_members::team_pk)
    };
}

/// Runs the body with `$query` bound to the look-up's query on `teams`, boxed for the backend.
macro_rules! select {
    ($conn:expr, $enterprise:expr, $lookup:expr, |$connection:ident, $query:ident| $body:expr) => {
        on!($conn, $connection => {
            let $query = teams::table
                .filter(teams::enterprise_pk.eq($enterprise))
                .filter(teams::released.eq(false))
                .into_boxed();
            let $query = match $lookup {
                TeamLookup::All => $query,
                TeamLookup::Id(id) => $query.filter(teams::scim_id.eq(id)),
                TeamLookup::Name(key) => $query.filter(teams::name_key.eq(key)),
                TeamLookup::ExternalId(value) => $query.filter(teams::external_id.eq(value)),
                TeamLookup::Member(id) => $query.filter(teams::pk.eq_any(having!($enterprise, id))),
                TeamLookup::IdWithMember(id, member) => $query
                    .filter(teams::scim_id.eq(id))
                    .filter(teams::pk.eq_any(having!($enterprise, member))),
            };
            $body
        })
    };
}

/// The team of this account with this id.
pub fn by_id(conn: &mut Conn, enterprise: AccountPk, id: &str) -> StoreResult<Option<TeamRow>> {
    if !storable(id) {
        return Ok(None);
    }
    Ok(on!(conn, connection => teams::table
        .filter(teams::id.eq(id))
        .filter(teams::enterprise_pk.eq(enterprise))
        .select(TeamRow::as_select())
        .get_result(connection)
        .optional())?)
}

/// The team of this account that is the SCIM Group with this id.
pub fn by_scim_id(
    conn: &mut Conn,
    enterprise: AccountPk,
    id: &str,
) -> StoreResult<Option<TeamRow>> {
    if !storable(id) {
        return Ok(None);
    }
    Ok(on!(conn, connection => teams::table
        .filter(teams::scim_id.eq(id))
        .filter(teams::enterprise_pk.eq(enterprise))
        .filter(teams::released.eq(false))
        .select(TeamRow::as_select())
        .get_result(connection)
        .optional())?)
}

/// The team of this account with this name, in any letter case, whether SCIM shows it or not.
pub fn by_name(conn: &mut Conn, enterprise: AccountPk, team: &str) -> StoreResult<Option<TeamRow>> {
    Ok(on!(conn, connection => teams::table
        .filter(teams::enterprise_pk.eq(enterprise))
        .filter(teams::name_key.eq(name::key(team)))
        .select(TeamRow::as_select())
        .get_result(connection)
        .optional())?)
}

/// All teams of the account after row `after`, in order of creation, for administrators.
pub fn all(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<TeamRow>> {
    Ok(on!(conn, connection => teams::table
        .filter(teams::enterprise_pk.eq(enterprise))
        .filter(teams::pk.gt(after))
        .order(teams::pk)
        .limit(limit)
        .select(TeamRow::as_select())
        .load(connection))?)
}

/// The rows of these teams that are the account's, in directory order.
pub fn by_pks(conn: &mut Conn, enterprise: AccountPk, pks: &[TeamPk]) -> StoreResult<Vec<TeamRow>> {
    Ok(on!(conn, connection => teams::table
        .filter(teams::pk.eq_any(pks))
        .filter(teams::enterprise_pk.eq(enterprise))
        .order(teams::pk)
        .select(TeamRow::as_select())
        .load(connection))?)
}

/// Teams that match, after row `after`, in directory order (the order of creation).
pub fn find(
    conn: &mut Conn,
    enterprise: AccountPk,
    lookup: &TeamLookup,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<TeamRow>> {
    Ok(select!(conn, enterprise, lookup, |connection, query| query
        .filter(teams::pk.gt(after))
        .order(teams::pk)
        .limit(limit)
        .select(TeamRow::as_select())
        .load(connection))?)
}

/// Teams that match, from position `offset` on, in directory order.
pub fn page(
    conn: &mut Conn,
    enterprise: AccountPk,
    lookup: &TeamLookup,
    offset: i64,
    limit: i64,
) -> StoreResult<Vec<TeamRow>> {
    Ok(select!(conn, enterprise, lookup, |connection, query| query
        .order(teams::pk)
        .offset(offset)
        .limit(limit)
        .select(TeamRow::as_select())
        .load(connection))?)
}

/// How many teams match.
pub fn count(conn: &mut Conn, enterprise: AccountPk, lookup: &TeamLookup) -> StoreResult<i64> {
    Ok(select!(conn, enterprise, lookup, |connection, query| query.count().get_result(connection))?)
}

/// Makes a team.
///
/// # Errors
/// The database's, among them that the name is taken.
pub fn insert(
    conn: &mut Conn,
    enterprise: AccountPk,
    values: &TeamValues,
    role: TeamRole,
    now: Timestamp,
) -> StoreResult<TeamRow> {
    insert_as(conn, enterprise, &id::team(), values, role, (1, now), now)
}

/// Makes a team that the identity provider knows already: by this id, in this version, since then.
///
/// # Errors
/// The database's, among them that the name is taken.
pub fn insert_as(
    conn: &mut Conn,
    enterprise: AccountPk,
    id: &str,
    values: &TeamValues,
    role: TeamRole,
    (version, created_at): (i64, Timestamp),
    now: Timestamp,
) -> StoreResult<TeamRow> {
    Ok(on!(conn, connection => diesel::insert_into(teams::table)
        .values((
            teams::id.eq(id),
            teams::scim_id.eq(id),
            teams::enterprise_pk.eq(enterprise),
            teams::name.eq(&values.name),
            teams::name_key.eq(name::key(&values.name)),
            teams::description.eq(&values.description),
            teams::role.eq(role),
            teams::source.eq(values.source),
            teams::released.eq(values.released),
            teams::external_id.eq(&values.external_id),
            teams::document.eq(&values.document),
            teams::member_count.eq(0_i64),
            teams::version.eq(version),
            teams::created_at.eq(created_at),
            teams::modified_at.eq(now),
        ))
        .returning(TeamRow::as_returning())
        .get_result(connection))?)
}

/// The key of a team's new name, if it is another one. A key that stays is not written: it may be
/// one that keeps two teams of one name apart.
fn other_key(row: &TeamRow, name: &str) -> Option<String> {
    let key = name::key(name);
    (key != name::key(&row.name)).then_some(key)
}

/// Writes a changed team under the next version, with this many members more (or fewer).
///
/// # Errors
/// The database's, among them that the name is taken.
pub fn update(
    conn: &mut Conn,
    row: &TeamRow,
    values: &TeamValues,
    members_more: i64,
    now: Timestamp,
) -> StoreResult<TeamRow> {
    let changed = (
        teams::description.eq(&values.description),
        teams::source.eq(values.source),
        teams::released.eq(values.released),
        teams::document.eq(&values.document),
        teams::member_count.eq(teams::member_count + members_more),
        teams::version.eq(row.version + 1),
        teams::modified_at.eq(now),
    );
    // SQLite writes every index on a column that is set, whether its value is another or not.
    if values.name == row.name && values.external_id == row.external_id {
        return Ok(on!(conn, connection => cached(diesel::update(teams::table)
            .filter(teams::pk.eq(row.pk))
            .set(changed)
            .returning(TeamRow::as_returning()))
            .get_result(connection))?);
    }
    Ok(on!(conn, connection => cached(diesel::update(teams::table)
        .filter(teams::pk.eq(row.pk))
        .set((
            changed,
            teams::name.eq(&values.name),
            other_key(row, &values.name).map(|key| teams::name_key.eq(key)),
            teams::external_id.eq(&values.external_id),
        ))
        .returning(TeamRow::as_returning()))
        .get_result(connection))?)
}

/// Writes what administrators say of a team, under the next version.
///
/// # Errors
/// The database's, among them that the name is taken.
pub fn administer(
    conn: &mut Conn,
    row: &TeamRow,
    team: &str,
    description: &str,
    role: TeamRole,
    now: Timestamp,
) -> StoreResult<TeamRow> {
    Ok(on!(conn, connection => diesel::update(teams::table)
        .filter(teams::pk.eq(row.pk))
        .set((
            teams::name.eq(team),
            other_key(row, team).map(|key| teams::name_key.eq(key)),
            teams::description.eq(description),
            teams::role.eq(role),
            teams::version.eq(row.version + 1),
            teams::modified_at.eq(now),
        ))
        .returning(TeamRow::as_returning())
        .get_result(connection))?)
}

/// Makes the team the SCIM Group with this id, or lets it be its own again. `linked_from` is the name
/// that it had before it was linked by hand.
pub fn set_scim_id(
    conn: &mut Conn,
    team: TeamPk,
    scim_id: &str,
    linked_from: Option<&str>,
) -> StoreResult<()> {
    on!(conn, connection => diesel::update(teams::table)
        .filter(teams::pk.eq(team))
        .set((teams::scim_id.eq(scim_id), teams::linked_from.eq(linked_from)))
        .execute(connection))?;
    Ok(())
}

/// Notes that these teams have each one member more (or fewer).
pub fn count_members(
    conn: &mut Conn,
    pks: &[TeamPk],
    more: i64,
    now: Timestamp,
) -> StoreResult<()> {
    if pks.is_empty() {
        return Ok(());
    }
    on!(conn, connection => cached_if_single(pks, diesel::update(teams::table)
        .filter(teams::pk.eq_any(pks))
        .set((
            teams::member_count.eq(teams::member_count + more),
            teams::version.eq(teams::version + 1),
            teams::modified_at.eq(now),
        )))
        .execute(connection))?;
    Ok(())
}

/// Deletes a team with its memberships and links.
pub fn delete(conn: &mut Conn, pk: TeamPk) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(teams::table)
        .filter(teams::pk.eq(pk))
        .execute(connection))?;
    Ok(())
}
