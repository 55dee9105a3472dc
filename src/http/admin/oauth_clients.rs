//! `/api/v1/connector/oauth-clients`: how identity providers fetch tokens by themselves.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::administrator::{Administrator, ManageConnector};
use super::api::Api;
use super::creation::Creation;
use super::list::{List, Paged, Paging};
use crate::administration::oauth::clients::{self, MadeClient, Wish};
use crate::enterprise::Timestamp;
use crate::enterprise::connector::DEFAULT_GRACE_HOURS;
use crate::enterprise::oauth::GrantType;
use crate::enterprise::permissions::Operation;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::oauth::ClientRow;
use crate::store::{Cost, Transaction};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/connector/oauth-clients", "oauth-clients.list", list)
        .summary("The connector's OAuth clients, in order of creation")
        .needs(Operation::ManageConnector)
        .query::<Paging>()
        .answers::<List<OAuthClient>>(200)
        .refuses(&[409]);
    api.post("/connector/oauth-clients", "oauth-clients.create", create)
        .summary("Makes an OAuth client; its secret is shown once")
        .description(
            "Without redirect_uris the client may use client_credentials; with them \
             authorization_code and refresh_token, unless grant_types say otherwise.",
        )
        .needs(Operation::ManageConnector)
        .body::<NewClient>()
        .idempotent()
        .answers::<CreatedClient>(201);
    api.post("/connector/oauth-clients/{id}/secret", "oauth-clients.rotate-secret", rotate)
        .summary("Gives an OAuth client a new secret; the old one goes on for the overlap")
        .needs(Operation::ManageConnector)
        .body::<Rotation>()
        .idempotent()
        .answers::<CreatedClient>(201);
    api.delete("/connector/oauth-clients/{id}", "oauth-clients.revoke", revoke)
        .summary("Ends an OAuth client and every token that it was given")
        .needs(Operation::ManageConnector)
        .answers_nothing(204);
}

/// An OAuth client as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct OAuthClient {
    /// The client id.
    id: String,
    name: String,
    redirect_uris: Vec<String>,
    grant_types: Vec<String>,
    created_at: String,
    created_by: String,
    /// Until when the secret before the last rotation is good.
    former_secret_until: Option<String>,
    authorization_url: String,
    token_url: String,
}

impl OAuthClient {
    fn of(public_url: &str, row: ClientRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            redirect_uris: row.redirect_uris.lines().map(str::to_owned).collect(),
            grant_types: row.grant_types.split(' ').map(str::to_owned).collect(),
            created_at: Timestamp(row.created_at).to_rfc3339(),
            created_by: row.created_by,
            former_secret_until: row.former_secret_until.map(|at| Timestamp(at).to_rfc3339()),
            authorization_url: format!("{public_url}/oauth/authorize"),
            token_url: format!("{public_url}/oauth/token"),
        }
    }
}

/// What is said of a new client.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewClient {
    /// What you call it.
    name: String,
    /// Where it may be sent back to, letter by letter.
    #[serde(default)]
    #[schemars(length(max = 10))]
    redirect_uris: Vec<String>,
    /// What it may ask for tokens with.
    #[serde(default)]
    grant_types: Vec<GrantType>,
}

/// What is said of a new secret.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rotation {
    /// Hours that the old secret goes on; 24 if not given.
    #[schemars(range(min = 0, max = 168))]
    overlap_hours: Option<i64>,
}

/// A client with its secret.
#[derive(Debug, JsonSchema, Serialize)]
pub struct CreatedClient {
    #[serde(flatten)]
    client: OAuthClient,
    /// The client secret. It is not shown again.
    secret: String,
}

impl CreatedClient {
    fn of(public_url: &str, made: MadeClient) -> Self {
        Self { client: OAuthClient::of(public_url, made.client), secret: made.secret }
    }
}

/// `GET /api/v1/connector/oauth-clients`.
async fn list(
    service: web::Data<Service>,
    admin: Administrator<ManageConnector>,
    paging: Paged,
) -> Result<web::Json<List<OAuthClient>>, Problem> {
    let (after, limit) = paging.range()?;
    let page = service
        .store
        .read(Cost::Point, move |conn| clients::list(conn, admin.enterprise, after, limit))
        .await?;
    Ok(web::Json(paging.list(page, |row| OAuthClient::of(&service.public_url, row))))
}

/// `POST /api/v1/connector/oauth-clients`.
async fn create(
    service: web::Data<Service>,
    creation: Creation<ManageConnector, NewClient>,
) -> Result<HttpResponse, Problem> {
    let (enterprise, new) = (creation.admin.enterprise, creation.body.clone());
    let wish =
        Wish { name: new.name, redirect_uris: new.redirect_uris, grant_types: new.grant_types };
    let url = service.public_url.clone();
    let work = move |transaction: &mut Transaction<'_>| {
        clients::create(transaction, enterprise, &wish).map(|made| CreatedClient::of(&url, made))
    };
    creation.create_secret(&service, work).await
}

/// `POST /api/v1/connector/oauth-clients/{id}/secret`.
async fn rotate(
    service: web::Data<Service>,
    creation: Creation<ManageConnector, Rotation>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let enterprise = creation.admin.enterprise;
    let overlap = creation.body.overlap_hours.unwrap_or(DEFAULT_GRACE_HOURS);
    let url = service.public_url.clone();
    let work = move |transaction: &mut Transaction<'_>| {
        let made = clients::rotate(transaction, enterprise, &id, overlap)?;
        Ok(CreatedClient::of(&url, made))
    };
    creation.create_secret(&service, work).await
}

/// `DELETE /api/v1/connector/oauth-clients/{id}`.
async fn revoke(
    service: web::Data<Service>,
    admin: Administrator<ManageConnector>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let enterprise = admin.enterprise;
    service
        .store
        .write(admin.by(), move |transaction| clients::revoke(transaction, enterprise, &id))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
