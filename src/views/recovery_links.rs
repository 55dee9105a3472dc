//! Recovery links of an owner.

use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::recovery::MadeLink;
use crate::enterprise::Timestamp;
use crate::enterprise::recovery::LinkMaker;
use crate::store::recovery_links::RecoveryLinkRow;

/// A recovery link of an owner.
#[derive(Debug, JsonSchema, Serialize)]
pub struct RecoveryLink {
    /// The id of the link, `rcv_…`; it is not what the link ends with.
    pub id: String,
    /// Who made the link: `owner` if you did, `operator` if it was sent to you.
    pub made_by: LinkMaker,
    /// When the link was made.
    pub created_at: Timestamp,
    /// When the link ends: a year after you made it, an hour after the operator sent it.
    pub expires_at: Timestamp,
    /// When the link was used; null while it is open.
    pub used_at: Option<Timestamp>,
}

impl From<RecoveryLinkRow> for RecoveryLink {
    fn from(row: RecoveryLinkRow) -> Self {
        Self {
            id: row.id,
            made_by: row.made_by,
            created_at: row.created_at,
            expires_at: row.expires_at,
            used_at: row.used_at,
        }
    }
}

/// A new recovery link, with its URL.
#[derive(Debug, JsonSchema, Serialize)]
pub struct CreatedRecoveryLink {
    /// The link.
    #[serde(flatten)]
    pub link: RecoveryLink,
    /// The link to keep; it signs you in when opened in a browser, once. It is not shown again.
    pub url: String,
}

impl CreatedRecoveryLink {
    /// Makes the answer of a server with this public URL.
    pub fn of(public_url: &str, made: MadeLink) -> Self {
        let url = format!("{public_url}/recover/{}", made.secret);
        Self { link: made.link.into(), url }
    }
}
