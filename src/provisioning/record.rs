//! Audit log entries of provisioning: one entry per request, with the differences.

use serde_json::{Map, Value, json};

use super::Directory;
use super::mapping::MemberWish;
use super::memberships;
use crate::enterprise::MemberSource;
use crate::enterprise::audit::{self as changes, Change, Target};
use crate::store::members::MemberRow;
use crate::store::teams::{TeamRow, TeamValues};
use crate::store::{StoreResult, Transaction, audit};

/// Returns a member as the audit log shows it.
pub fn member(wish: &MemberWish, source: MemberSource) -> Value {
    let mut shown = wish.document.clone();
    for (name, text) in texts(wish, source) {
        shown.insert(name.to_owned(), text.into());
    }
    shown.insert("active".to_owned(), wish.active.into());
    Value::Object(shown)
}

fn texts(wish: &MemberWish, source: MemberSource) -> [(&'static str, Option<&str>); 5] {
    [
        ("user_name", Some(&wish.user_name)),
        ("external_id", wish.external_id.as_deref()),
        ("display_name", wish.display_name.as_deref()),
        ("note", wish.note.as_deref()),
        ("source", Some(source.as_str())),
    ]
}

/// Returns the differences between two states of a member, before and after. Only these are copied,
/// because most changes are of one attribute.
fn difference(
    (before, old_source): (&MemberWish, MemberSource),
    (after, new_source): (&MemberWish, MemberSource),
) -> (Value, Value) {
    let (mut old, mut new) = changes::difference(&before.document, &after.document);
    for ((name, was), (_, is)) in
        texts(before, old_source).into_iter().zip(texts(after, new_source))
    {
        if was != is {
            old.insert(name.to_owned(), was.into());
            new.insert(name.to_owned(), is.into());
        }
    }
    if before.active != after.active {
        old.insert("active".to_owned(), before.active.into());
        new.insert("active".to_owned(), after.active.into());
    }
    (Value::Object(old), Value::Object(new))
}

/// Records that a user was provisioned, or adopted together with pending invitations.
pub fn provisioned(
    transaction: &mut Transaction<'_>,
    row: &MemberRow,
    wish: &MemberWish,
    invitations: usize,
) -> StoreResult<()> {
    let mut after = member(wish, MemberSource::Scim);
    let action = match invitations {
        0 => "user.provisioned",
        accepted => {
            after["accepted_invitations"] = accepted.into();
            "user.adopted"
        }
    };
    audit::record(transaction, row.enterprise_pk, &Change::made(action, user(row), after))
}

/// Records that the identity provider adopted or changed a member.
pub fn changed(
    transaction: &mut Transaction<'_>,
    (old, before): (&MemberRow, &MemberWish),
    (new, wish): (&MemberRow, &MemberWish),
) -> StoreResult<()> {
    let source = old.source;
    let action = match (source, old.active, new.active) {
        (MemberSource::Manual, ..) => "user.adopted",
        (_, true, false) => "user.deactivated",
        (_, false, true) => "user.reactivated",
        _ => "user.changed",
    };
    let (before, after) = difference((before, source), (wish, MemberSource::Scim));
    let change = Change { action, target: user(new), before, after };
    audit::record(transaction, new.enterprise_pk, &change)
}

/// Records that a user was deleted.
pub fn deleted(
    transaction: &mut Transaction<'_>,
    row: &MemberRow,
    wish: &MemberWish,
) -> StoreResult<()> {
    let change = Change::ended("user.deleted", user(row), member(wish, row.source));
    audit::record(transaction, row.enterprise_pk, &change)
}

fn user(row: &MemberRow) -> Target {
    Target::new("member", row.id.clone(), row.user_name.clone())
}

/// Returns a team as the audit log shows it.
fn team(values: &TeamValues) -> Map<String, Value> {
    let mut shown = match serde_json::from_str(&values.document) {
        Ok(Value::Object(document)) => document,
        _ => Map::new(),
    };
    let named = [
        ("name", Value::from(values.name.as_str())),
        ("description", values.description.as_str().into()),
        ("external_id", values.external_id.clone().into()),
        ("source", values.source.as_str().into()),
    ];
    shown.extend(named.into_iter().map(|(name, value)| (name.to_owned(), value)));
    shown
}

fn with_members(mut shown: Map<String, Value>, change: &memberships::Change) -> Value {
    for (name, members) in [("members_added", &change.added), ("members_removed", &change.removed)]
    {
        if members.count > 0 {
            let members = json!({"count": members.count, "ids": members.ids});
            shown.insert(name.to_owned(), members);
        }
    }
    Value::Object(shown)
}

fn group(row: &TeamRow) -> Target {
    Target::new("team", row.id.clone(), row.name.clone())
}

/// Records that a group was provisioned.
pub fn group_provisioned(
    transaction: &mut Transaction<'_>,
    directory: &Directory,
    row: &TeamRow,
    values: &TeamValues,
    members: &memberships::Change,
) -> StoreResult<()> {
    let after = with_members(team(values), members);
    let change = Change::made("group.provisioned", group(row), after);
    audit::record(transaction, directory.enterprise, &change)
}

/// Records that the identity provider changed a team or began to synchronise it.
pub fn group_changed(
    transaction: &mut Transaction<'_>,
    directory: &Directory,
    row: &TeamRow,
    (before, after): (&TeamValues, &TeamValues),
    members: &memberships::Change,
) -> StoreResult<()> {
    let action = if before.source == after.source { "group.changed" } else { "group.synchronised" };
    let before = Value::Object(team(before));
    let change = Change::changed(action, group(row), before, with_members(team(after), members));
    audit::record(transaction, directory.enterprise, &change)
}

/// Records that a group was deleted. `stays` is `true` if its team remains as a manual one.
pub fn group_deleted(
    transaction: &mut Transaction<'_>,
    directory: &Directory,
    row: &TeamRow,
    stays: bool,
) -> StoreResult<()> {
    let before = json!({
        "name": row.name, "source": row.source, "external_id": row.external_id,
        "members": row.member_count,
    });
    let mut change = Change::ended("group.deleted", group(row), before);
    if stays {
        change.after = json!({"source": "manual"});
    }
    audit::record(transaction, directory.enterprise, &change)
}
