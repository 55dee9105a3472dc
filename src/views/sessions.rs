//! The sessions of a person.

use schemars::JsonSchema;
use serde::Serialize;

use crate::enterprise::sso::SignedInBy;
use crate::enterprise::{SessionPk, Timestamp};
use crate::store::sessions::SessionRow;

/// A session of the person who asks.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Session {
    /// The id of the session, `ses_…`, for the paths below `/sessions`; it is not the secret.
    pub id: String,
    /// Whether it is the session that asks.
    pub is_current: bool,
    /// How the session began: single sign-on, a link by mail, or a recovery link.
    pub signed_in_by: SignedInBy,
    /// When you signed in.
    pub created_at: Timestamp,
    /// When the session was last used, to five minutes.
    pub last_seen_at: Timestamp,
    /// When the session ends at the latest; two hours without use end it earlier.
    pub expires_at: Timestamp,
}

impl Session {
    /// Makes the answer to a request that was sent in the `current` session.
    pub fn of(row: SessionRow, current: SessionPk) -> Self {
        Self {
            is_current: row.pk == current,
            id: row.id,
            signed_in_by: row.signed_in_by,
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
            expires_at: row.expires_at,
        }
    }
}

/// How many sessions ended.
#[derive(Debug, JsonSchema, Serialize)]
pub struct EndedSessions {
    /// The number of sessions that ended.
    pub ended: usize,
}
