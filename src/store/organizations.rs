//! Organizations and who is in them directly.

use diesel::prelude::*;

use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::tables::{organization_members, organizations};
use crate::enterprise::{Timestamp, id, name};

/// An organization as stored.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = organizations)]
#[allow(missing_docs)] // the columns are documented where they are made
pub struct OrganizationRow {
    pub pk: i64,
    pub id: String,
    pub name: String,
    pub created_at: i64,
}

/// Makes an organization.
///
/// # Errors
/// The database's, among them that the name is taken.
pub fn insert(
    conn: &mut Conn,
    enterprise: i64,
    organization: &str,
    now: Timestamp,
) -> StoreResult<OrganizationRow> {
    Ok(on!(conn, connection => diesel::insert_into(organizations::table)
        .values((
            organizations::id.eq(id::organization()),
            organizations::enterprise_pk.eq(enterprise),
            organizations::name.eq(organization),
            organizations::name_key.eq(name::key(organization)),
            organizations::created_at.eq(now.0),
        ))
        .returning(OrganizationRow::as_returning())
        .get_result(connection))?)
}

/// The organization of this account with this id.
///
/// # Errors
/// The database's.
pub fn by_id(conn: &mut Conn, enterprise: i64, id: &str) -> StoreResult<Option<OrganizationRow>> {
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

/// Whether the account has an organization of this name, in any letter case.
///
/// # Errors
/// The database's.
pub fn name_taken(conn: &mut Conn, enterprise: i64, organization: &str) -> StoreResult<bool> {
    Ok(on!(conn, connection => diesel::select(diesel::dsl::exists(
        organizations::table
            .filter(organizations::enterprise_pk.eq(enterprise))
            .filter(organizations::name_key.eq(name::key(organization)))
    ))
    .get_result(connection))?)
}

/// Organizations after row `after`, in order of creation.
///
/// # Errors
/// The database's.
pub fn find(
    conn: &mut Conn,
    enterprise: i64,
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

/// Puts a member into an organization directly, or changes its role there.
///
/// # Errors
/// The database's.
pub fn put_member(conn: &mut Conn, organization: i64, member: i64, role: &str) -> StoreResult<()> {
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
