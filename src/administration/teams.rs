//! Manual teams, and the links of teams to organizations (docs/domain.md §3).

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::checked_name;
use super::{AdministrationError, Class, Page, Refusal, invitation_targets, organizations};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::{AccountPk, TeamPk, TeamRole, TeamSource, name as names};
use crate::store::access::Organization;
use crate::store::organizations::OrganizationRow;
use crate::store::teams::{self, TeamRow, TeamValues};
use crate::store::{Conn, Transaction, audit, team_links};

type Result<T> = std::result::Result<T, AdministrationError>;

/// The maximum length of a description in characters.
const LONGEST_DESCRIPTION: usize = 2000;

/// Why a team cannot be changed or deleted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TeamError {
    /// The team has the name of its SCIM group.
    #[error(
        "\"{0}\" has its name from a SCIM group. Rename the group in the identity provider, or \
         unlink the team from it first."
    )]
    NamedByIdentityProvider(String),
    /// The team is a SCIM group.
    #[error(
        "\"{0}\" was made by the identity provider, which would provision it again. Delete the \
         group there, or take it out of what is pushed."
    )]
    MadeByIdentityProvider(String),
    /// The team is synchronised with a SCIM group.
    #[error(
        "\"{0}\" is synchronised with a SCIM group. Unlink it, or delete the group in the identity \
         provider: then the team is manual again and can be deleted."
    )]
    Synchronised(String),
}

impl Refusal for TeamError {
    fn class(&self) -> Class {
        Class::Conflict
    }

    fn word(&self) -> &'static str {
        "kept-by-identity-provider"
    }
}

/// Creates a manual team.
///
/// # Errors
/// Fails if the name is invalid or taken, or the description is too long.
pub fn create(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    name: &str,
    description: &str,
    role: TeamRole,
) -> Result<TeamRow> {
    let name = checked_name("name", name)?;
    check_description(description)?;
    refuse_taken(transaction, enterprise, name)?;
    let values = TeamValues {
        name: name.to_owned(),
        description: description.to_owned(),
        source: TeamSource::Manual,
        released: false,
        external_id: None,
        document: "{}".to_owned(),
    };
    let now = transaction.now();
    let team = teams::insert(transaction, enterprise, &values, role, now)?;
    let change = Change::made("team.created", target(&team), shown(&team));
    audit::record(transaction, enterprise, &change)?;
    Ok(team)
}

fn check_description(description: &str) -> Result<()> {
    if description.chars().count() > LONGEST_DESCRIPTION || description.contains('\0') {
        return Err(AdministrationError::InvalidValue {
            field: "description",
            reason: format!("must have at most {LONGEST_DESCRIPTION} characters and no NUL"),
        });
    }
    Ok(())
}

fn refuse_taken(conn: &mut Conn, enterprise: AccountPk, name: &str) -> Result<()> {
    if teams::by_name(conn, enterprise, name)?.is_some() {
        return Err(AdministrationError::NameTaken { kind: "A team named", name: name.to_owned() });
    }
    Ok(())
}

/// Changes to a team; fields that are left out stay as they are.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, PartialEq, Eq)]
#[schemars(rename = "TeamChanges")]
#[serde(deny_unknown_fields)]
pub struct Changes {
    /// The team's new name, unique in the account; refused while the team is kept by SCIM.
    pub name: Option<String>,
    /// The team's new description, at most 2000 characters; an empty text removes it.
    pub description: Option<String>,
    /// The role that the team gives its members in every linked organization.
    pub role: Option<TeamRole>,
}

/// Changes a team. The account decides on description and role of every team; the name of a team
/// that is a SCIM group comes from the identity provider.
///
/// # Errors
/// Fails if the team does not exist, the name is invalid or taken, or the identity provider decides
/// on the name.
pub fn change(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    changes: &Changes,
) -> Result<LinkedTeam> {
    let before = require(transaction, enterprise, id)?;
    let name = match &changes.name {
        None => before.name.as_str(),
        Some(name) => checked_name("name", name)?,
    };
    let description = changes.description.as_deref().unwrap_or(&before.description);
    check_description(description)?;
    if name != before.name && before.source != TeamSource::Manual {
        return Err(TeamError::NamedByIdentityProvider(before.name).into());
    }
    if names::key(name) != names::key(&before.name) {
        refuse_taken(transaction, enterprise, name)?;
    }
    let role = changes.role.unwrap_or(before.role);
    let now = transaction.now();
    let after = teams::administer(transaction, &before, name, description, role, now)?;
    let change = Change::changed("team.changed", target(&after), shown(&before), shown(&after));
    audit::record(transaction, enterprise, &change)?;
    get(transaction, enterprise, id)
}

/// Deletes a manual team. Access through the team ends; members keep their seats. Pending
/// invitations lose this target, and those without another one are revoked.
///
/// # Errors
/// Fails if the team does not exist or is managed by the identity provider.
pub fn delete(transaction: &mut Transaction<'_>, enterprise: AccountPk, id: &str) -> Result<()> {
    let team = require(transaction, enterprise, id)?;
    match team.source {
        TeamSource::Manual => {}
        TeamSource::Scim => return Err(TeamError::MadeByIdentityProvider(team.name).into()),
        TeamSource::Synchronised => return Err(TeamError::Synchronised(team.name).into()),
    }
    let invited = invitation_targets::naming_team(transaction, enterprise, team.pk)?;
    teams::delete(transaction, team.pk)?;
    invitation_targets::revoke_without_target(transaction, enterprise, &invited)?;
    let change = Change::ended("team.deleted", target(&team), shown(&team));
    Ok(audit::record(transaction, enterprise, &change)?)
}

/// Returns the team as a target of an audit entry.
pub(super) fn target(team: &TeamRow) -> Target {
    Target::new("team", &team.id, &team.name)
}

fn shown(team: &TeamRow) -> Value {
    json!({
        "name": team.name,
        "description": team.description,
        "role": team.role,
        "source": team.source,
    })
}

/// A team with its linked organizations.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkedTeam {
    /// The team as stored.
    pub team: TeamRow,
    /// The linked organizations.
    pub organizations: Vec<Organization>,
}

/// Lists the account's teams in order of creation.
pub fn list(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> Result<Page<LinkedTeam>> {
    let page = Page::of(teams::all(conn, enterprise, after, limit + 1)?, limit, |row| row.pk.0);
    let pks: Vec<TeamPk> = page.items.iter().map(|row| row.pk).collect();
    let links = team_links::of_teams(conn, &pks)?;
    let linked = |team: TeamRow| {
        let own = links.iter().filter(|(pk, ..)| *pk == team.pk);
        let named = |(_, id, name): &(TeamPk, String, String)| Organization {
            id: id.clone(),
            name: name.clone(),
        };
        LinkedTeam { organizations: own.map(named).collect(), team }
    };
    Ok(Page { items: page.items.into_iter().map(linked).collect(), next: page.next })
}

/// Returns the team with this id.
///
/// # Errors
/// Fails if the team does not exist.
pub fn require(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<TeamRow> {
    teams::by_id(conn, enterprise, id)?
        .ok_or_else(|| AdministrationError::NotFound { kind: "The team", id: id.to_owned() })
}

/// Returns the team with this id and its links.
///
/// # Errors
/// Fails if the team does not exist.
pub fn get(conn: &mut Conn, enterprise: AccountPk, id: &str) -> Result<LinkedTeam> {
    let team = require(conn, enterprise, id)?;
    let links = team_links::of_teams(conn, &[team.pk])?;
    let named = |(_, id, name)| Organization { id, name };
    Ok(LinkedTeam { organizations: links.into_iter().map(named).collect(), team })
}

/// Links a team to an organization, which gives all its members access. Idempotent.
///
/// # Errors
/// Fails if the team or the organization does not exist.
pub fn link(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    organization: &str,
) -> Result<()> {
    let team = require(transaction, enterprise, id)?;
    let organization = organizations::require(transaction, enterprise, organization)?;
    if team_links::link(transaction, team.pk, organization.pk)? {
        let change = Change::made("team.linked", target(&team), linked(&organization));
        audit::record(transaction, enterprise, &change)?;
    }
    Ok(())
}

/// The maximum number of organizations that one call links.
pub const MOST_LINKS: usize = 500;

/// Links a team to several organizations, all or none. Those that it is linked to stay so.
///
/// # Errors
/// Fails if there are no organizations or too many, or the team or one of them does not exist.
pub fn link_several(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    organizations: &[String],
) -> Result<LinkedTeam> {
    check_number(organizations)?;
    for organization in organizations {
        link(transaction, enterprise, id, organization)?;
    }
    get(transaction, enterprise, id)
}

/// Checks that one call names organizations, and not too many.
pub(super) fn check_number(organizations: &[String]) -> Result<()> {
    if (1..=MOST_LINKS).contains(&organizations.len()) {
        return Ok(());
    }
    Err(AdministrationError::InvalidValue {
        field: "organization_ids",
        reason: format!("1 to {MOST_LINKS} organizations; there are {}", organizations.len()),
    })
}

/// Unlinks a team from an organization, which ends the access through it. Idempotent.
///
/// # Errors
/// Fails if the team or the organization does not exist.
pub fn unlink(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    id: &str,
    organization: &str,
) -> Result<()> {
    let team = require(transaction, enterprise, id)?;
    let organization = organizations::require(transaction, enterprise, organization)?;
    if team_links::unlink(transaction, team.pk, organization.pk)? {
        let change = Change::ended("team.unlinked", target(&team), linked(&organization));
        audit::record(transaction, enterprise, &change)?;
    }
    Ok(())
}

fn linked(organization: &OrganizationRow) -> Value {
    json!({"organization": organization.id, "name": organization.name})
}
