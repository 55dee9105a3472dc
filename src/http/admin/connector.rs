//! `/api/v1/connector`: the SCIM page.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::administrator::{Administrator, EnableConnector, ManageConnector};
use super::api::Api;
use super::body::Body;
use super::creation::Creation;
use crate::administration::connector::{self, ConnectorPage, MadeToken, Settings, TokenWish};
use crate::enterprise::Timestamp;
use crate::enterprise::connector::{DEFAULT_GRACE_HOURS, Expiry, Prerequisite, Status};
use crate::enterprise::permissions::Operation;
use crate::http::base::in_order::InOrder;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::connectors::TokenRow;
use crate::store::{Cost, Transaction};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/connector", "connector.read", read)
        .summary("The SCIM page: the connector, its tokens, and what provisioning could not do")
        .needs(Operation::ManageConnector)
        .answers::<Connector>(200);
    api.patch("/connector", "connector.change", change)
        .summary("Says whether invite control binds provisioning, and what the request log keeps")
        .needs(Operation::ManageConnector)
        .body::<Change>()
        .answers::<Connector>(200)
        .refuses(&[409]);
    api.post("/connector/enable", "connector.enable", enable)
        .summary("Enables SCIM; URL and token are answered once")
        .description(
            "Needs the Enterprise plan or the trial, a verified domain, and single sign-on. What is \
             missing is named in one refusal. The URL is that of the first time, for ever.",
        )
        .needs(Operation::ManageConnector)
        .body::<NewToken>()
        .idempotent()
        .answers::<CreatedToken>(201);
    api.post("/connector/disable", "connector.disable", disable)
        .summary("Disables SCIM: every token is refused at once; what was provisioned stays")
        .needs(Operation::ManageConnector)
        .answers_nothing(204)
        .refuses(&[409]);
    api.post("/connector/token", "connector.refresh-token", refresh)
        .summary("Refresh: makes a new token; the old one goes on for the grace period")
        .needs(Operation::ManageConnector)
        .body::<Refresh>()
        .idempotent()
        .answers::<CreatedToken>(201);
    api.delete("/connector/tokens/{id}", "connector.end-token", end_token)
        .summary("Ends a SCIM token at once")
        .needs(Operation::ManageConnector)
        .answers_nothing(204)
        .refuses(&[409]);
}

/// The SCIM page as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Connector {
    /// What to enter in the identity provider; null where SCIM was never enabled.
    scim_base_url: Option<String>,
    status: Status,
    /// Tokens that let in, the newest last, and the one that has expired.
    tokens: Vec<Token>,
    /// What an owner or co-owner should know.
    warnings: Vec<String>,
    /// What enabling needs and is not there.
    missing_prerequisites: Vec<Prerequisite>,
    /// To the second, give or take.
    last_request_at: Option<String>,
    log_personal_values: bool,
    log_days: i64,
    invite_control_binds_scim: bool,
    refusals: Vec<Refusal>,
}

/// A SCIM token as shown.
#[derive(Debug, JsonSchema, Serialize)]
struct Token {
    id: String,
    label: String,
    expiry: String,
    created_at: String,
    created_by: String,
    expires_at: Option<String>,
    /// When a newer one took its place; it goes on until `expires_at`.
    superseded_at: Option<String>,
    /// To the hour.
    last_used_at: Option<String>,
}

impl From<TokenRow> for Token {
    fn from(row: TokenRow) -> Self {
        let time = |at: i64| Timestamp(at).to_rfc3339();
        Self {
            id: row.id.unwrap_or_default(),
            label: row.label,
            expiry: row.expiry,
            created_at: time(row.created_at),
            created_by: row.created_by,
            expires_at: row.expires_at.map(time),
            superseded_at: row.superseded_at.map(time),
            last_used_at: row.last_used_at.map(time),
        }
    }
}

/// What provisioning could not do on one day.
#[derive(Debug, JsonSchema, Serialize)]
struct Refusal {
    kind: String,
    occurrences: i64,
    last_at: String,
    last_subject: String,
    last_detail: String,
}

fn base_url(service: &Service, connector: &str) -> String {
    format!("{}/scim/v2/{connector}", service.public_url)
}

/// Days that a log goes back where nothing is said.
const DEFAULT_LOG_DAYS: i64 = 30;

impl Connector {
    fn of(service: &Service, page: ConnectorPage) -> Self {
        let refusals = page.refusals.into_iter().map(|row| Refusal {
            kind: row.kind,
            occurrences: row.occurrences,
            last_at: Timestamp(row.last_at).to_rfc3339(),
            last_subject: row.last_subject,
            last_detail: row.last_detail,
        });
        let row = page.connector.as_ref();
        Self {
            scim_base_url: row.map(|row| base_url(service, &row.id)),
            status: page.status,
            tokens: page.tokens.into_iter().map(Token::from).collect(),
            warnings: page.warnings,
            missing_prerequisites: page.missing,
            last_request_at: row
                .and_then(|row| row.last_request_at)
                .map(|at| Timestamp(at).to_rfc3339()),
            log_personal_values: row.is_some_and(|row| row.log_personal_values),
            log_days: row.map_or(DEFAULT_LOG_DAYS, |row| row.log_days),
            invite_control_binds_scim: page.invite_control_binds_scim,
            refusals: refusals.collect(),
        }
    }
}

/// What can be changed; what is not said stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    invite_control_binds_scim: Option<bool>,
    /// Whether the request log keeps names, addresses and whatever else is personal.
    log_personal_values: Option<bool>,
    /// Days that the request log goes back.
    #[schemars(range(min = 1, max = 365))]
    log_days: Option<i64>,
}

/// `GET /api/v1/connector`.
pub async fn read(
    service: web::Data<Service>,
    admin: Administrator<ManageConnector>,
) -> Result<web::Json<Connector>, Problem> {
    let now = service.store.clock().now();
    let page = service
        .store
        .read(Cost::Point, move |conn| connector::page(conn, admin.enterprise, now))
        .await?;
    Ok(web::Json(Connector::of(&service, page)))
}

/// `PATCH /api/v1/connector`.
pub async fn change(
    service: web::Data<Service>,
    InOrder(admin, Body(change)): InOrder<Administrator<ManageConnector>, Body<Change>>,
) -> Result<web::Json<Connector>, Problem> {
    let settings = Settings {
        invite_control_binds_scim: change.invite_control_binds_scim,
        log_personal_values: change.log_personal_values,
        log_days: change.log_days,
    };
    let page = service
        .store
        .write(admin.by(), move |transaction| {
            connector::change(transaction, admin.enterprise, settings)
        })
        .await?;
    Ok(web::Json(Connector::of(&service, page)))
}

/// What is said of a token.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// How long it is valid.
    expiry: Expiry,
    /// What you call it.
    #[serde(default = "unnamed")]
    label: String,
}

fn unnamed() -> String {
    "SCIM token".to_owned()
}

/// What is said of a token that takes another's place.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// How long it is valid.
    expiry: Expiry,
    /// What you call it.
    #[serde(default = "unnamed")]
    label: String,
    /// Hours that the old token goes on; 24 if not given.
    #[schemars(range(min = 0, max = 168))]
    grace_hours: Option<i64>,
}

/// A token with its secret.
#[derive(Debug, JsonSchema, Serialize)]
pub struct CreatedToken {
    scim_base_url: String,
    #[serde(flatten)]
    token: Token,
    /// Enter it in the identity provider. It is not shown again.
    secret: String,
}

impl CreatedToken {
    fn of(public_url: &str, made: MadeToken) -> Self {
        Self {
            scim_base_url: format!("{public_url}/scim/v2/{}", made.connector_id),
            token: made.token.into(),
            secret: made.secret,
        }
    }
}

/// `POST /api/v1/connector/enable`.
async fn enable(
    service: web::Data<Service>,
    creation: Creation<EnableConnector, NewToken>,
) -> Result<HttpResponse, Problem> {
    let (enterprise, new) = (creation.admin.enterprise, creation.body.clone());
    let wish = TokenWish { label: new.label, expiry: new.expiry };
    let url = service.public_url.clone();
    let work = move |transaction: &mut Transaction<'_>| {
        let made = connector::enable(transaction, enterprise, &wish)?;
        Ok(CreatedToken::of(&url, made))
    };
    creation.create_secret(&service, work).await
}

/// `POST /api/v1/connector/disable`.
async fn disable(
    service: web::Data<Service>,
    admin: Administrator<ManageConnector>,
) -> Result<HttpResponse, Problem> {
    let enterprise = admin.enterprise;
    service
        .store
        .write(admin.by(), move |transaction| connector::disable(transaction, enterprise))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /api/v1/connector/token`.
async fn refresh(
    service: web::Data<Service>,
    creation: Creation<ManageConnector, Refresh>,
) -> Result<HttpResponse, Problem> {
    let (enterprise, new) = (creation.admin.enterprise, creation.body.clone());
    let wish = TokenWish { label: new.label, expiry: new.expiry };
    let grace = new.grace_hours.unwrap_or(DEFAULT_GRACE_HOURS);
    let url = service.public_url.clone();
    let work = move |transaction: &mut Transaction<'_>| {
        let made = connector::refresh(transaction, enterprise, &wish, grace)?;
        Ok(CreatedToken::of(&url, made))
    };
    creation.create_secret(&service, work).await
}

/// `DELETE /api/v1/connector/tokens/{id}`.
async fn end_token(
    service: web::Data<Service>,
    admin: Administrator<ManageConnector>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let enterprise = admin.enterprise;
    service
        .store
        .write(admin.by(), move |transaction| connector::end_token(transaction, enterprise, &id))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
