//! The SCIM page: the connector, its tokens, and what provisioning could not do.

use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::connector::{ConnectorPage, MadeToken};
use crate::enterprise::Timestamp;
use crate::enterprise::connector::{ConnectorStatus, Prerequisite, TokenExpiry};
use crate::enterprise::seats::RefusalKind;
use crate::store::connectors::TokenRow;

/// The account's connector, its SCIM tokens, and what provisioning could not do.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Connector {
    /// The URL to enter in the identity provider; it never changes. Null if never enabled.
    pub scim_base_url: Option<String>,
    /// Whether identity providers are let in, and whether the newest token ends soon.
    pub status: ConnectorStatus,
    /// The tokens that are valid, the newest last, and the newest if it has expired.
    pub tokens: Vec<ConnectorToken>,
    /// What an owner or co-owner should do, as sentences; empty if there is nothing.
    pub warnings: Vec<String>,
    /// What the account lacks to enable SCIM; a connector that is enabled goes on.
    pub missing_prerequisites: Vec<Prerequisite>,
    /// When a request was last let in, to within about a second; null if none ever was.
    pub last_request_at: Option<Timestamp>,
    /// Whether the request log keeps names, addresses and other personal values unmasked.
    pub log_personal_values: bool,
    /// Days for which the request log keeps each request; 30 unless changed.
    pub log_days: i64,
    /// Whether invite control also binds the members that SCIM provisions.
    pub invite_control_binds_scim: bool,
    /// What provisioning could not do, one entry for each kind and day, the newest first.
    pub refusals: Vec<ProvisioningRefusal>,
}

/// A SCIM token of the connector.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ConnectorToken {
    /// The id of the token, `stok_…`; it is not the secret.
    pub id: String,
    /// The name by which administrators know the token.
    pub label: String,
    /// How long the token was chosen to be valid; `expires_at` is the time that came of it.
    pub expiry: TokenExpiry,
    /// When the token was made.
    pub created_at: Timestamp,
    /// Who made the token: a user name, or `operator`.
    pub created_by: String,
    /// When the token ends, by its `expiry` or its grace period; null if never.
    pub expires_at: Option<Timestamp>,
    /// When a newer token took its place; null if none did. It is valid until `expires_at`.
    pub superseded_at: Option<Timestamp>,
    /// When the token was last used, to the hour; null if never.
    pub last_used_at: Option<Timestamp>,
}

impl From<TokenRow> for ConnectorToken {
    fn from(row: TokenRow) -> Self {
        Self {
            id: row.id.unwrap_or_default(),
            label: row.label,
            expiry: row.expiry,
            created_at: row.created_at,
            created_by: row.created_by,
            expires_at: row.expires_at,
            superseded_at: row.superseded_at,
            last_used_at: row.last_used_at,
        }
    }
}

/// What provisioning could not do on one day.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ProvisioningRefusal {
    /// Why it could not be done.
    pub kind: RefusalKind,
    /// The number of requests that were refused for this on the day (UTC).
    pub occurrences: i64,
    /// When the last of these requests was refused.
    pub last_at: Timestamp,
    /// Whom the last of these requests concerned.
    pub last_subject: String,
    /// What the identity provider was told in answer to the last of these requests.
    pub last_detail: String,
}

fn base_url(public_url: &str, connector: &str) -> String {
    format!("{public_url}/scim/v2/{connector}")
}

/// Days for which the request log keeps requests by default.
const DEFAULT_LOG_DAYS: i64 = 30;

impl Connector {
    /// Makes the answer of a server with this public URL.
    pub fn of(public_url: &str, page: ConnectorPage) -> Self {
        let refusals = page.refusals.into_iter().map(|row| ProvisioningRefusal {
            kind: row.kind,
            occurrences: row.occurrences,
            last_at: row.last_at,
            last_subject: row.last_subject,
            last_detail: row.last_detail,
        });
        let row = page.connector.as_ref();
        Self {
            scim_base_url: row.map(|row| base_url(public_url, &row.id)),
            status: page.status,
            tokens: page.tokens.into_iter().map(ConnectorToken::from).collect(),
            warnings: page.warnings,
            missing_prerequisites: page.missing,
            last_request_at: row.and_then(|row| row.last_request_at),
            log_personal_values: row.is_some_and(|row| row.log_personal_values),
            log_days: row.map_or(DEFAULT_LOG_DAYS, |row| row.log_days),
            invite_control_binds_scim: page.invite_control_binds_scim,
            refusals: refusals.collect(),
        }
    }
}

/// A new SCIM token with its secret.
#[derive(Debug, JsonSchema, Serialize)]
pub struct CreatedConnectorToken {
    /// The URL to enter in the identity provider along with the secret.
    pub scim_base_url: String,
    /// The token.
    #[serde(flatten)]
    pub token: ConnectorToken,
    /// The token to enter in the identity provider, `insomnia_scim_…`. It is not shown again.
    pub secret: String,
}

impl CreatedConnectorToken {
    /// Makes the answer of a server with this public URL.
    pub fn of(public_url: &str, made: MadeToken) -> Self {
        Self {
            scim_base_url: base_url(public_url, &made.connector_id),
            token: made.token.into(),
            secret: made.secret,
        }
    }
}
