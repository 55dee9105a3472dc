//! The lists of invitations, with search and filters.

use super::{Listed, Result, targets};
use crate::administration::listing::{Listing, Position, Section, page};
use crate::administration::{organizations, teams};
use crate::enterprise::delivery::DeliveryState;
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::search::{Search, Terms};
use crate::enterprise::{AccountPk, InvitationPk, OrganizationPk, TeamPk, TeamRole, Timestamp};
use crate::store::invitations::{self, InvitationRow};
use crate::store::search::{self, Hit, Kind};
use crate::store::{Conn, invitation_lists};

/// A filter for invitations; fields that are `None` do not filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only invitations whose address the search finds.
    pub search: Option<Search>,
    /// Only invitations in this state.
    pub state: Option<InvitationState>,
    /// Only invitations to the organization with this id.
    pub organization: Option<String>,
    /// Only invitations to the team with this id.
    pub team: Option<String>,
    /// Only invitations that give this role, in an organization or through a team.
    pub role: Option<TeamRole>,
    /// Only pending invitations with mail in these states.
    pub mail: Option<&'static [DeliveryState]>,
}

/// A list as it is made: of an account, at a time, with what the ids in the filter mean.
struct Made<'a> {
    enterprise: AccountPk,
    now: Timestamp,
    filter: &'a Filter,
    organization: Option<OrganizationPk>,
    team: Option<TeamPk>,
    /// The only organization whose part of an invitation may be seen.
    only: Option<OrganizationPk>,
}

/// Lists the account's invitations that pass the filter: in order of creation or, for a search, in
/// alphabetical order of the addresses.
///
/// # Errors
/// Fails if there is no such organization or team.
pub fn list(
    conn: &mut Conn,
    enterprise: AccountPk,
    now: Timestamp,
    filter: &Filter,
    at: (&Position, i64),
) -> Result<Listing<Listed>> {
    made(conn, enterprise, now, filter)?.page(conn, at)
}

/// Like [`list`], for the invitations to one organization, of which only the part that concerns the
/// organization is shown: an organization's admin may see no more.
///
/// # Errors
/// Fails if there is no such organization or team.
pub fn list_of_organization(
    conn: &mut Conn,
    enterprise: AccountPk,
    organization: &str,
    now: Timestamp,
    (filter, at): (&Filter, (&Position, i64)),
) -> Result<Listing<Listed>> {
    let filter = Filter { organization: Some(organization.to_owned()), ..filter.clone() };
    let made = made(conn, enterprise, now, &filter)?;
    Made { only: made.organization, ..made }.page(conn, at)
}

fn made<'a>(
    conn: &mut Conn,
    enterprise: AccountPk,
    now: Timestamp,
    filter: &'a Filter,
) -> Result<Made<'a>> {
    let organization = match &filter.organization {
        Some(id) => Some(organizations::require(conn, enterprise, id)?.pk),
        None => None,
    };
    let team = match &filter.team {
        Some(id) => Some(teams::require(conn, enterprise, id)?.pk),
        None => None,
    };
    Ok(Made { enterprise, now, filter, organization, team, only: None })
}

impl Made<'_> {
    fn page(&self, conn: &mut Conn, (from, limit): (&Position, i64)) -> Result<Listing<Listed>> {
        page(from, limit, *self.filter != Filter::default(), |at, size| {
            let section = match &self.filter.search {
                Some(search) => self.found(conn, search, (at, size))?,
                None => {
                    let rows = self.rows(conn, (at.pk, size))?;
                    Section::of_rows(rows, size, |row| row.pk.0, Some)
                }
            };
            self.passing(conn, section)
        })
    }

    /// Reads a section by the index of the filter that probably leaves the fewest.
    fn rows(&self, conn: &mut Conn, at: (i64, i64)) -> Result<Vec<InvitationRow>> {
        let (enterprise, now) = (self.enterprise, self.now);
        let pks = match (self.team, self.organization) {
            (Some(team), _) => invitation_lists::naming_team(conn, team, at)?,
            (None, Some(organization)) => {
                invitation_lists::naming_organization(conn, organization, at)?
            }
            (None, None) => match (self.filter.mail, self.filter.state) {
                (Some(states), _) => invitation_lists::by_mail(conn, enterprise, states, at)?,
                (None, None) => return Ok(invitations::find(conn, enterprise, at.0, at.1)?),
                (None, Some(InvitationState::Pending)) => {
                    invitation_lists::pending(conn, enterprise, at)?
                }
                (None, Some(InvitationState::Expired)) => {
                    let expired = InvitationState::Expired;
                    let mut pks = invitation_lists::ended(conn, enterprise, expired, at)?;
                    pks.extend(invitation_lists::overdue(conn, enterprise, now, at.0)?);
                    pks.sort_unstable();
                    pks.truncate(usize::try_from(at.1).unwrap_or(usize::MAX));
                    pks
                }
                (None, Some(state)) => invitation_lists::ended(conn, enterprise, state, at)?,
            },
        };
        Ok(invitation_lists::by_pks(conn, enterprise, &pks)?)
    }

    fn found(
        &self,
        conn: &mut Conn,
        search: &Search,
        (at, size): (&Position, i64),
    ) -> Result<Section<InvitationRow>> {
        let after = at.hit();
        let beginning = search.beginning();
        let kind = Kind::Invitation;
        let hits = search::find(conn, self.enterprise, kind, (beginning, after.as_ref()), size)?;
        let pks: Vec<InvitationPk> = hits.iter().map(|hit| InvitationPk(hit.pk)).collect();
        let rows = invitation_lists::by_pks(conn, self.enterprise, &pks)?;
        let rows = rows.into_iter().map(|row| (row.pk.0, row)).collect();
        let keep = |hit: &Hit, row: &InvitationRow| {
            search.shows(&Terms::of_address(&row.email), &hit.term)
        };
        Ok(Section::of_hits(hits, size, rows, keep, |row| row))
    }

    /// Adds the targets, and keeps what passes the filter.
    fn passing(&self, conn: &mut Conn, rows: Section<InvitationRow>) -> Result<Section<Listed>> {
        let pks: Vec<InvitationPk> = rows.found.iter().map(|(_, row)| row.pk).collect();
        let mut all = targets::of_invitations(conn, &pks)?;
        let listed = rows.found.into_iter().map(|(position, invitation)| {
            let targets = all.remove(&invitation.pk).unwrap_or_default();
            (position, Listed { invitation, targets })
        });
        let found = listed.filter(|(_, listed)| self.passes(listed)).map(|(position, listed)| {
            let mut listed = listed;
            if let Some(only) = self.only {
                listed.targets.organizations.retain(|target| target.organization_pk == only);
                listed.targets.teams.clear();
            }
            (position, listed)
        });
        Ok(Section { found: found.collect(), next: rows.next, read: rows.read })
    }

    fn passes(&self, listed: &Listed) -> bool {
        let Listed { invitation, targets } = listed;
        let state = match invitation.state {
            InvitationState::Pending if invitation.expires_at <= self.now => {
                InvitationState::Expired
            }
            state => state,
        };
        let mail = invitation.delivery.mail_state;
        let is_mail = |states: &[DeliveryState]| {
            state == InvitationState::Pending && mail.is_some_and(|mail| states.contains(&mail))
        };
        let organizations = || {
            let seen = |pk| self.only.is_none_or(|only| only == pk);
            targets.organizations.iter().filter(move |target| seen(target.organization_pk))
        };
        let teams = || targets.teams.iter().filter(|_| self.only.is_none());
        let has_role = |role: TeamRole| {
            organizations().any(|target| target.role == role)
                || teams().any(|team| team.role() == role)
        };
        self.filter.state.is_none_or(|wanted| wanted == state)
            && self.filter.mail.is_none_or(is_mail)
            && self
                .organization
                .is_none_or(|pk| organizations().any(|one| one.organization_pk == pk))
            && self.team.is_none_or(|pk| teams().any(|team| team.team_pk == pk))
            && self.filter.role.is_none_or(has_role)
    }
}

/// How many pending invitations have mail that has not arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undelivered {
    /// Those whose mail waits.
    pub waiting: i64,
    /// Those whose mail a mail server has refused.
    pub refused: i64,
    /// Those whose mail was given up.
    pub given_up: i64,
}

/// The maximum number that is counted.
pub const MOST_COUNTED: i64 = 1_000;

/// Counts the account's pending invitations whose mail has not arrived, at most so many of each.
pub fn undelivered(conn: &mut Conn, enterprise: AccountPk, now: Timestamp) -> Result<Undelivered> {
    let mut count =
        |state| invitation_lists::count_by_mail(conn, enterprise, state, now, MOST_COUNTED);
    Ok(Undelivered {
        waiting: count(DeliveryState::Waiting)?,
        refused: count(DeliveryState::Refused)?,
        given_up: count(DeliveryState::GivenUp)?,
    })
}
