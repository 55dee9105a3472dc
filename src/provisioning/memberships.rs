//! Changes of a group's members (DOMAIN.md §7, the table of groups): each costs what it names.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::ProvisioningError;
use super::resource_types::GROUP;
use crate::scim::patch::{self, Operation, OperationKind};
use crate::scim::{Filter, Path, ScimError};
use crate::store::team_members::{self, Addition};
use crate::store::{StoreResult, Transaction};

type Result<T> = std::result::Result<T, ProvisioningError>;

/// The attribute that this is about.
pub const MEMBERS: &str = "members";

/// Members that were added or removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    /// How many.
    pub count: i64,
    /// Ids of the first of them.
    pub ids: Vec<String>,
}

/// How many ids are remembered of a change.
const REMEMBERED: usize = 100;

/// What a change did to a team's memberships.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Members more, or fewer.
    pub more: i64,
    /// Whether the identity provider sees a difference.
    pub visible: bool,
    /// Who was added.
    pub added: Members,
    /// Who was removed.
    pub removed: Members,
}

impl Change {
    fn adding(count: i64, ids: Vec<String>) -> Self {
        let added = Members { count, ids };
        Self { more: count, visible: count != 0, added, ..Self::default() }
    }

    fn removing(count: i64, ids: Vec<String>) -> Self {
        let removed = Members { count, ids };
        Self { more: -count, visible: count != 0, removed, ..Self::default() }
    }

    /// This change and another after it.
    pub fn and(mut self, other: Self) -> Self {
        self.more += other.more;
        self.visible |= other.visible;
        for (members, more) in [(&mut self.added, other.added), (&mut self.removed, other.removed)]
        {
            members.count += more.count;
            members.ids.extend(more.ids);
            members.ids.truncate(REMEMBERED);
        }
        self
    }
}

/// Adds members, and says which of them were not there.
fn add(transaction: &mut Transaction<'_>, team: i64, additions: &[Addition]) -> Result<Change> {
    let first: Vec<i64> =
        additions.iter().take(REMEMBERED).map(|addition| addition.member_pk).collect();
    let before = team_members::ids_among(transaction, team, &first)?;
    let new = team_members::add(transaction, team, additions, false)?.new;
    if new == 0 {
        return Ok(Change::default());
    }
    let now = team_members::ids_among(transaction, team, &first)?;
    let ids = now.into_iter().filter(|member| !before.contains(member)).map(|(_, id)| id);
    Ok(Change::adding(new, ids.collect()))
}

/// Ends memberships, and says whose.
fn end(
    transaction: &mut Transaction<'_>,
    team: i64,
    pks: &[i64],
    end: impl FnOnce(&mut Transaction<'_>) -> StoreResult<i64>,
) -> Result<Change> {
    let first = pks.get(..REMEMBERED).unwrap_or(pks);
    let before = team_members::ids_among(transaction, team, first)?;
    let ended = end(transaction)?;
    let stay = match usize::try_from(ended) == Ok(pks.len()) {
        true => Vec::new(),
        false => team_members::ids_among(transaction, team, first)?,
    };
    let ids = before.into_iter().filter(|member| !stay.contains(member)).map(|(_, id)| id);
    Ok(Change::removing(ended, ids.collect()))
}

/// Applies one PATCH operation on `members`.
///
/// # Errors
/// 400 `invalidValue` naming members that do not exist.
pub fn apply(
    transaction: &mut Transaction<'_>,
    enterprise: i64,
    team: i64,
    operation: &Operation,
) -> Result<Change> {
    let Path::Attribute { reference, filter } = &operation.path else {
        return Ok(Change::default());
    };
    if let Some(sub_attribute) = &reference.sub_attribute {
        return Err(ScimError::mutability(format!(
            "members.{}: a membership cannot be changed, only added or removed. Send an add or \
             remove operation on members.",
            sub_attribute.name
        ))
        .into());
    }
    match (operation.kind, filter) {
        (OperationKind::Remove, Some(filter)) => {
            let selected = selected(transaction, enterprise, team, filter)?;
            remove(transaction, team, &selected)
        }
        (OperationKind::Remove, None) if operation.value.is_none() => {
            let first = team_members::of_team(transaction, team, 0, REMEMBERED as i64)?;
            let ids = first.into_iter().map(|member| member.id).collect();
            Ok(Change::removing(team_members::clear(transaction, team)?, ids))
        }
        (OperationKind::Remove, None) => {
            let elements = elements(operation)?;
            let named: Vec<&str> = elements.iter().filter_map(id_of).collect();
            let known = team_members::resolve(transaction, enterprise, &named)?;
            let pks: Vec<i64> = known.into_iter().map(|(_, pk)| pk).collect();
            remove(transaction, team, &pks)
        }
        (OperationKind::Add, None) => {
            let additions = resolve(transaction, enterprise, &elements(operation)?)?;
            add(transaction, team, &additions)
        }
        (OperationKind::Replace, None) => {
            replace(transaction, enterprise, team, &elements(operation)?)
        }
        (OperationKind::Add | OperationKind::Replace, Some(_)) => Err(ScimError::mutability(
            "members: a membership cannot be changed, only added or removed. Send an add or remove \
             operation on members.",
        )
        .into()),
    }
}

/// Makes these the members that the identity provider put into the team. Members that were added
/// by hand stay.
///
/// # Errors
/// 400 `invalidValue` naming members that do not exist.
pub fn replace(
    transaction: &mut Transaction<'_>,
    enterprise: i64,
    team: i64,
    wanted: &[Value],
) -> Result<Change> {
    let mut additions = resolve(transaction, enterprise, wanted)?;
    let present: HashSet<i64> =
        team_members::provisioned_pks(transaction, team)?.into_iter().collect();
    let wanted: HashSet<i64> = additions.iter().map(|addition| addition.member_pk).collect();
    let leaving: Vec<i64> = present.difference(&wanted).copied().collect();
    additions.retain(|addition| !present.contains(&addition.member_pk));
    let withdrawn = end(transaction, team, &leaving, |transaction| {
        team_members::withdraw_scim_from(transaction, team, &leaving).map(|left| left.ended)
    })?;
    Ok(withdrawn.and(add(transaction, team, &additions)?))
}

fn remove(transaction: &mut Transaction<'_>, team: i64, pks: &[i64]) -> Result<Change> {
    end(transaction, team, pks, |transaction| team_members::remove(transaction, team, pks))
}

/// Finds the members that these values name, each once.
fn resolve(
    transaction: &mut Transaction<'_>,
    enterprise: i64,
    values: &[Value],
) -> Result<Vec<Addition>> {
    let nameless = || {
        let detail = "members: each member needs a value, the id of a User.";
        ProvisioningError::from(ScimError::invalid_value(detail))
    };
    let mut unknown: Vec<&str> = Vec::new();
    let mut seen = HashSet::with_capacity(values.len());
    let mut additions = Vec::with_capacity(values.len());
    for values in values.chunks(team_members::CHUNK) {
        let ids: Vec<&str> =
            values.iter().map(|value| id_of(value).ok_or_else(nameless)).collect::<Result<_>>()?;
        let known: HashMap<String, i64> =
            team_members::resolve(transaction, enterprise, &ids)?.into_iter().collect();
        for (id, value) in ids.into_iter().zip(values) {
            match known.get(id) {
                None => unknown.push(id),
                Some(&member_pk) if seen.insert(member_pk) => {
                    let display = value.get("display").and_then(Value::as_str).map(str::to_owned);
                    additions.push(Addition { member_pk, display });
                }
                Some(_) => {}
            }
        }
    }
    if !unknown.is_empty() {
        return Err(unknown_members(&unknown).into());
    }
    Ok(additions)
}

fn unknown_members(unknown: &[&str]) -> ScimError {
    const SHOWN: usize = 10;
    let mut names: Vec<String> = unknown.iter().take(SHOWN).map(|id| format!("\"{id}\"")).collect();
    if unknown.len() > SHOWN {
        names.push(format!("and {} more", unknown.len() - SHOWN));
    }
    ScimError::invalid_value(format!(
        "members: no User has the id {}. Provision the user first, then add it; nothing was changed.",
        names.join(", ")
    ))
}

fn elements(operation: &Operation) -> Result<Vec<Value>> {
    let members = GROUP.schema.attribute(MEMBERS).ok_or_else(|| ScimError::new(500, MEMBERS))?;
    Ok(patch::multi_value(operation, members)?)
}

fn id_of(value: &Value) -> Option<&str> {
    value.get("value").and_then(Value::as_str)
}

/// The members of the team that a value filter selects.
fn selected(
    transaction: &mut Transaction<'_>,
    enterprise: i64,
    team: i64,
    filter: &Filter,
) -> Result<Vec<i64>> {
    if let Some(ids) = patch::ids_in_filter(filter) {
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let known = team_members::resolve(transaction, enterprise, &ids)?;
        return Ok(known.into_iter().map(|(_, pk)| pk).collect());
    }
    // Any other filter asks about each member.
    let mut selected = Vec::new();
    team_members::for_each(transaction, team, |member| {
        let value = serde_json::json!({
            "value": member.id,
            "display": member.display.or(member.display_name).unwrap_or(member.user_name),
            "type": "User",
        });
        if filter.matches_value(&value) {
            selected.push(member.member_pk);
        }
    })?;
    Ok(selected)
}
