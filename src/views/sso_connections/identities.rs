//! The identities by which members sign in.

use schemars::JsonSchema;
use serde::Serialize;

use crate::enterprise::Timestamp;
use crate::store::sso_identities::IdentityRow;

/// What the identity provider calls a member.
#[derive(Debug, JsonSchema, Serialize)]
pub struct SsoIdentity {
    /// The id of the member, for the paths below `/members`.
    pub member_id: String,
    /// The member's user name in the account.
    pub user_name: String,
    /// The identity provider: issuer or entity id; null if only a name that waits is known.
    pub issuer: Option<String>,
    /// The name that the identity provider gives the member: `sub` or NameID; null if `issuer` is.
    pub subject: Option<String>,
    /// When `subject` was first seen or confirmed; if it is null, when `asked_subject` was seen.
    pub noted_at: Timestamp,
    /// The issuer or entity id of `asked_subject`; null if no name waits.
    pub asked_issuer: Option<String>,
    /// Another `sub` or NameID with the member's address, to be confirmed; null if none waits.
    pub asked_subject: Option<String>,
    /// When `asked_subject` last tried to sign in; null if no name waits.
    pub asked_at: Option<Timestamp>,
}

impl From<IdentityRow> for SsoIdentity {
    fn from(row: IdentityRow) -> Self {
        Self {
            member_id: row.member_id,
            user_name: row.user_name,
            issuer: row.issuer,
            subject: row.subject,
            noted_at: row.noted_at,
            asked_issuer: row.asked_issuer,
            asked_subject: row.asked_subject,
            asked_at: row.asked_at,
        }
    }
}
