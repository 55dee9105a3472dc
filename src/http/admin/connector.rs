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
use super::permits::{EnableConnector, ManageConnector};
use crate::administration::connector::{
    self, ConnectorPage, MadeToken, RefreshWish, Settings, TokenWish,
};
use crate::enterprise::Timestamp;
use crate::enterprise::connector::{TokenExpiry, Prerequisite, ConnectorStatus};
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

/// The SCIM page as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Connector {
    /// What to enter in the identity provider; null where SCIM was never enabled.
    scim_base_url: Option<String>,
    status: ConnectorStatus,
    /// Tokens that let in, the newest last, and the one that has expired.
    tokens: Vec<ConnectorToken>,
    /// What an owner or co-owner should know.
    warnings: Vec<String>,
    /// What enabling needs and is not there.
    missing_prerequisites: Vec<Prerequisite>,
    /// To the second, give or take.
    last_request_at: Option<Timestamp>,
    log_personal_values: bool,
    log_days: i64,
    invite_control_binds_scim: bool,
    refusals: Vec<ProvisioningRefusal>,
}

/// A SCIM token as shown.
#[derive(Debug, JsonSchema, Serialize)]
struct ConnectorToken {
    id: String,
    label: String,
    expiry: TokenExpiry,
    created_at: Timestamp,
    created_by: String,
    expires_at: Option<Timestamp>,
    /// When a newer one took its place; it goes on until `expires_at`.
    superseded_at: Option<Timestamp>,
    /// To the hour.
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
    kind: RefusalKind,
    occurrences: i64,
    last_at: Timestamp,
    last_subject: String,
    last_detail: String,
}

fn base_url(public_url: &str, connector: &str) -> String {
    format!("{public_url}/scim/v2/{connector}")
}

/// Days that a log goes back where nothing is said.
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

/// A token with its secret.
#[derive(Debug, JsonSchema, Serialize)]
pub struct CreatedConnectorToken {
    scim_base_url: String,
    #[serde(flatten)]
    token: ConnectorToken,
    /// Enter it in the identity provider. It is not shown again.
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

async fn read(admin: Administrator<ManageConnector>) -> Shown<Connector> {
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
        .create_secret(move |transaction, account, wish| {
            Ok(CreatedConnectorToken::of(&url, connector::enable(transaction, account, wish)?))
        })
        .await
}

async fn disable(admin: Administrator<ManageConnector>) -> Result<NoContent, Problem> {
    admin.end(connector::disable).await
}

async fn refresh(
    creation: Creation<ManageConnector, RefreshWish>,
) -> Result<Created<CreatedConnectorToken>, Problem> {
    let url = creation.admin.service.public_url.clone();
    creation
        .create_secret(move |transaction, account, wish| {
            Ok(CreatedConnectorToken::of(&url, connector::refresh(transaction, account, wish)?))
        })
        .await
}

async fn end_token(
    admin: Administrator<ManageConnector>,
    id: Path<String>,
) -> Result<NoContent, Problem> {
    admin.end(move |transaction, account| connector::end_token(transaction, account, &id)).await
}
