//! Teams made by hand, their members and links (DOMAIN.md §3).

use super::error::{checked_address, checked_name};
use super::{AdministrationError, Page, organizations};
use crate::enterprise::{TeamRole, TeamSource};
use crate::store::team_members::{self, Addition, Membership};
use crate::store::teams::{self, TeamRow, TeamValues};
use crate::store::{Conn, Transaction, members, team_links};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Longest description, in characters.
const LONGEST_DESCRIPTION: usize = 2000;

/// Makes a team by hand.
///
/// # Errors
/// Where the name is none or taken.
pub fn create(
    transaction: &mut Transaction<'_>,
    enterprise: i64,
    name: &str,
    description: &str,
    role: TeamRole,
) -> Result<TeamRow> {
    let name = checked_name("name", name)?;
    if description.chars().count() > LONGEST_DESCRIPTION || description.contains('\0') {
        return Err(AdministrationError::InvalidValue {
            field: "description",
            reason: format!("must have at most {LONGEST_DESCRIPTION} characters and no NUL"),
        });
    }
    if teams::by_name(transaction, enterprise, name)?.is_some() {
        return Err(AdministrationError::NameTaken { kind: "A team named", name: name.to_owned() });
    }
    let values = TeamValues {
        name: name.to_owned(),
        description: description.to_owned(),
        source: TeamSource::Manual,
        released: false,
        external_id: None,
        document: "{}".to_owned(),
    };
    let now = transaction.now();
    Ok(teams::insert(transaction, enterprise, &values, role, now)?)
}

/// A team with the organizations that it is linked to.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkedTeam {
    /// The team.
    pub team: TeamRow,
    /// Ids of the linked organizations.
    pub organizations: Vec<String>,
}

/// The account's teams, in order of creation.
///
/// # Errors
/// The database's.
pub fn list(conn: &mut Conn, enterprise: i64, after: i64, limit: i64) -> Result<Page<LinkedTeam>> {
    let page = Page::of(teams::all(conn, enterprise, after, limit + 1)?, limit, |row| row.pk);
    let pks: Vec<i64> = page.items.iter().map(|row| row.pk).collect();
    let links = team_links::of_teams(conn, &pks)?;
    let linked = |team: TeamRow| {
        let own = links.iter().filter(|(pk, ..)| *pk == team.pk);
        LinkedTeam { organizations: own.map(|(_, id, _)| id.clone()).collect(), team }
    };
    Ok(Page { items: page.items.into_iter().map(linked).collect(), next: page.next })
}

/// The team with this id.
///
/// # Errors
/// Where there is none.
pub fn require(conn: &mut Conn, enterprise: i64, id: &str) -> Result<TeamRow> {
    teams::by_id(conn, enterprise, id)?
        .ok_or_else(|| AdministrationError::NotFound { kind: "The team", id: id.to_owned() })
}

/// The team with this id and its links.
///
/// # Errors
/// Where there is none.
pub fn get(conn: &mut Conn, enterprise: i64, id: &str) -> Result<LinkedTeam> {
    let team = require(conn, enterprise, id)?;
    let links = team_links::of_teams(conn, &[team.pk])?;
    Ok(LinkedTeam { organizations: links.into_iter().map(|(_, id, _)| id).collect(), team })
}

/// Members of a team.
///
/// # Errors
/// Where there is no such team.
pub fn list_members(
    conn: &mut Conn,
    enterprise: i64,
    id: &str,
    after: i64,
    limit: i64,
) -> Result<Page<Membership>> {
    let team = require(conn, enterprise, id)?;
    let rows = team_members::addresses(conn, team.pk, after, limit + 1)?;
    Ok(Page::of(rows, limit, |membership: &Membership| membership.member_pk))
}

/// Adds a member of the account to a team by hand.
///
/// # Errors
/// Where there is no such team or member.
pub fn add_member(
    transaction: &mut Transaction<'_>,
    enterprise: i64,
    id: &str,
    email: &str,
) -> Result<Membership> {
    let email = checked_address("email", email)?;
    let team = require(transaction, enterprise, id)?;
    let member = members::by_address(transaction, enterprise, email)?.ok_or_else(|| {
        AdministrationError::NotFound { kind: "The member", id: email.to_owned() }
    })?;
    let addition = Addition { member_pk: member.pk, display: None };
    let added = team_members::add(transaction, team.pk, &[addition], true)?;
    if added.new > 0 {
        let now = transaction.now();
        teams::count_members(transaction, &[team.pk], added.new, now)?;
    }
    Ok(Membership {
        member_pk: member.pk,
        member_id: member.id,
        email: Some(email.to_owned()),
        user_name: member.user_name,
        by_hand: true,
    })
}

/// Takes a member out of a team, whatever put it there. Its seat stays taken (DOMAIN.md §4).
///
/// # Errors
/// Where there is no such team, or the member is not in it.
pub fn remove_member(
    transaction: &mut Transaction<'_>,
    enterprise: i64,
    id: &str,
    member_id: &str,
) -> Result<()> {
    let team = require(transaction, enterprise, id)?;
    let member = super::members::require(transaction, enterprise, member_id)?;
    if team_members::remove(transaction, team.pk, &[member.pk])? == 0 {
        return Err(AdministrationError::NotFound {
            kind: "In this team the member",
            id: member_id.to_owned(),
        });
    }
    let now = transaction.now();
    teams::count_members(transaction, &[team.pk], -1, now)?;
    Ok(())
}

/// Links a team to an organization: all its members reach it from now on.
///
/// # Errors
/// Where there is no such team or organization.
pub fn link(
    transaction: &mut Transaction<'_>,
    enterprise: i64,
    id: &str,
    organization: &str,
) -> Result<()> {
    let team = require(transaction, enterprise, id)?;
    let organization = organizations::require(transaction, enterprise, organization)?;
    team_links::link(transaction, team.pk, organization.pk)?;
    Ok(())
}

/// Unlinks a team from an organization: the access that came through it ends.
///
/// # Errors
/// Where there is no such team or organization.
pub fn unlink(
    transaction: &mut Transaction<'_>,
    enterprise: i64,
    id: &str,
    organization: &str,
) -> Result<()> {
    let team = require(transaction, enterprise, id)?;
    let organization = organizations::require(transaction, enterprise, organization)?;
    team_links::unlink(transaction, team.pk, organization.pk)?;
    Ok(())
}
