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
            let mut pks = Vec::new();
            look_up(transaction, enterprise, given(operation)?, |_, pk| pks.extend(pk))?;
            remove(transaction, team, &pks)
        }
        (OperationKind::Add, None) => {
            let additions = resolve(transaction, enterprise, given(operation)?)?;
            add(transaction, team, &additions)
        }
        (OperationKind::Replace, None) => {
            let wanted = resolve(transaction, enterprise, given(operation)?)?;
            exchange(transaction, team, wanted)
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
    let wanted = wanted.iter().map(Named::read);
    let wanted = resolve(transaction, enterprise, wanted)?;
    exchange(transaction, team, wanted)
}

fn exchange(
    transaction: &mut Transaction<'_>,
    team: i64,
    mut wanted: Vec<Addition>,
) -> Result<Change> {
    let present: HashSet<i64> =
        team_members::provisioned_pks(transaction, team)?.into_iter().collect();
    let staying: HashSet<i64> = wanted.iter().map(|addition| addition.member_pk).collect();
    let leaving: Vec<i64> = present.difference(&staying).copied().collect();
    wanted.retain(|addition| !present.contains(&addition.member_pk));
    let withdrawn = end(transaction, team, &leaving, |transaction| {
        team_members::withdraw_scim_from(transaction, team, &leaving).map(|left| left.ended)
    })?;
    Ok(withdrawn.and(add(transaction, team, &wanted)?))
}

fn remove(transaction: &mut Transaction<'_>, team: i64, pks: &[i64]) -> Result<Change> {
    end(transaction, team, pks, |transaction| team_members::remove(transaction, team, pks))
}

/// A member as a request names it.
struct Named {
    id: String,
    display: Option<String>,
}

impl Named {
    fn read(value: &Value) -> Result<Self> {
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let id = text("value").ok_or_else(|| {
            ScimError::invalid_value("members: each member needs a value, the id of a User.")
        })?;
        Ok(Self { id, display: text("display") })
    }
}

/// The members that an operation names, each read when it is its turn.
fn given(operation: &Operation) -> Result<impl Iterator<Item = Result<Named>>> {
    let members = GROUP.schema.attribute(MEMBERS).ok_or_else(|| ScimError::new(500, MEMBERS))?;
    Ok(patch::multi_value(operation, members)?.map(|value| Named::read(&value?)))
}

/// Visits each of these members with its row, if it exists. What is named is held a few at a time.
fn look_up(
    transaction: &mut Transaction<'_>,
    enterprise: i64,
    mut named: impl Iterator<Item = Result<Named>>,
    mut visit: impl FnMut(Named, Option<i64>),
) -> Result<()> {
    loop {
        let some: Vec<Named> = named.by_ref().take(team_members::CHUNK).collect::<Result<_>>()?;
        if some.is_empty() {
            return Ok(());
        }
        let ids: Vec<&str> = some.iter().map(|named| named.id.as_str()).collect();
        let known: HashMap<String, i64> =
            team_members::resolve(transaction, enterprise, &ids)?.into_iter().collect();
        for named in some {
            let pk = known.get(&named.id).copied();
            visit(named, pk);
        }
    }
}

/// Finds the members that are named, each once.
fn resolve(
    transaction: &mut Transaction<'_>,
    enterprise: i64,
    named: impl Iterator<Item = Result<Named>>,
) -> Result<Vec<Addition>> {
    let mut unknown = Unknown::default();
    let mut seen = HashSet::new();
    let mut additions = Vec::new();
    look_up(transaction, enterprise, named, |named, pk| match pk {
        None => unknown.note(named.id),
        Some(member_pk) if seen.insert(member_pk) => {
            additions.push(Addition { member_pk, display: named.display });
        }
        Some(_) => {}
    })?;
    unknown.refuse()?;
    Ok(additions)
}

/// Members that do not exist: how many, and the first of them.
#[derive(Default)]
struct Unknown {
    count: usize,
    first: Vec<String>,
}

impl Unknown {
    fn note(&mut self, id: String) {
        const SHOWN: usize = 10;
        self.count += 1;
        if self.first.len() < SHOWN {
            self.first.push(format!("\"{id}\""));
        }
    }

    fn refuse(mut self) -> Result<()> {
        let more = self.count - self.first.len();
        if more > 0 {
            self.first.push(format!("and {more} more"));
        }
        if self.first.is_empty() {
            return Ok(());
        }
        Err(ScimError::invalid_value(format!(
            "members: no User has the id {}. Provision the user first, then add it; nothing was \
             changed.",
            self.first.join(", ")
        ))
        .into())
    }
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
