//! `/api/v1/connector`: the SCIM page.

use actix_web::web::{Json, Path};

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Created, NoContent};
use super::api::Api;
use super::body::Body;
use super::creation::Creation;
use super::permits::{EnableConnector, MakeConnectorSecrets, ManageConnector, Reading, Smaller};
use crate::administration::connector::{self, RefreshWish, Settings, TokenWish};
use crate::http::base::problem::Problem;
use crate::views::connector::{Connector, CreatedConnectorToken};

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
