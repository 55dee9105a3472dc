//! Who changes something, and what of it the audit log keeps (DOMAIN.md, *Reports*).

use serde_json::{Map, Value};

use super::words::words;

words! {
    /// What kind of actor changes something.
    ActorKind {
        /// A member of the account, by token or session.
        Member = "member",
        /// Somebody who is not a member (yet), known by an address.
        Person = "person",
        /// The account's connector.
        IdentityProvider = "identity_provider",
        /// Whoever runs the server.
        Operator = "operator",
        /// The billing system.
        Billing = "billing",
        /// The server itself, by the clock.
        System = "system",
    }
}

/// Who changes something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// What it is.
    pub kind: ActorKind,
    /// Its id: a member's, a connector's; empty where it has none.
    pub id: String,
    /// What people know it by.
    pub name: String,
}

impl Actor {
    /// An actor of a kind of which there is one.
    pub fn the(kind: ActorKind) -> Self {
        Self { kind, id: String::new(), name: kind.as_str().to_owned() }
    }
}

/// Where a change comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Who.
    pub actor: Actor,
    /// The request that asked for it, if one did.
    pub request_id: Option<String>,
}

impl Origin {
    /// The server itself.
    pub fn system() -> Self {
        Self { actor: Actor::the(ActorKind::System), request_id: None }
    }

    /// Whoever runs the server.
    pub fn operator() -> Self {
        Self { actor: Actor::the(ActorKind::Operator), request_id: None }
    }
}

/// What a change is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What it is: `member`, `team`, ….
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// What people know it by.
    pub name: String,
}

impl Target {
    /// A target.
    pub fn new(kind: &'static str, id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { kind, id: id.into(), name: name.into() }
    }
}

/// A change, as the audit log keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// What was done: the thing and a verb, such as `team.created`.
    pub action: &'static str,
    /// To what.
    pub target: Target,
    /// How it was; null for what was not there.
    pub before: Value,
    /// How it is; null for what is gone.
    pub after: Value,
}

impl Change {
    /// Something is there that was not.
    pub fn made(action: &'static str, target: Target, after: Value) -> Self {
        Self { action, target, before: Value::Null, after }
    }

    /// Something is gone.
    pub fn ended(action: &'static str, target: Target, before: Value) -> Self {
        Self { action, target, before, after: Value::Null }
    }

    /// Something is different: of two objects only the members that differ are kept.
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

    /// Whether it says nothing: nothing was different.
    pub fn is_empty(&self) -> bool {
        self.before == self.after
    }
}

/// What of two objects differs, of each: only that is copied.
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
