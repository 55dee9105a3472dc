//! Organizations and their direct members.

use diesel::prelude::*;

use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::search;
use super::tables::{
    invitation_organizations, organization_members, organization_storage_control, organizations,
    team_organizations,
};
use crate::enterprise::search::{Findable, Terms};
use crate::enterprise::{AccountPk, MemberPk, OrganizationPk, TeamRole, Timestamp, id, name};

/// An organization as stored in the database.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = organizations)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct OrganizationRow {
    pub pk: OrganizationPk,
    pub id: String,
    pub name: String,
    pub created_at: Timestamp,
}

/// Inserts an organization.
///
/// # Errors
/// Fails if the name is taken.
pub fn insert(
    conn: &mut Conn,
    enterprise: AccountPk,
    organization: &str,
    now: Timestamp,
) -> StoreResult<OrganizationRow> {
    let row: OrganizationRow = on!(conn, connection => diesel::insert_into(organizations::table)
        .values((
            organizations::id.eq(id::organization()),
            organizations::enterprise_pk.eq(enterprise),
            organizations::name.eq(organization),
            organizations::name_key.eq(name::key(organization)),
            organizations::created_at.eq(now),
        ))
        .returning(OrganizationRow::as_returning())
        .get_result(connection))?;
    let terms = Terms::of_name(&row.name);
    search::insert(conn, enterprise, Findable::Organization, row.pk.0, &terms)?;
    Ok(row)
}

/// Returns the account's organization with this id.
pub fn by_id(
    conn: &mut Conn,
    enterprise: AccountPk,
    id: &str,
) -> StoreResult<Option<OrganizationRow>> {
    if !storable(id) {
        return Ok(None);
    }
    Ok(on!(conn, connection => organizations::table
        .filter(organizations::id.eq(id))
        .filter(organizations::enterprise_pk.eq(enterprise))
        .select(OrganizationRow::as_select())
        .first(connection)
        .optional())?)
}

/// Returns `true` if the account has an organization with this name, ignoring case.
pub fn name_taken(conn: &mut Conn, enterprise: AccountPk, organization: &str) -> StoreResult<bool> {
    Ok(on!(conn, connection => diesel::select(diesel::dsl::exists(
        organizations::table
            .filter(organizations::enterprise_pk.eq(enterprise))
            .filter(organizations::name_key.eq(name::key(organization)))
    ))
    .get_result(connection))?)
}

/// Returns the account's organizations after row `after`, in order of creation.
pub fn find(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<OrganizationRow>> {
    Ok(on!(conn, connection => organizations::table
        .filter(organizations::enterprise_pk.eq(enterprise))
        .filter(organizations::pk.gt(after))
        .order(organizations::pk)
        .limit(limit)
        .select(OrganizationRow::as_select())
        .load(connection))?)
}

/// Returns those of these organizations that belong to the account, in order of creation.
pub fn by_pks(
    conn: &mut Conn,
    enterprise: AccountPk,
    pks: &[OrganizationPk],
) -> StoreResult<Vec<OrganizationRow>> {
    Ok(on!(conn, connection => organizations::table
        .filter(organizations::pk.eq_any(pks))
        .filter(organizations::enterprise_pk.eq(enterprise))
        .order(organizations::pk)
        .select(OrganizationRow::as_select())
        .load(connection))?)
}

/// Adds a member to an organization directly, or changes its role there.
pub fn put_member(
    conn: &mut Conn,
    organization: OrganizationPk,
    member: MemberPk,
    role: TeamRole,
) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(organization_members::table)
        .values((
            organization_members::organization_pk.eq(organization),
            organization_members::member_pk.eq(member),
            organization_members::role.eq(role),
        ))
        .on_conflict((
            organization_members::organization_pk,
            organization_members::member_pk,
        ))
        .do_update()
        .set(organization_members::role.eq(role))
        .execute(connection))?;
    Ok(())
}

/// Returns the role of a direct member of an organization, or `None` if it is not one.
pub fn direct_role(
    conn: &mut Conn,
    organization: OrganizationPk,
    member: MemberPk,
) -> StoreResult<Option<TeamRole>> {
    Ok(on!(conn, connection => organization_members::table
        .filter(organization_members::organization_pk.eq(organization))
        .filter(organization_members::member_pk.eq(member))
        .select(organization_members::role)
        .first(connection)
        .optional())?)
}

/// Ends the direct membership of a member in an organization.
pub fn remove_member(
    conn: &mut Conn,
    organization: OrganizationPk,
    member: MemberPk,
) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(organization_members::table)
        .filter(organization_members::organization_pk.eq(organization))
        .filter(organization_members::member_pk.eq(member))
        .execute(connection))?;
    Ok(())
}

/// Counts the account's organizations.
pub fn count(conn: &mut Conn, enterprise: AccountPk) -> StoreResult<i64> {
    Ok(on!(conn, connection => organizations::table
        .filter(organizations::enterprise_pk.eq(enterprise))
        .count()
        .get_result(connection))?)
}

/// Renames an organization. A key that stays the same is not written: it may be one that keeps two
/// organizations with equal names apart.
///
/// # Errors
/// Fails if the name is taken.
pub fn rename(
    conn: &mut Conn,
    row: &OrganizationRow,
    organization: &str,
) -> StoreResult<OrganizationRow> {
    let key = name::key(organization);
    let other_key = (key != name::key(&row.name)).then(|| organizations::name_key.eq(key));
    let (enterprise, renamed): (AccountPk, OrganizationRow) = on!(conn, connection =>
        diesel::update(organizations::table)
            .filter(organizations::pk.eq(row.pk))
            .set((organizations::name.eq(organization), other_key))
            .returning((organizations::enterprise_pk, OrganizationRow::as_returning()))
            .get_result(connection))?;
    let terms = (&Terms::of_name(&row.name), &Terms::of_name(&renamed.name));
    search::change(conn, enterprise, Findable::Organization, row.pk.0, terms)?;
    Ok(renamed)
}

/// Deletes an organization with its links, its direct members and its place in invitations.
pub fn delete(conn: &mut Conn, pk: OrganizationPk) -> StoreResult<()> {
    let gone: Option<(AccountPk, String)> = on!(conn, connection =>
        diesel::delete(organizations::table)
            .filter(organizations::pk.eq(pk))
            .returning((organizations::enterprise_pk, organizations::name))
            .get_result(connection)
            .optional())?;
    let Some((enterprise, name)) = gone else { return Ok(()) };
    search::remove(conn, enterprise, Findable::Organization, pk.0, &Terms::of_name(&name))
}

/// Moves an organization to another account. Its ties to the previous one end: links to teams,
/// members, the storage rule.
///
/// # Errors
/// Fails if the name is taken in that account.
pub fn hand_over(conn: &mut Conn, pk: OrganizationPk, enterprise: AccountPk) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(organization_members::table)
        .filter(organization_members::organization_pk.eq(pk))
        .execute(connection))?;
    on!(conn, connection => diesel::delete(team_organizations::table)
        .filter(team_organizations::organization_pk.eq(pk))
        .execute(connection))?;
    on!(conn, connection => diesel::delete(invitation_organizations::table)
        .filter(invitation_organizations::organization_pk.eq(pk))
        .execute(connection))?;
    on!(conn, connection => diesel::delete(organization_storage_control::table)
        .filter(organization_storage_control::organization_pk.eq(pk))
        .execute(connection))?;
    let (from, name): (AccountPk, String) = on!(conn, connection => organizations::table
        .filter(organizations::pk.eq(pk))
        .select((organizations::enterprise_pk, organizations::name))
        .first(connection))?;
    on!(conn, connection => diesel::update(organizations::table)
        .filter(organizations::pk.eq(pk))
        .set(organizations::enterprise_pk.eq(enterprise))
        .execute(connection))?;
    let terms = Terms::of_name(&name);
    search::remove(conn, from, Findable::Organization, pk.0, &terms)?;
    search::insert(conn, enterprise, Findable::Organization, pk.0, &terms)
}
