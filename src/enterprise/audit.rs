//! Changes and their authors, as the audit log records them (docs/domain.md, *Reports*).

use serde_json::{Map, Value};

use super::words::words;

words! {
    /// The kind of actor that makes a change.
    ActorKind {
        /// A member of the account, by token or session.
        Member = "member",
        /// A person who is not (yet) a member, known by an address.
        Person = "person",
        /// The account's connector.
        IdentityProvider = "identity_provider",
        /// The operator of the server.
        Operator = "operator",
        /// The billing system.
        Billing = "billing",
        /// The server itself, in a scheduled job.
        System = "system",
    }
}

/// The author of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Whether it is a member, the connector, the operator, ….
    pub kind: ActorKind,
    /// The id of the member or connector; empty for other kinds.
    pub id: String,
    /// The display name.
    pub name: String,
}

impl Actor {
    /// Returns the actor of a kind that has only one, such as the operator.
    pub fn the(kind: ActorKind) -> Self {
        Self { kind, id: String::new(), name: kind.as_str().to_owned() }
    }
}

/// The origin of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The author of the change.
    pub actor: Actor,
    /// The id of the request that made the change, if there was one.
    pub request_id: Option<String>,
}

impl Origin {
    /// Returns the origin of changes that the server makes on its own.
    pub fn system() -> Self {
        Self { actor: Actor::the(ActorKind::System), request_id: None }
    }

    /// Returns the origin of changes that the operator makes.
    pub fn operator() -> Self {
        Self { actor: Actor::the(ActorKind::Operator), request_id: None }
    }
}

/// The thing that a change affects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The kind of thing: `member`, `team`, ….
    pub kind: &'static str,
    /// The id by which the API knows it.
    pub id: String,
    /// The display name.
    pub name: String,
}

impl Target {
    /// Describes the thing with this id and display name.
    pub fn new(kind: &'static str, id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { kind, id: id.into(), name: name.into() }
    }
}

/// A change as the audit log stores it.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The thing and a verb, such as `team.created`.
    pub action: &'static str,
    /// The thing that was changed.
    pub target: Target,
    /// The state before; null if the thing did not exist.
    pub before: Value,
    /// The state after; null if the thing no longer exists.
    pub after: Value,
}

impl Change {
    /// Records that a thing was created.
    pub fn made(action: &'static str, target: Target, after: Value) -> Self {
        Self { action, target, before: Value::Null, after }
    }

    /// Records that a thing was removed.
    pub fn ended(action: &'static str, target: Target, before: Value) -> Self {
        Self { action, target, before, after: Value::Null }
    }

    /// Records that a thing was changed. Of two objects, only the members that differ are kept.
    pub fn changed(action: &'static str, target: Target, before: Value, after: Value) -> Self {
        let (before, after) = match (before, after) {
            (Value::Object(before), Value::Object(after)) => {
                let (before, after) = difference(&before, &after);
                (Value::Object(before), Value::Object(after))
            }
            other => other,
        };
        Self { action, target, before, after }
    }

    /// Returns `true` if nothing changed.
    pub fn is_empty(&self) -> bool {
        self.before == self.after
    }
}

/// Returns the members of both objects that differ. Copies only those.
pub fn difference(
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) -> (Map<String, Value>, Map<String, Value>) {
    let beyond = |one: &Map<String, Value>, other: &Map<String, Value>| {
        one.iter()
            .filter(|(name, value)| other.get(*name) != Some(*value))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    };
    (beyond(before, after), beyond(after, before))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_change_keeps_what_differs() {
        let change = Change::changed(
            "team.changed",
            Target::new("team", "team_1", "Flight"),
            json!({"name": "Fly", "role": "member", "gone": 1}),
            json!({"name": "Flight", "role": "member", "new": 2}),
        );
        assert_eq!(change.before, json!({"name": "Fly", "gone": 1}));
        assert_eq!(change.after, json!({"name": "Flight", "new": 2}));
        assert!(!change.is_empty());
    }

    #[test]
    fn nothing_different_is_no_change() {
        let same = json!({"name": "Flight"});
        let target = Target::new("team", "team_1", "Flight");
        assert!(Change::changed("team.changed", target, same.clone(), same).is_empty());
    }
}
