//! What rests in an account once its plan no longer includes the advanced operations
//! (docs/domain.md §1). Nothing of it is deleted.

use super::Result;
use crate::enterprise::AccountPk;
use crate::store::{Conn, domains, enterprises, organizations, storage};

/// What an account has that the plan Essentials does not include, and who is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resting {
    /// The number of members.
    pub members: i64,
    /// The number of organizations.
    pub organizations: i64,
    /// The number of teams.
    pub teams: i64,
    /// The number of domains, verified or not.
    pub domains: i64,
    /// Whether single sign-on is on for a domain.
    pub sso: bool,
    /// Whether SCIM is enabled.
    pub scim: bool,
    /// Whether rules of storage were set.
    pub storage: bool,
}

/// Returns what rests after a downgrade.
pub fn resting(conn: &mut Conn, enterprise: AccountPk) -> Result<Resting> {
    let account = enterprises::get(conn, enterprise)?;
    let dependants = domains::dependants(conn, enterprise)?;
    Ok(Resting {
        members: account.member_count,
        organizations: organizations::count(conn, enterprise)?,
        teams: account.team_count,
        domains: domains::count(conn, enterprise)?,
        sso: dependants.sso,
        scim: dependants.scim,
        storage: storage::is_set(conn, enterprise)?,
    })
}
