//! Changes to the members of a group (docs/domain.md §7, the table of groups). The cost of a change
//! depends on the members that it names, not on the size of the group.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::ProvisioningError;
use super::resource_types::GROUP;
use crate::enterprise::{AccountPk, MemberPk, TeamPk};
use crate::scim::patch::{self, Operation, OperationKind};
use crate::scim::{Filter, Path, ScimError};
use crate::store::team_members::{self, Addition};
use crate::store::{StoreResult, Transaction};

type Result<T> = std::result::Result<T, ProvisioningError>;

/// The name of the attribute.
pub const MEMBERS: &str = "members";

/// The members that a change added or removed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    pub count: i64,
    /// The ids of the first [`REMEMBERED`] members.
    pub ids: Vec<String>,
}

/// How many ids of a change go into the audit log.
const REMEMBERED: usize = 100;

/// The effect of a change on a team's members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The difference in the number of members.
    pub more: i64,
    /// Whether the identity provider sees a difference.
    pub visible: bool,
    pub added: Members,
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

    /// Combines this change with a later one.
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

/// Adds members. The returned change contains only those that were not in the team yet.
fn add(
    transaction: &mut Transaction<'_>,
    team: TeamPk,
    Resolved { additions, ids }: &Resolved,
) -> Result<Change> {
    let first: Vec<MemberPk> =
        additions.iter().take(REMEMBERED).map(|addition| addition.member_pk).collect();
    let before: HashSet<MemberPk> = match additions.len() {
        // A single member needs no query: the number of new members says whether it was there.
        1 => HashSet::new(),
        _ => {
            let present = team_members::ids_among(transaction, team, &first)?;
            present.into_iter().map(|(pk, _)| pk).collect()
        }
    };
    let new = team_members::add(transaction, team, additions, false)?.new;
    if new == 0 {
        return Ok(Change::default());
    }
    let first: Vec<(MemberPk, String)> = if ids.len() == first.len() {
        first.into_iter().zip(ids.iter().cloned()).collect()
    } else {
        team_members::ids_among(transaction, team, &first)?
    };
    let added = first.into_iter().filter(|(pk, _)| !before.contains(pk));
    Ok(Change::adding(new, added.map(|(_, id)| id).collect()))
}

/// Removes members with `end`. The returned change contains only those that were actually removed.
fn end(
    transaction: &mut Transaction<'_>,
    team: TeamPk,
    pks: &[MemberPk],
    end: impl FnOnce(&mut Transaction<'_>) -> StoreResult<i64>,
) -> Result<Change> {
    let first = pks.get(..REMEMBERED).unwrap_or(pks);
    let before = team_members::ids_among(transaction, team, first)?;
    let ended = end(transaction)?;
    let stay = if usize::try_from(ended) == Ok(pks.len()) {
        Vec::new()
    } else {
        team_members::ids_among(transaction, team, first)?
    };
    let ids = before.into_iter().filter(|member| !stay.contains(member)).map(|(_, id)| id);
    Ok(Change::removing(ended, ids.collect()))
}

/// Applies one PATCH operation on `members`.
///
/// # Errors
/// Returns 400 `invalidValue` with the ids of members that do not exist.
pub fn apply(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    team: TeamPk,
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
            remove(transaction, team, selected)
        }
        (OperationKind::Remove, None) if operation.value.is_none() => {
            let first = team_members::of_team(transaction, team, 0, REMEMBERED as i64)?;
            let ids = first.into_iter().map(|member| member.id).collect();
            Ok(Change::removing(team_members::clear(transaction, team)?, ids))
        }
        (OperationKind::Remove, None) => {
            let mut members = Vec::new();
            look_up(transaction, enterprise, given(operation)?, |named, pk| {
                members.extend(pk.map(|pk| (named.id, pk)));
            })?;
            remove(transaction, team, members)
        }
        (OperationKind::Add, None) => {
            let resolved = resolve(transaction, enterprise, given(operation)?)?;
            add(transaction, team, &resolved)
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

/// Replaces the members that the identity provider added to the team. Members that were added by
/// hand stay.
///
/// # Errors
/// Returns 400 `invalidValue` with the ids of members that do not exist.
pub fn replace(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    team: TeamPk,
    wanted: &[Value],
) -> Result<Change> {
    let wanted = wanted.iter().map(Named::read);
    let wanted = resolve(transaction, enterprise, wanted)?;
    exchange(transaction, team, wanted)
}

fn exchange(
    transaction: &mut Transaction<'_>,
    team: TeamPk,
    mut wanted: Resolved,
) -> Result<Change> {
    let present: HashSet<MemberPk> =
        team_members::provisioned_pks(transaction, team)?.into_iter().collect();
    let staying: HashSet<MemberPk> =
        wanted.additions.iter().map(|addition| addition.member_pk).collect();
    let leaving: Vec<MemberPk> = present.difference(&staying).copied().collect();
    wanted.retain(|pk| !present.contains(&pk));
    let withdrawn = end(transaction, team, &leaving, |transaction| {
        team_members::withdraw_scim_from(transaction, team, &leaving).map(|left| left.ended)
    })?;
    Ok(withdrawn.and(add(transaction, team, &wanted)?))
}

/// Removes members, given by id and primary key.
fn remove(
    transaction: &mut Transaction<'_>,
    team: TeamPk,
    members: Vec<(String, MemberPk)>,
) -> Result<Change> {
    let (ids, pks): (Vec<String>, Vec<MemberPk>) = members.into_iter().unzip();
    if pks.len() == 1 {
        return Ok(match team_members::remove(transaction, team, &pks)? {
            0 => Change::default(),
            ended => Change::removing(ended, ids),
        });
    }
    end(transaction, team, &pks, |transaction| team_members::remove(transaction, team, &pks))
}

/// A member as named in a request.
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

/// Returns the members that an operation names. Each is parsed when the iterator reaches it.
fn given(operation: &Operation) -> Result<impl Iterator<Item = Result<Named>>> {
    let members = GROUP.schema.attribute(MEMBERS).ok_or_else(|| ScimError::new(500, MEMBERS))?;
    Ok(patch::multi_value(operation, members)?.map(|value| Named::read(&value?)))
}

/// Calls `visit` for each of these members with its primary key, `None` if it does not exist. Works
/// in chunks, so that a long list is never in memory as a whole.
fn look_up(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    mut named: impl Iterator<Item = Result<Named>>,
    mut visit: impl FnMut(Named, Option<MemberPk>),
) -> Result<()> {
    loop {
        let some: Vec<Named> = named.by_ref().take(team_members::CHUNK).collect::<Result<_>>()?;
        if some.is_empty() {
            return Ok(());
        }
        let ids: Vec<&str> = some.iter().map(|named| named.id.as_str()).collect();
        let known: HashMap<String, MemberPk> =
            team_members::resolve(transaction, enterprise, &ids)?.into_iter().collect();
        for named in some {
            let pk = known.get(&named.id).copied();
            visit(named, pk);
        }
    }
}

/// The existing members that a request names, without duplicates.
#[derive(Default)]
struct Resolved {
    additions: Vec<Addition>,
    /// The ids of the first [`REMEMBERED`] additions.
    ids: Vec<String>,
}

impl Resolved {
    fn push(&mut self, id: String, addition: Addition) {
        self.additions.push(addition);
        if self.ids.len() < REMEMBERED {
            self.ids.push(id);
        }
    }

    /// Keeps the wanted members, and the ids of those that are kept.
    fn retain(&mut self, wanted: impl Fn(MemberPk) -> bool) {
        let mut ids = std::mem::take(&mut self.ids).into_iter();
        let mut kept = Vec::new();
        self.additions.retain(|addition| {
            let (id, keep) = (ids.next(), wanted(addition.member_pk));
            kept.extend(id.filter(|_| keep));
            keep
        });
        self.ids = kept;
    }
}

/// Looks up the named members and removes duplicates.
fn resolve(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    named: impl Iterator<Item = Result<Named>>,
) -> Result<Resolved> {
    let mut unknown = Unknown::default();
    let mut seen = HashSet::new();
    let mut resolved = Resolved::default();
    look_up(transaction, enterprise, named, |named, pk| match pk {
        None => unknown.note(named.id),
        Some(member_pk) if seen.insert(member_pk) => {
            resolved.push(named.id, Addition { member_pk, display: named.display });
        }
        Some(_) => {}
    })?;
    unknown.refuse()?;
    Ok(resolved)
}

/// The named members that do not exist.
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

/// Returns the members of the team that a value filter selects.
fn selected(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    team: TeamPk,
    filter: &Filter,
) -> Result<Vec<(String, MemberPk)>> {
    if let Some(ids) = patch::ids_in_filter(filter) {
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        return Ok(team_members::resolve(transaction, enterprise, &ids)?);
    }
    // Any other filter is evaluated on every member.
    let mut selected = Vec::new();
    team_members::for_each(transaction, team, |member| {
        let value = serde_json::json!({
            "value": member.id,
            "display": member.display.or(member.display_name).unwrap_or(member.user_name),
            "type": "User",
        });
        if filter.matches_value(&value) {
            selected.push((member.id.clone(), member.member_pk));
        }
    })?;
    Ok(selected)
}
