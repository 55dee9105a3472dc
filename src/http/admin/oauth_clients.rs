//! `/api/v1/connector/oauth-clients`: how identity providers fetch tokens by themselves.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Created, NoContent};
use super::api::Api;
use super::creation::Creation;
use super::list::Paged;
use super::permits::{MakeConnectorSecrets, ManageConnector, Reading, Smaller};
use crate::administration::oauth::clients::{self, Wish};
use crate::enterprise::connector::DEFAULT_GRACE_HOURS;
use crate::http::base::problem::Problem;
use crate::views::list::List;
use crate::views::oauth_clients::{CreatedOAuthClient, OAuthClient};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/connector/oauth-clients", "oauth-clients.list", list)
        .summary("The connector's OAuth clients, in order of creation")
        .refuses(&[409]);
    api.post("/connector/oauth-clients", "oauth-clients.create", create)
        .summary("Makes an OAuth client; its secret is shown once")
        .description(
            "Without redirect_uris the client may use client_credentials; with them \
             authorization_code and refresh_token, unless grant_types say otherwise.",
        );
    api.post("/connector/oauth-clients/{id}/secret", "oauth-clients.rotate-secret", rotate)
        .summary("Gives an OAuth client a new secret; the old one goes on for the overlap");
    api.delete("/connector/oauth-clients/{id}", "oauth-clients.delete", revoke)
        .formerly("revoke")
        .summary("Ends an OAuth client and every token that it was given");
}

/// A new secret for an OAuth client.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretRotation {
    /// Hours for which the old secret stays valid, 0 to 168; 24 if left out, 0 ends it at once.
    #[schemars(range(min = 0, max = 168))]
    overlap_hours: Option<i64>,
}

async fn list(
    admin: Administrator<Reading<ManageConnector>>,
    paging: Paged,
) -> Shown<List<OAuthClient>> {
    let (after, limit) = paging.range()?;
    let page = admin.read(move |conn, account| clients::list(conn, account, after, limit)).await?;
    Ok(Json(paging.list(page, |row| OAuthClient::of(&admin.service.public_url, row))))
}

async fn create(
    creation: Creation<MakeConnectorSecrets, Wish>,
) -> Result<Created<CreatedOAuthClient>, Problem> {
    let url = creation.admin.service.public_url.clone();
    creation
        .of_secret()
        .create(move |transaction, account, wish| {
            Ok(CreatedOAuthClient::of(&url, clients::create(transaction, account, wish)?))
        })
        .await
}

async fn rotate(
    creation: Creation<MakeConnectorSecrets, SecretRotation>,
    id: Path<String>,
) -> Result<Created<CreatedOAuthClient>, Problem> {
    let url = creation.admin.service.public_url.clone();
    creation
        .of_secret()
        .create(move |transaction, account, rotation| {
            let overlap = rotation.overlap_hours.unwrap_or(DEFAULT_GRACE_HOURS);
            Ok(CreatedOAuthClient::of(&url, clients::rotate(transaction, account, &id, overlap)?))
        })
        .await
}

async fn revoke(
    admin: Administrator<Smaller<ManageConnector>>,
    id: Path<String>,
) -> Result<NoContent, Problem> {
    admin.end(move |transaction, account| clients::revoke(transaction, account, &id)).await
}
