//! `/api/v1/connector`: the SCIM page.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Created, NoContent};
use super::api::Api;
use super::body::Body;
use super::creation::Creation;
use super::permits::{EnableConnector, MakeConnectorSecrets, ManageConnector, Reading, Smaller};
use super::query::Query;
use crate::administration::connector::why::{self, Explanation};
use crate::administration::connector::{self, RefreshWish, Settings, TokenWish};
use crate::http::base::problem::Problem;
use crate::views::connector::{Connector, CreatedConnectorToken};
use crate::views::connector_health::ConnectorHealth;

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
    api.get("/connector/health", "connector.get-health", health)
        .summary("The health of provisioning: requests and failures an hour, and what was done last")
        .description(
            "Of the last 48 hours, at most the newest 20,000 requests. A 404 is no failure: identity \
             providers ask for users before they make them.",
        );
    api.get("/connector/explanation", "connector.get-explanation", explain_user)
        .summary("Why a user did not arrive, or that they did: in sentences, with what to do")
        .description(
            "Puts together what members, invitations, seats, the request log and the connector know \
             about an address, a name or an id of the identity provider. Whom a refused or vain request \
             named is looked for among the newest 100,000 requests that the log keeps; it knows them by \
             a sign and not by name.",
        )
        .refuses(&[422]);
}

/// Whom the question is about.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct UserInQuestion {
    /// An address, a name, or an id that the identity provider knows the user by.
    #[schemars(length(min = 1, max = 255))]
    pub about: String,
}

async fn health(admin: Administrator<Reading<ManageConnector>>) -> Shown<ConnectorHealth> {
    let now = admin.now();
    let health =
        admin.read_page(move |conn, account| connector::health(conn, account, now)).await?;
    Ok(Json(ConnectorHealth::of(&admin.service.public_url, health)))
}

async fn explain_user(
    admin: Administrator<Reading<ManageConnector>>,
    Query(question): Query<UserInQuestion>,
) -> Shown<Explanation> {
    let now = admin.now();
    let explained = admin
        .read_page(move |conn, account| why::explain(conn, account, &question.about, now))
        .await?;
    Ok(Json(explained))
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
