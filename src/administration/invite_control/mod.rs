//! Invite control (docs/domain.md §4): rules of the account, and of organizations that override
//! them, for which addresses may be invited.
//!
//! The rules apply to invitations to organizations and teams. They do not apply to members that an
//! owner or co-owner adds manually (`POST /members`), and to provisioning only if an administrator
//! has enabled that (docs/domain.md §7).

mod compliance;

use serde_json::{Value, json};

use super::{AdministrationError, Page, organizations};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::invite_control::{Controls, InviteControl, InviteRule, Override};
use crate::enterprise::{AccountPk, TeamPk};
use crate::store::invite_control::{self, OwnControl};
use crate::store::{
    Conn, StoreResult, Transaction, audit, domains, enterprises, plans, team_links,
};

pub use compliance::{Kind, NonCompliant, Preview, non_compliant, preview};

type Result<T> = std::result::Result<T, AdministrationError>;

/// The number of organizations read by one query.
const PAGE: i64 = 500;

/// Loads all rules that apply in an account: none while its plan does not include invite control.
pub fn load(conn: &mut Conn, enterprise: AccountPk) -> StoreResult<Controls> {
    if !plans::get(conn, enterprise)?.plan.includes_advanced() {
        return Ok(Controls::none());
    }
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

/// Returns public ids of the organizations that a team gives its members access to.
pub fn reach_of_team(conn: &mut Conn, team: TeamPk) -> StoreResult<Vec<String>> {
    Ok(team_links::of_teams(conn, &[team])?.into_iter().map(|(_, id, _)| id).collect())
}

/// Validates the rule that an administrator entered.
///
/// # Errors
/// Fails if the rule and the list of domains do not fit together, or a domain is invalid.
pub fn checked(rule: InviteRule, domains: &[String]) -> Result<InviteControl> {
    InviteControl::new(rule, domains).map_err(|reason| AdministrationError::InvalidValue {
        field: "domains",
        reason: reason.to_string(),
    })
}

/// Returns the account's rule.
pub fn of_account(conn: &mut Conn, enterprise: AccountPk) -> Result<InviteControl> {
    Ok(invite_control::of_account(conn, enterprise)?)
}

/// Returns whether the rules also bind the members whom SCIM provisions.
pub fn binds_scim(conn: &mut Conn, enterprise: AccountPk) -> Result<bool> {
    Ok(enterprises::get(conn, enterprise)?.invite_control_binds_scim)
}

/// Changes the account's rule. Members stay; pending invitations can be accepted only as far as the
/// new rule allows them.
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

/// Lists the rules of organizations that override the account's, in order of creation.
pub fn list_own(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> Result<Page<OwnControl>> {
    let rows = invite_control::organizations_with_own(conn, enterprise, after, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.pk.0))
}

/// Returns the rule that applies to an organization, and whether it is the organization's own.
///
/// # Errors
/// Fails if the organization does not exist.
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

/// Sets an organization's own rule; `None` removes it, so that the account's rule applies.
///
/// # Errors
/// Fails if the organization does not exist.
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
