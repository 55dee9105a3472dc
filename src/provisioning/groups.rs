//! Groups → teams (DOMAIN.md §7, the table of groups).

use serde_json::{Value, json};

use super::document::Body;
use super::mapping::{GroupParts, check_name, group, team_values};
use super::memberships::{self, Change, MEMBERS};
use super::precondition::entity_tag;
use super::resource_types::{GROUP, GROUP_EXTENSION};
use super::{Answer, Call, Directory, ProvisioningError, Resources, group_views, record};
use crate::enterprise::{TeamRole, TeamSource, name};
use crate::scim::patch::{self, PatchRequest};
use crate::scim::{Resource, ResourceType, ScimError};
use crate::store::teams::{self, TeamRow, TeamValues};
use crate::store::{Conn, StoreError, Transaction, snapshot, team_members};

type Result<T> = std::result::Result<T, ProvisioningError>;

/// Up to this many members a PATCH answers with the group, beyond it with nothing (both are
/// allowed by RFC 7644 §3.5.2), so that its cost does not depend on the group.
const MEMBERS_IN_PATCH_ANSWER: i64 = 100;

/// Groups, which are the account's teams.
pub(super) struct Groups;

impl Resources for Groups {
    fn resource_type(&self) -> &'static ResourceType {
        &GROUP
    }

    /// Provisions a group: a new team, or the manual team of that name, which is then synchronised.
    fn create(
        &self,
        transaction: &mut Transaction<'_>,
        call: &Call,
        resource: &Resource,
    ) -> Result<Answer> {
        let (members, resource) = split(resource);
        let values = team_values(resource, TeamSource::Scim);
        check_name(&values, None)?;
        let (enterprise, now) = (call.directory.enterprise, transaction.now());
        let mut synchronised = None;
        let (row, values) = match teams::by_name(transaction, enterprise, &values.name)? {
            None => {
                (teams::insert(transaction, enterprise, &values, TeamRole::Member, now)?, values)
            }
            Some(team) if team.source == TeamSource::Manual => {
                let description = if values.description.is_empty() {
                    team.description.clone()
                } else {
                    values.description.clone()
                };
                let source = TeamSource::Synchronised;
                let values = TeamValues { source, description, ..values };
                let row = teams::update(transaction, &team, &values, 0, now)?;
                synchronised = Some(values_of(&team)?);
                (row, values)
            }
            Some(_) => return Err(ProvisioningError::GroupNameTaken(values.name)),
        };
        let change = memberships::replace(transaction, enterprise, row.pk, members)?;
        let row = count(transaction, &row, &change)?;
        match &synchronised {
            Some(before) => {
                record::group_changed(
                    transaction,
                    &call.directory,
                    &row,
                    (before, &values),
                    &change,
                )?;
            }
            None => {
                record::group_provisioned(transaction, &call.directory, &row, &values, &change)?
            }
        }
        answer(transaction, call, &row)
    }

    /// The group with this id.
    fn get(&self, conn: &mut Conn, call: &Call, id: &str) -> Result<Answer> {
        let read = |conn: &mut Conn| {
            let row = require(conn, &call.directory, id)?;
            answer(conn, call, &row)
        };
        match read(conn) {
            // Somebody changed it between two queries, which costs less to find than to rule out.
            Err(ProvisioningError::Store(StoreError::Conflict)) => snapshot(conn, read),
            answer => answer,
        }
    }

    /// Replaces a group with the whole resource given; a manual team is synchronised.
    fn replace(
        &self,
        transaction: &mut Transaction<'_>,
        call: &Call,
        id: &str,
        resource: &Resource,
    ) -> Result<Answer> {
        let row = require_version(transaction, call, id)?;
        let (members, mut resource) = split(resource);
        // An administrator's description outlives an identity provider that does not know of it.
        if !describes(&resource) {
            let extension = json!({"description": row.description});
            resource.insert(GROUP_EXTENSION.to_owned(), extension);
        }
        let change = memberships::replace(transaction, call.directory.enterprise, row.pk, members)?;
        let row = change_team(transaction, &call.directory, &row, resource, &change)?;
        answer(transaction, call, &row)
    }

    /// Applies PATCH operations to a group, all or none; a manual team is synchronised.
    fn patch(
        &self,
        transaction: &mut Transaction<'_>,
        call: &Call,
        id: &str,
        request: &PatchRequest,
    ) -> Result<Answer> {
        let row = require_version(transaction, call, id)?;
        let mut resource = group(&call.directory, &row, GroupParts::default())?;
        let mut change = Change::default();
        for operation in &request.operations {
            if operation.targets(MEMBERS) {
                let this =
                    memberships::apply(transaction, call.directory.enterprise, row.pk, operation)?;
                change = change.and(this);
            } else {
                patch::apply(&mut resource, operation, &GROUP)?;
            }
        }
        let row = change_team(transaction, &call.directory, &row, resource, &change)?;
        if row.member_count > MEMBERS_IN_PATCH_ANSWER && call.projection.is_default() {
            return Ok(Answer { resource: None, ..bare(call, &row) });
        }
        answer(transaction, call, &row)
    }

    /// Ends a group: a team that SCIM made goes; a synchronised one becomes manual again, without the
    /// members that the identity provider put there. Either way SCIM no longer shows it (RFC 7644 §3.6).
    fn delete(&self, transaction: &mut Transaction<'_>, call: &Call, id: &str) -> Result<()> {
        let row = require_version(transaction, call, id)?;
        let stays = row.source != TeamSource::Scim;
        record::group_deleted(transaction, &call.directory, &row, stays)?;
        if !stays {
            teams::delete(transaction, row.pk)?;
            return Ok(());
        }
        let withdrawn = team_members::withdraw_scim(transaction, row.pk)?;
        // A team that was linked by hand has its own id and, if nobody took it, its own name again.
        let mut own_name = row.name.clone();
        if let Some(linked_from) = row.linked_from.clone() {
            teams::set_scim_id(transaction, row.pk, &row.id, None)?;
            if teams::by_name(transaction, call.directory.enterprise, &linked_from)?.is_none() {
                own_name = linked_from;
            }
        }
        let values = TeamValues {
            name: own_name,
            description: row.description.clone(),
            source: TeamSource::Manual,
            released: true,
            external_id: None,
            document: "{}".to_owned(),
        };
        let now = transaction.now();
        teams::update(transaction, &row, &values, -withdrawn.ended, now)?;
        Ok(())
    }
}

/// Makes the team what the resource says. Writes nothing where nothing is different.
fn change_team(
    transaction: &mut Transaction<'_>,
    directory: &Directory,
    row: &TeamRow,
    resource: Resource,
    change: &Change,
) -> Result<TeamRow> {
    let source = match row.source {
        TeamSource::Scim => TeamSource::Scim,
        TeamSource::Manual | TeamSource::Synchronised => TeamSource::Synchronised,
    };
    let before = team_values(group(directory, row, GroupParts::default())?, row.source);
    let values = team_values(resource, source);
    check_name(&values, Some(&before))?;
    if values == before {
        let row = count(transaction, row, change)?;
        record::group_changed(transaction, directory, &row, (&before, &values), change)?;
        return Ok(row);
    }
    if name::key(&values.name) != name::key(&row.name)
        && teams::by_name(transaction, directory.enterprise, &values.name)?.is_some()
    {
        return Err(ProvisioningError::GroupNameTaken(values.name));
    }
    let now = transaction.now();
    let row = teams::update(transaction, row, &values, change.more, now)?;
    record::group_changed(transaction, directory, &row, (&before, &values), change)?;
    Ok(row)
}

/// A team's values as they are.
fn values_of(row: &TeamRow) -> Result<TeamValues> {
    Ok(TeamValues {
        name: row.name.clone(),
        description: row.description.clone(),
        source: row.source,
        released: row.released,
        external_id: row.external_id.clone(),
        document: row.document.clone(),
    })
}

/// Writes the number of members where the identity provider sees a difference.
fn count(transaction: &mut Transaction<'_>, row: &TeamRow, change: &Change) -> Result<TeamRow> {
    if !change.visible {
        return Ok(row.clone());
    }
    let now = transaction.now();
    teams::count_members(transaction, &[row.pk], change.more, now)?;
    Ok(TeamRow {
        member_count: row.member_count + change.more,
        version: row.version + 1,
        modified_at: now,
        ..row.clone()
    })
}

fn describes(resource: &Resource) -> bool {
    resource.get(GROUP_EXTENSION).is_some_and(|extension| extension.get("description").is_some())
}

/// The members that a resource names, and a copy of everything else of it.
fn split(resource: &Resource) -> (&[Value], Resource) {
    let members = resource.get(MEMBERS).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let others = resource.iter().filter(|(name, _)| *name != MEMBERS);
    (members, others.map(|(name, value)| (name.clone(), value.clone())).collect())
}

fn require(conn: &mut Conn, directory: &Directory, id: &str) -> Result<TeamRow> {
    teams::by_scim_id(conn, directory.enterprise, id)?
        .ok_or_else(|| ProvisioningError::NotFound { kind: GROUP.name, id: id.to_owned() })
}

/// The team, in the version that the call is about.
fn require_version(conn: &mut Conn, call: &Call, id: &str) -> Result<TeamRow> {
    let row = require(conn, &call.directory, id)?;
    call.precondition.check(row.version)?;
    Ok(row)
}

fn bare(call: &Call, row: &TeamRow) -> Answer {
    Answer {
        id: row.scim_id.clone(),
        location: format!("{}/Groups/{}", call.directory.base_url, row.scim_id),
        version: entity_tag(row.version),
        resource: None,
    }
}

fn answer(conn: &mut Conn, call: &Call, row: &TeamRow) -> Result<Answer> {
    let rows = std::slice::from_ref(row);
    let mut views = group_views::shown(conn, &call.directory, rows, &call.projection)?;
    let mut view = views.pop().ok_or_else(|| ScimError::new(500, "no view"))?;
    view.project(&call.projection);
    Ok(Answer { resource: Some(Body::of(view)?), ..bare(call, row) })
}
