//! `/api/v1/sso-connections`: single sign-on, one connection for each verified domain.

mod identities;
mod saml;
mod settings;

use std::sync::Arc;

use actix_web::web::{self, Json, Path};
use schemars::JsonSchema;
use serde::Deserialize;

use self::settings::EnteredSettings;
use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Created, NoContent};
use super::api::Api;
use super::body::Body;
use super::creation::Creation;
use super::list::Paged;
use super::permits::{ManageSso, ReadAccount, Smaller, SwitchSso, SwitchSsoOff};
use crate::administration::AdministrationError;
use crate::administration::sso::{SsoError, connections, switching};
use crate::enterprise::permissions::Operation;
use crate::enterprise::sso::Settings;
use crate::http::base::problem::Problem;
use crate::store::StoreError;
use crate::store::sso_connections::Connection as Stored;
use crate::views::list::List;
use crate::views::sso_connections::SsoConnection;
use crate::views::sso_connections::SsoVerification;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    identities::endpoints(api);
    api.get("/sso-connections", "sso-connections.list", list)
        .summary("Connections to identity providers, in order of creation");
    api.post("/sso-connections", "sso-connections.create", create)
        .summary("Makes a connection for a verified domain, with or without settings")
        .description(
            "Without settings it shows what the identity provider has to be told. Settings are a \
             draft until a sign-in through them has worked: see sso-connections.verify.",
        );
    api.get("/sso-connections/{id}", "sso-connections.get", read)
        .formerly("read")
        .summary("A connection, and what the identity provider has to be told");
    api.put("/sso-connections/{id}", "sso-connections.change", change)
        .summary("Enters settings, a draft until they are verified")
        .refuses(&[409]);
    api.delete("/sso-connections/{id}", "sso-connections.delete", delete)
        .summary("Removes a connection that is not on")
        .refuses(&[409]);
    api.post("/sso-connections/{id}/verification", "sso-connections.verify", verify)
        .summary("Gives a link: signing in there once verifies the settings that were entered")
        .description(
            "What is verified is what users sign in with from then on. Where the connection is on, \
             that is so only if an owner asked for the link, with a token for sso:switch if it has \
             scopes; otherwise it waits until an owner switches the connection on once more.",
        )
        .refuses(&[409]);
    api.put("/sso-connections/{id}/activation", "sso-connections.switch-on", switch_on)
        .summary("Users of the domain sign in by it from now on, and no other way")
        .description(
            "Puts verified settings into use that wait for an owner. Every owner is told by mail.",
        )
        .refuses(&[409]);
    api.delete("/sso-connections/{id}/activation", "sso-connections.switch-off", switch_off)
        .summary("Users of the domain sign in by mail again")
        .description("Is never refused for the plan's sake. Every owner is told by mail.");
}

/// A new single sign-on connection; without `oidc` and `saml` it has no settings yet.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSsoConnection {
    /// A domain that the account has verified and that has no connection yet.
    domain: String,
    /// The settings of an OpenID Connect provider; not together with `saml`.
    oidc: Option<settings::EnteredOidc>,
    /// The settings of a SAML provider; not together with `oidc`.
    saml: Option<settings::EnteredSaml>,
}

/// Answers with the connection as it is now.
fn show<P>(admin: &Administrator<P>, stored: Stored) -> Shown<SsoConnection> {
    Ok(Json(SsoConnection::of(stored, &admin.service.public_url, admin.now())?))
}

async fn list(admin: Administrator<ReadAccount>, paging: Paged) -> Shown<List<SsoConnection>> {
    let (after, limit) = paging.range()?;
    let (url, now) = (admin.service.public_url.clone(), admin.now());
    let page = admin
        .read(move |conn, account| {
            let page = connections::list(conn, account, after, limit)?;
            Ok(SsoConnection::page(page, &url, now)?)
        })
        .await?;
    Ok(Json(paging.list(page, |connection| connection)))
}

async fn create(
    creation: Creation<ManageSso, NewSsoConnection>,
) -> Result<Created<SsoConnection>, Problem> {
    let NewSsoConnection { oidc, saml, .. } = creation.body.clone();
    let (wish, notes) = EnteredSettings { oidc, saml }.read()?.unzip();
    let service = &creation.admin.service;
    let (key, url) = (service.secret_key.clone(), service.public_url.clone());
    creation
        .create(move |transaction, account, new| {
            let (key, now, wish) = (key.as_deref(), transaction.now(), wish.as_ref());
            let made = connections::create(transaction, account, &new.domain, wish, key)?;
            Ok(SsoConnection::of(made, &url, now)?.noting(notes.clone().unwrap_or_default()))
        })
        .await
}

async fn read(admin: Administrator<ReadAccount>, id: Path<String>) -> Shown<SsoConnection> {
    let found = admin.read(move |conn, account| connections::get(conn, account, &id)).await?;
    show(&admin, found)
}

async fn change(
    admin: Administrator<ManageSso>,
    Body(entry): Body<EnteredSettings>,
    id: Path<String>,
) -> Shown<SsoConnection> {
    let Some((wish, left_out)) = entry.read()? else {
        return Err(Problem::bad_request("The body: either oidc or saml has to be given."));
    };
    let key = admin.service.secret_key.clone();
    let changed = admin
        .write(move |transaction, account| {
            connections::enter(transaction, account, &id, &wish, key.as_deref())
        })
        .await?;
    Ok(Json(show(&admin, changed)?.into_inner().noting(left_out)))
}

async fn delete(
    admin: Administrator<Smaller<ManageSso>>,
    id: Path<String>,
) -> Result<NoContent, Problem> {
    admin.end(move |transaction, account| connections::delete(transaction, account, &id)).await
}

async fn verify(
    admin: Administrator<ManageSso>,
    id: Path<String>,
) -> Result<Created<SsoVerification>, Problem> {
    let own = id.clone();
    let draft = admin
        .read(move |conn, account| Ok(connections::get(conn, account, &own)?.draft()?))
        .await?;
    // Reports a mistyped issuer at once, and not only when the browser is sent there.
    if let Some(Settings::Oidc { issuer, .. }) = draft {
        let (providers, now) = (Arc::clone(&admin.service.providers), admin.now());
        web::block(move || providers.check(&issuer, now))
            .await
            .map_err(|_| StoreError::Panicked)?
            .map_err(|error| AdministrationError::from(SsoError::Provider(error.to_string())))?;
    }
    let for_use = admin.may(Operation::SwitchSso);
    let made = admin
        .write(move |transaction, account| connections::try_out(transaction, account, &id, for_use))
        .await?;
    Ok(Created::new(&SsoVerification::of(&admin.service.public_url, made)))
}

async fn switch_on(admin: Administrator<SwitchSso>, id: Path<String>) -> Shown<SsoConnection> {
    let on = admin
        .write(move |transaction, account| switching::switch_on(transaction, account, &id))
        .await?;
    show(&admin, on)
}

async fn switch_off(
    admin: Administrator<Smaller<SwitchSsoOff>>,
    id: Path<String>,
) -> Shown<SsoConnection> {
    let off = admin
        .write(move |transaction, account| switching::switch_off(transaction, account, &id))
        .await?;
    show(&admin, off)
}
