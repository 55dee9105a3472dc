//! Invite control: the account's rule, the rules of organizations that have their own, and the
//! members and invitations that a rule change is checked against.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::invitations::is_pending;
use super::tables::{enterprises, invitations, members, organizations};
use crate::enterprise::invite_control::{InviteControl, InviteRule};
use crate::enterprise::{
    AccountPk, InvitationPk, MemberPk, MemberSource, OrganizationPk, Role, Timestamp,
};

fn control(rule: InviteRule, domains: &str) -> InviteControl {
    InviteControl { rule, domains: domains.split_whitespace().map(str::to_owned).collect() }
}

/// Returns the account's rule.
pub fn of_account(conn: &mut Conn, enterprise: AccountPk) -> StoreResult<InviteControl> {
    let (rule, domains): (InviteRule, String) = on!(conn, connection => enterprises::table
        .filter(enterprises::pk.eq(enterprise))
        .select((enterprises::invite_rule, enterprises::invite_domains))
        .first(connection))?;
    Ok(control(rule, &domains))
}

/// Sets the account's rule.
pub fn set_account(
    conn: &mut Conn,
    enterprise: AccountPk,
    control: &InviteControl,
) -> StoreResult<()> {
    on!(conn, connection => diesel::update(enterprises::table)
        .filter(enterprises::pk.eq(enterprise))
        .set((
            enterprises::invite_rule.eq(control.rule),
            enterprises::invite_domains.eq(control.domains.join(" ")),
        ))
        .execute(connection))?;
    Ok(())
}

/// Returns the rule of an organization's own, if it has one.
pub fn of_organization(
    conn: &mut Conn,
    organization: OrganizationPk,
) -> StoreResult<Option<InviteControl>> {
    let (rule, domains): (Option<InviteRule>, String) = on!(conn, connection => organizations::table
        .filter(organizations::pk.eq(organization))
        .select((organizations::invite_rule, organizations::invite_domains))
        .first(connection))?;
    Ok(rule.map(|rule| control(rule, &domains)))
}

/// Gives an organization a rule of its own, or removes it.
pub fn set_organization(
    conn: &mut Conn,
    organization: OrganizationPk,
    control: Option<&InviteControl>,
) -> StoreResult<()> {
    let rule = control.map(|control| control.rule);
    let domains = control.map(|control| control.domains.join(" ")).unwrap_or_default();
    on!(conn, connection => diesel::update(organizations::table)
        .filter(organizations::pk.eq(organization))
        .set((organizations::invite_rule.eq(rule), organizations::invite_domains.eq(domains)))
        .execute(connection))?;
    Ok(())
}

/// An organization with a rule of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnControl {
    /// The organization's row.
    pub pk: OrganizationPk,
    /// The organization's id.
    pub id: String,
    /// The organization's name.
    pub name: String,
    /// The organization's own rule.
    pub control: InviteControl,
}

/// Returns organizations with a rule of their own, after row `after`, in order of creation.
pub fn organizations_with_own(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<OwnControl>> {
    let rows: Vec<(OrganizationPk, String, String, InviteRule, String)> = on!(conn, connection => organizations::table
            .filter(organizations::enterprise_pk.eq(enterprise))
            .filter(organizations::invite_rule.is_not_null())
            .filter(organizations::pk.gt(after))
            .order(organizations::pk)
            .limit(limit)
            .select((
                organizations::pk,
                organizations::id,
                organizations::name,
                organizations::invite_rule.assume_not_null(),
                organizations::invite_domains,
            ))
            .load(connection))?;
    let own = rows
        .into_iter()
        .map(|(pk, id, name, rule, domains)| OwnControl {
            pk,
            id,
            name,
            control: control(rule, &domains),
        })
        .collect();
    Ok(own)
}

/// A member as checked against a rule.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct ControlledMember {
    /// The member's row.
    pub pk: MemberPk,
    /// The member's id.
    pub id: String,
    /// The member's address.
    pub email: String,
    /// The member's role in the account.
    pub role: Role,
    /// Where the member comes from.
    pub source: MemberSource,
}

/// Returns active members that have an address, after row `after`, in directory order.
pub fn members(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<ControlledMember>> {
    Ok(on!(conn, connection => members::table
        .filter(members::enterprise_pk.eq(enterprise))
        .filter(members::email.is_not_null())
        .filter(members::active.eq(true))
        .filter(members::pk.gt(after))
        .order(members::pk)
        .limit(limit)
        .select((
            members::pk,
            members::id,
            members::email.assume_not_null(),
            members::role,
            members::source,
        ))
        .load(connection))?)
}

/// Returns pending invitations after row `after`, in order of creation: row, id, address, expiry.
pub fn pending(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<(InvitationPk, String, String, Timestamp)>> {
    Ok(on!(conn, connection => invitations::table
        .filter(invitations::enterprise_pk.eq(enterprise))
        .filter(is_pending())
        .filter(invitations::pk.gt(after))
        .order(invitations::pk)
        .limit(limit)
        .select((invitations::pk, invitations::id, invitations::email, invitations::expires_at))
        .load(connection))?)
}
