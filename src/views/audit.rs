//! The audit log.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::enterprise::audit::ActorKind;
use crate::enterprise::{Timestamp, audit_actions};
use crate::store::audit::AuditRow;

/// A change in the account.
#[derive(Debug, JsonSchema, Serialize)]
pub struct AuditEntry {
    /// When the change was made.
    pub at: Timestamp,
    /// Who made the change.
    pub actor: AuditActor,
    /// The thing and a verb, such as `team.created`.
    pub action: String,
    /// What was changed.
    pub target: AuditTarget,
    /// The values before the change, only those that differ; null if the target is new.
    pub before: Value,
    /// The values after the change, only those that differ; null if the target is gone.
    pub after: Value,
    /// The `X-Request-Id` of the request that made the change; null if no request did.
    pub request_id: Option<String>,
}

/// Who made a change.
#[derive(Debug, JsonSchema, Serialize)]
pub struct AuditActor {
    /// What kind of actor it is; only a `member` belongs to the account.
    pub kind: ActorKind,
    /// The id of the member, the connector or the OAuth client; empty for every other actor.
    pub id: String,
    /// The name by which people knew the actor when the change was made.
    pub name: String,
}

/// What was changed.
#[derive(Debug, JsonSchema, Serialize)]
pub struct AuditTarget {
    /// What kind of thing it is, such as `member`, `team` or `organization`.
    pub kind: String,
    /// The id of the thing; empty if it has none.
    pub id: String,
    /// The name by which people knew the thing when it was changed.
    pub name: String,
}

impl From<AuditRow> for AuditEntry {
    fn from(row: AuditRow) -> Self {
        let json = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
        Self {
            at: row.at,
            actor: AuditActor { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
            action: row.action,
            target: AuditTarget { kind: row.target_kind, id: row.target_id, name: row.target_name },
            before: json(&row.before),
            after: json(&row.after),
            request_id: row.request_id,
        }
    }
}

/// An action of the audit log.
#[derive(Debug, JsonSchema, Serialize)]
pub struct AuditAction {
    /// The thing and a verb, such as `team.created`.
    pub action: &'static str,
    /// What the action means, as a sentence without a full stop.
    pub text: &'static str,
}

impl AuditAction {
    /// Returns all actions that the audit log knows.
    pub fn all() -> Vec<Self> {
        let known = audit_actions::ACTIONS.iter();
        known.map(|(action, text)| Self { action, text }).collect()
    }
}
