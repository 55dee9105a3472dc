//! `/api/v1/connector`: the SCIM page.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Serialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Created, NoContent};
use super::api::Api;
use super::body::Body;
use super::creation::Creation;
use super::permits::{EnableConnector, MakeConnectorSecrets, ManageConnector, Reading, Smaller};
use crate::administration::connector::{
    self, ConnectorPage, MadeToken, RefreshWish, Settings, TokenWish,
};
use crate::enterprise::Timestamp;
use crate::enterprise::connector::{ConnectorStatus, Prerequisite, TokenExpiry};
use crate::enterprise::seats::RefusalKind;
use crate::http::base::problem::Problem;
use crate::store::connectors::TokenRow;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/connector", "connector.get", read)
        .formerly("read")
        .summary("The SCIM page: the connector, its tokens, and what provisioning could not do");
    api.patch("/connector", "connector.change", change)
        .summary("Says whether invite control binds provisioning, and what the request log keeps")
        .refuses(&[409]);
    api.post("/connector/enable", "connector.enable", enable)
        .summary("Enables SCIM; URL and token are answered once")
        .description(
            "Needs the Enterprise plan or the trial, a verified domain, and single sign-on. What is \
             missing is named in one refusal. The URL is that of the first time, for ever.",
        );
    api.post("/connector/disable", "connector.disable", disable)
        .summary("Disables SCIM: every token is refused at once; what was provisioned stays")
        .refuses(&[409]);
    api.post("/connector/token", "connector.refresh-token", refresh)
        .summary("Refresh: makes a new token; the old one goes on for the grace period");
    api.delete("/connector/tokens/{id}", "connector.delete-token", end_token)
        .formerly("end-token")
        .summary("Ends a SCIM token at once")
        .refuses(&[409]);
}

/// The account's connector, its SCIM tokens, and what provisioning could not do.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Connector {
    /// The URL to enter in the identity provider; it never changes. Null if never enabled.
    scim_base_url: Option<String>,
    /// Whether identity providers are let in, and whether the newest token ends soon.
    status: ConnectorStatus,
    /// The tokens that are valid, the newest last, and the newest if it has expired.
    tokens: Vec<ConnectorToken>,
    /// What an owner or co-owner should do, as sentences; empty if there is nothing.
    warnings: Vec<String>,
    /// What the account lacks to enable SCIM; a connector that is enabled goes on.
    missing_prerequisites: Vec<Prerequisite>,
    /// When a request was last let in, to within about a second; null if none ever was.
    last_request_at: Option<Timestamp>,
    /// Whether the request log keeps names, addresses and other personal values unmasked.
    log_personal_values: bool,
    /// Days for which the request log keeps each request; 30 unless changed.
    log_days: i64,
    /// Whether invite control also binds the members that SCIM provisions.
    invite_control_binds_scim: bool,
    /// What provisioning could not do, one entry for each kind and day, the newest first.
    refusals: Vec<ProvisioningRefusal>,
}

/// A SCIM token of the connector.
#[derive(Debug, JsonSchema, Serialize)]
struct ConnectorToken {
    /// The id of the token, `stok_…`; it is not the secret.
    id: String,
    /// The name by which administrators know the token.
    label: String,
    /// How long the token was chosen to be valid; `expires_at` is the time that came of it.
    expiry: TokenExpiry,
    /// When the token was made.
    created_at: Timestamp,
    /// Who made the token: a user name, or `operator`.
    created_by: String,
    /// When the token ends, by its `expiry` or its grace period; null if never.
    expires_at: Option<Timestamp>,
    /// When a newer token took its place; null if none did. It is valid until `expires_at`.
    superseded_at: Option<Timestamp>,
    /// When the token was last used, to the hour; null if never.
    last_used_at: Option<Timestamp>,
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
struct ProvisioningRefusal {
    /// Why it could not be done.
    kind: RefusalKind,
    /// The number of requests that were refused for this on the day (UTC).
    occurrences: i64,
    /// When the last of these requests was refused.
    last_at: Timestamp,
    /// Whom the last of these requests concerned.
    last_subject: String,
    /// What the identity provider was told in answer to the last of these requests.
    last_detail: String,
}

fn base_url(public_url: &str, connector: &str) -> String {
    format!("{public_url}/scim/v2/{connector}")
}

/// Days for which the request log keeps requests by default.
const DEFAULT_LOG_DAYS: i64 = 30;

impl Connector {
    fn of(public_url: &str, page: ConnectorPage) -> Self {
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
    scim_base_url: String,
    #[serde(flatten)]
    token: ConnectorToken,
    /// The token to enter in the identity provider, `insomnia_scim_…`. It is not shown again.
    secret: String,
}

impl CreatedConnectorToken {
    fn of(public_url: &str, made: MadeToken) -> Self {
        Self {
            scim_base_url: base_url(public_url, &made.connector_id),
            token: made.token.into(),
            secret: made.secret,
        }
    }
}

async fn read(admin: Administrator<Reading<ManageConnector>>) -> Shown<Connector> {
    let now = admin.now();
    let page = admin.read(move |conn, account| connector::page(conn, account, now)).await?;
    Ok(Json(Connector::of(&admin.service.public_url, page)))
}

async fn change(
    admin: Administrator<ManageConnector>,
    Body(settings): Body<Settings>,
) -> Shown<Connector> {
    let page = admin
        .write(move |transaction, account| connector::change(transaction, account, settings))
        .await?;
    Ok(Json(Connector::of(&admin.service.public_url, page)))
}

async fn enable(
    creation: Creation<EnableConnector, TokenWish>,
) -> Result<Created<CreatedConnectorToken>, Problem> {
    let url = creation.admin.service.public_url.clone();
    creation
        .of_secret()
        .create(move |transaction, account, wish| {
            Ok(CreatedConnectorToken::of(&url, connector::enable(transaction, account, wish)?))
        })
        .await
}

async fn disable(admin: Administrator<Smaller<ManageConnector>>) -> Result<NoContent, Problem> {
    admin.end(connector::disable).await
}

async fn refresh(
    creation: Creation<MakeConnectorSecrets, RefreshWish>,
) -> Result<Created<CreatedConnectorToken>, Problem> {
    let url = creation.admin.service.public_url.clone();
    creation
        .of_secret()
        .create(move |transaction, account, wish| {
            Ok(CreatedConnectorToken::of(&url, connector::refresh(transaction, account, wish)?))
        })
        .await
}

async fn end_token(
    admin: Administrator<Smaller<ManageConnector>>,
    id: Path<String>,
) -> Result<NoContent, Problem> {
    admin.end(move |transaction, account| connector::end_token(transaction, account, &id)).await
}
