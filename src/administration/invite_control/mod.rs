//! Invite control (DOMAIN.md §4): who may be invited, for the account and for organizations that
//! differ from it; and who does not comply.
//!
//! It binds invitations to organizations and to teams. An owner or co-owner who adds a member by
//! hand (`POST /members`) decides about the person itself, and provisioning is bound only where an
//! administrator has switched that on (DOMAIN.md §7).

mod compliance;

use serde_json::{Value, json};

use super::{AdministrationError, Page, organizations};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::invite_control::{Controls, InviteControl, InviteRule, Override};
use crate::enterprise::{AccountPk, TeamPk};
use crate::store::invite_control::{self, OwnControl};
use crate::store::{Conn, StoreResult, Transaction, audit, domains, enterprises, team_links};

pub use compliance::{Kind, NonCompliant, Preview, non_compliant, preview};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Rules of organizations that are read at once.
const PAGE: i64 = 500;

/// All rules of an account.
pub fn load(conn: &mut Conn, enterprise: AccountPk) -> StoreResult<Controls> {
    let account = invite_control::of_account(conn, enterprise)?;
    let mut organizations = std::collections::HashMap::new();
    let mut after = 0;
    loop {
        let page = invite_control::organizations_with_own(conn, enterprise, after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = last.pk.0;
        for own in page {
            organizations.insert(own.id, Override { name: own.name, control: own.control });
        }
    }
    let verified = domains::of_enterprise(conn, enterprise)?.into_iter().collect();
    Ok(Controls { account, organizations, verified })
}

/// Ids of the organizations that the members of a team reach through it.
pub fn reach_of_team(conn: &mut Conn, team: TeamPk) -> StoreResult<Vec<String>> {
    Ok(team_links::of_teams(conn, &[team])?.into_iter().map(|(_, id, _)| id).collect())
}

/// A rule out of what an administrator says.
///
/// # Errors
/// Where rule and list do not go together, or a domain is none.
pub fn checked(rule: InviteRule, domains: &[String]) -> Result<InviteControl> {
    InviteControl::new(rule, domains).map_err(|reason| AdministrationError::InvalidValue {
        field: "domains",
        reason: reason.to_string(),
    })
}

/// The account's rule.
pub fn of_account(conn: &mut Conn, enterprise: AccountPk) -> Result<InviteControl> {
    Ok(invite_control::of_account(conn, enterprise)?)
}

/// Changes the account's rule. Who is there stays, and who is invited may accept only what the rule
/// allows then.
pub fn set_account(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    control: &InviteControl,
) -> Result<()> {
    let before = invite_control::of_account(transaction, enterprise)?;
    invite_control::set_account(transaction, enterprise, control)?;
    let account = enterprises::get(transaction, enterprise)?;
    let target = Target::new("account", account.id, account.name);
    let change = Change::changed("invite_control.changed", target, shown(&before), shown(control));
    Ok(audit::record(transaction, enterprise, &change)?)
}

/// The rules of organizations that differ from the account's, in order of creation.
pub fn list_own(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> Result<Page<OwnControl>> {
    let rows = invite_control::organizations_with_own(conn, enterprise, after, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.pk.0))
}

/// The rule that holds in an organization, and whether it is its own.
///
/// # Errors
/// Where there is no such organization.
pub fn of_organization(
    conn: &mut Conn,
    enterprise: AccountPk,
    id: &str,
) -> Result<(InviteControl, bool)> {
    let organization = organizations::require(conn, enterprise, id)?;
    match invite_control::of_organization(conn, organization.pk)? {
        Some(own) => Ok((own, true)),
        None => Ok((invite_control::of_account(conn, enterprise)?, false)),
    }
}

/// Gives an organization a rule of its own, or, with none, the account's again.
///
/// # Errors
/// Where there is no such organization.
pub fn set_organization(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    control: Option<&InviteControl>,
) -> Result<()> {
    let organization = organizations::require(transaction, enterprise, id)?;
    let before = invite_control::of_organization(transaction, organization.pk)?;
    invite_control::set_organization(transaction, organization.pk, control)?;
    let change = Change::changed(
        "invite_control.changed",
        Target::new("organization", organization.id, organization.name),
        before.as_ref().map_or(Value::Null, shown),
        control.map_or(Value::Null, shown),
    );
    Ok(audit::record(transaction, enterprise, &change)?)
}

fn shown(control: &InviteControl) -> Value {
    json!({"rule": control.rule, "domains": control.domains})
}
