//! Who is responsible for an account: its active owners and co-owners.

use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::{claims, members};
use crate::enterprise::{AccountPk, PersonPk, Role};

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
pub fn of_account(
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
