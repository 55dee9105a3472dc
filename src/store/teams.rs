//! Teams: rows, look-ups and writes.

use diesel::prelude::*;

use super::cached_statement::{cached, cached_if_single};
use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::search;
use super::tables::{members, team_members, teams};
use crate::enterprise::search::{Findable, Terms};
use crate::enterprise::{AccountPk, TeamPk, TeamRole, TeamSource, Timestamp, id, name};

/// A team as stored in the database.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable)]
#[diesel(table_name = teams)]
#[allow(missing_docs)] // the columns are documented in the migrations
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
    pub group_created_at: Option<Timestamp>,
}

impl TeamRow {
    /// Returns when the SCIM Group was made that the team is.
    pub fn known_since(&self) -> Timestamp {
        self.group_created_at.unwrap_or(self.created_at)
    }
}

/// The values that are written when the identity provider creates or changes a team.
#[derive(Clone, Debug, PartialEq)]
pub struct TeamValues {
    /// `displayName`.
    pub name: String,
    /// The description for administrators.
    pub description: String,
    /// Who manages the team.
    pub source: TeamSource,
    /// Whether the identity provider has released the team, so that SCIM no longer shows it.
    pub released: bool,
    /// `externalId`.
    pub external_id: Option<String>,
    /// The rest of the SCIM resource as JSON.
    pub document: String,
}

/// A condition by which teams that SCIM shows are looked up.
#[derive(Clone, Debug, PartialEq)]
pub enum TeamLookup {
    /// All teams of the account.
    All,
    /// SCIM `id`.
    Id(String),
    /// The folded `displayName`.
    Name(String),
    /// `externalId`.
    ExternalId(String),
    /// Teams with the member with this id.
    Member(String),
    /// The team with this SCIM `id`, if it has the member with this id.
    IdWithMember(String, String),
}

/// Selects the rows of the teams that have the member with this id.
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

/// Returns the account's team with this id.
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

/// Returns the account's team that SCIM shows as the Group with this id.
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

/// Returns the account's team with this name, ignoring case, whether SCIM shows it or not.
pub fn by_name(conn: &mut Conn, enterprise: AccountPk, team: &str) -> StoreResult<Option<TeamRow>> {
    Ok(on!(conn, connection => teams::table
        .filter(teams::enterprise_pk.eq(enterprise))
        .filter(teams::name_key.eq(name::key(team)))
        .select(TeamRow::as_select())
        .get_result(connection)
        .optional())?)
}

/// Returns all teams of the account after row `after`, in order of creation, for administrators.
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

/// Returns those of these teams that belong to the account, in directory order.
pub fn by_pks(conn: &mut Conn, enterprise: AccountPk, pks: &[TeamPk]) -> StoreResult<Vec<TeamRow>> {
    Ok(on!(conn, connection => teams::table
        .filter(teams::pk.eq_any(pks))
        .filter(teams::enterprise_pk.eq(enterprise))
        .order(teams::pk)
        .select(TeamRow::as_select())
        .load(connection))?)
}

/// Returns matching teams after row `after`, in directory order (the order of creation).
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

/// Returns matching teams from position `offset` on, in directory order.
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

/// Counts the matching teams.
pub fn count(conn: &mut Conn, enterprise: AccountPk, lookup: &TeamLookup) -> StoreResult<i64> {
    Ok(select!(conn, enterprise, lookup, |connection, query| query.count().get_result(connection))?)
}

/// Inserts a team.
///
/// # Errors
/// Fails if the name is taken.
pub fn insert(
    conn: &mut Conn,
    enterprise: AccountPk,
    values: &TeamValues,
    role: TeamRole,
    now: Timestamp,
) -> StoreResult<TeamRow> {
    insert_as(conn, enterprise, &id::team(), values, role, (1, now), now)
}

/// Inserts a team that the identity provider already knows, with its id, version and date of
/// creation.
///
/// # Errors
/// Fails if the name is taken.
pub fn insert_as(
    conn: &mut Conn,
    enterprise: AccountPk,
    id: &str,
    values: &TeamValues,
    role: TeamRole,
    (version, created_at): (i64, Timestamp),
    now: Timestamp,
) -> StoreResult<TeamRow> {
    let row: TeamRow = on!(conn, connection => diesel::insert_into(teams::table)
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
        .get_result(connection))?;
    search::insert(conn, enterprise, Findable::Team, row.pk.0, &Terms::of_name(&row.name))?;
    Ok(row)
}

/// Stores the search terms of a team that was renamed.
fn rename_terms(conn: &mut Conn, before: &TeamRow, after: &TeamRow) -> StoreResult<()> {
    let terms = (&Terms::of_name(&before.name), &Terms::of_name(&after.name));
    search::change(conn, before.enterprise_pk, Findable::Team, before.pk.0, terms)
}

/// Returns the key of a team's new name if it differs. A key that stays the same is not written: it
/// may be one that keeps two teams with equal names apart.
fn other_key(row: &TeamRow, name: &str) -> Option<String> {
    let key = name::key(name);
    (key != name::key(&row.name)).then_some(key)
}

/// Updates a team, increments its version and adds `more` to its number of members.
///
/// # Errors
/// Fails if the name is taken.
pub fn update(
    conn: &mut Conn,
    row: &TeamRow,
    values: &TeamValues,
    members_more: i64,
    now: Timestamp,
) -> StoreResult<TeamRow> {
    let changed = (
        teams::description.eq(&values.description),
        // SQLite updates every index on a column that is set, even if the value stays the same.
        (values.source != row.source).then(|| teams::source.eq(values.source)),
        teams::released.eq(values.released),
        teams::document.eq(&values.document),
        teams::member_count.eq(teams::member_count + members_more),
        teams::version.eq(row.version + 1),
        teams::modified_at.eq(now),
    );
    if values.name == row.name && values.external_id == row.external_id {
        return Ok(on!(conn, connection => cached(diesel::update(teams::table)
            .filter(teams::pk.eq(row.pk))
            .set(changed)
            .returning(TeamRow::as_returning()))
            .get_result(connection))?);
    }
    let renamed: TeamRow = on!(conn, connection => cached(diesel::update(teams::table)
        .filter(teams::pk.eq(row.pk))
        .set((
            changed,
            teams::name.eq(&values.name),
            other_key(row, &values.name).map(|key| teams::name_key.eq(key)),
            teams::external_id.eq(&values.external_id),
        ))
        .returning(TeamRow::as_returning()))
        .get_result(connection))?;
    rename_terms(conn, row, &renamed)?;
    Ok(renamed)
}

/// Updates what administrators can change of a team and increments its version.
///
/// # Errors
/// Fails if the name is taken.
pub fn administer(
    conn: &mut Conn,
    row: &TeamRow,
    team: &str,
    description: &str,
    role: TeamRole,
    now: Timestamp,
) -> StoreResult<TeamRow> {
    let changed: TeamRow = on!(conn, connection => diesel::update(teams::table)
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
        .get_result(connection))?;
    rename_terms(conn, row, &changed)?;
    Ok(changed)
}

/// What a team that an administrator links to a SCIM Group keeps of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linked<'a> {
    /// The name that the team had before.
    pub from: &'a str,
    /// When the group was made.
    pub group_created_at: Timestamp,
}

/// Links the team to the SCIM Group with this id, or gives it back its own id.
pub fn set_scim_id(
    conn: &mut Conn,
    team: TeamPk,
    scim_id: &str,
    linked: Option<Linked<'_>>,
) -> StoreResult<()> {
    on!(conn, connection => diesel::update(teams::table)
        .filter(teams::pk.eq(team))
        .set((
            teams::scim_id.eq(scim_id),
            teams::linked_from.eq(linked.map(|linked| linked.from)),
            teams::group_created_at.eq(linked.map(|linked| linked.group_created_at)),
        ))
        .execute(connection))?;
    Ok(())
}

/// Adds `more` to the number of members of these teams.
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
    let gone: Option<(AccountPk, String)> = on!(conn, connection => diesel::delete(teams::table)
        .filter(teams::pk.eq(pk))
        .returning((teams::enterprise_pk, teams::name))
        .get_result(connection)
        .optional())?;
    match gone {
        Some((enterprise, name)) => {
            search::remove(conn, enterprise, Findable::Team, pk.0, &Terms::of_name(&name))
        }
        None => Ok(()),
    }
}
