//! Groups, stored as teams (docs/domain.md §7, the table of groups).

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

/// Up to this number of members, PATCH returns the group; above it, PATCH returns no body (RFC 7644
/// §3.5.2 allows both), so that its cost does not depend on the size of the group.
const MEMBERS_IN_PATCH_ANSWER: i64 = 100;

/// The account's teams as SCIM groups.
pub(super) struct Groups;

impl Resources for Groups {
    fn resource_type(&self) -> &'static ResourceType {
        &GROUP
    }

    /// Creates a team, or synchronises the manual team that has the name of the group.
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

    fn get(&self, conn: &mut Conn, call: &Call, id: &str) -> Result<Answer> {
        let read = |conn: &mut Conn| {
            let row = require(conn, &call.directory, id)?;
            answer(conn, call, &row)
        };
        match read(conn) {
            // Another request changed the group between two queries. Detecting this costs less than
            // reading every group in a snapshot.
            Err(ProvisioningError::Store(StoreError::Conflict)) => snapshot(conn, read),
            answer => answer,
        }
    }

    /// Replaces a group. A manual team becomes a synchronised one.
    fn replace(
        &self,
        transaction: &mut Transaction<'_>,
        call: &Call,
        id: &str,
        resource: &Resource,
    ) -> Result<Answer> {
        let row = require_version(transaction, call, id)?;
        let (members, mut resource) = split(resource);
        // Keep the administrator's description if the identity provider does not send one.
        if !describes(&resource) {
            let extension = json!({"description": row.description});
            resource.insert(GROUP_EXTENSION.to_owned(), extension);
        }
        let change = memberships::replace(transaction, call.directory.enterprise, row.pk, members)?;
        let row = change_team(transaction, &call.directory, &row, resource, &change)?;
        answer(transaction, call, &row)
    }

    /// Applies PATCH operations to a group, all or none. A manual team becomes a synchronised one.
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

    /// Deletes a group. A team that SCIM created is deleted; a synchronised one becomes manual
    /// again, without the members that the identity provider added. In both cases SCIM no longer
    /// shows it (RFC 7644 §3.6).
    fn delete(&self, transaction: &mut Transaction<'_>, call: &Call, id: &str) -> Result<()> {
        let row = require_version(transaction, call, id)?;
        let stays = row.source != TeamSource::Scim;
        record::group_deleted(transaction, &call.directory, &row, stays)?;
        if !stays {
            teams::delete(transaction, row.pk)?;
            return Ok(());
        }
        let withdrawn = team_members::withdraw_scim(transaction, row.pk)?;
        // A team that was linked by hand gets back its own id and, if the name is still free, its
        // own name.
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

/// Updates the team to match the resource. Writes nothing if nothing has changed.
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

/// Returns the stored values of a team.
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

/// Updates the number of members if the change is visible to the identity provider.
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

/// Splits a resource into its members and a copy of everything else.
fn split(resource: &Resource) -> (&[Value], Resource) {
    let members = resource.get(MEMBERS).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let others = resource.iter().filter(|(name, _)| *name != MEMBERS);
    (members, others.map(|(name, value)| (name.clone(), value.clone())).collect())
}

fn require(conn: &mut Conn, directory: &Directory, id: &str) -> Result<TeamRow> {
    teams::by_scim_id(conn, directory.enterprise, id)?
        .ok_or_else(|| ProvisioningError::NotFound { kind: GROUP.name, id: id.to_owned() })
}

/// Returns the team if it satisfies the call's precondition.
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
