//! How far an account is with the first steps of the onboarding document. Nothing is ticked by hand:
//! each step is done when what it makes is there. The cost does not depend on the size of the account.

use super::connector::{self, ConnectorPage};
use super::{AdministrationError, domains as administered, plans, seats};
use crate::enterprise::connector::ConnectorStatus;
use crate::enterprise::sso::ConnectionState;
use crate::enterprise::{AccountPk, Timestamp};
use crate::store::{Conn, domains, organizations, sso_connections, storage, team_links, teams};

type Result<T> = std::result::Result<T, AdministrationError>;

/// The number of things that are looked at where one of many counts.
const FEW: i64 = 20;
/// The number of teams of which one must be linked.
const MOST_TEAMS: i64 = 500;

/// How far a step is of which there is more than done and not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It is done.
    Done,
    /// It was begun for these: names, in order of creation, the first of them.
    Begun(Vec<String>),
    /// Nothing is there.
    Open,
}

/// How far an account is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstSteps {
    /// Whether the plan is Enterprise or the trial, and active.
    pub plan: bool,
    /// Whether there is an organization beside the first one.
    pub organizations: bool,
    /// Whether a team is linked to an organization.
    pub teams: bool,
    /// Whether somebody else is a member or invited.
    pub people: bool,
    /// Whether a domain is verified, or which ones wait.
    pub domains: Progress,
    /// Whether single sign-on is on, or for which domains it was begun.
    pub sso: Progress,
    /// Whether identity providers are let in and one has come.
    pub scim: bool,
    /// SCIM as its page shows it.
    pub connector: ConnectorPage,
    /// Whether the rules of storage were set.
    pub storage: bool,
}

impl FirstSteps {
    /// Returns whether everything is done.
    pub fn are_done(&self) -> bool {
        let steps = [self.plan, self.organizations, self.teams, self.people];
        let rest = [self.domains == Progress::Done, self.sso == Progress::Done];
        steps.iter().chain(&rest).all(|done| *done) && self.scim && self.storage
    }
}

/// Returns how far an account is.
pub fn of(conn: &mut Conn, enterprise: AccountPk, now: Timestamp) -> Result<FirstSteps> {
    let row = plans::get(conn, enterprise)?;
    let teams = teams::all(conn, enterprise, 0, MOST_TEAMS)?;
    let teams: Vec<_> = teams.iter().map(|team| team.pk).collect();
    let connector = connector::page(conn, enterprise, now)?;
    let is_let_in =
        matches!(connector.status, ConnectorStatus::Valid | ConnectorStatus::ExpiringSoon);
    let has_come = connector.connector.as_ref().is_some_and(|row| row.last_request_at.is_some());
    Ok(FirstSteps {
        plan: row.plan.includes_advanced() && row.is_active(now),
        organizations: organizations::find(conn, enterprise, 0, 2)?.len() > 1,
        teams: !teams.is_empty() && team_links::any_linked(conn, &teams)?,
        people: seats(conn, enterprise, now)?.used() > 1,
        domains: domains_of(conn, enterprise)?,
        sso: sso_of(conn, enterprise, now)?,
        scim: is_let_in && has_come,
        connector,
        storage: storage::is_set(conn, enterprise)?,
    })
}

fn domains_of(conn: &mut Conn, enterprise: AccountPk) -> Result<Progress> {
    let rows = domains::find(conn, enterprise, 0, FEW)?;
    if rows.iter().any(|row| row.verified_at.is_some()) {
        return Ok(Progress::Done);
    }
    Ok(begun(rows.iter().map(|row| administered::name_of(row).to_string())))
}

fn sso_of(conn: &mut Conn, enterprise: AccountPk, now: Timestamp) -> Result<Progress> {
    if sso_connections::any_on(conn, enterprise)? {
        return Ok(Progress::Done);
    }
    let rows = sso_connections::of_enterprise(conn, enterprise, 0, FEW)?;
    let is_begun = |row: &sso_connections::Connection| {
        matches!(row.state(now), ConnectionState::Draft | ConnectionState::Verified)
    };
    Ok(begun(rows.into_iter().filter(is_begun).map(|row| row.domain)))
}

fn begun(names: impl Iterator<Item = String>) -> Progress {
    let names: Vec<String> = names.collect();
    if names.is_empty() { Progress::Open } else { Progress::Begun(names) }
}
