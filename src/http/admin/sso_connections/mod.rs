//! `/api/v1/sso-connections`: single sign-on, one connection for each verified domain.

mod identities;
mod saml;
mod settings;

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::settings::{Connection, Entered, Entry};
use super::administrator::{Administrator, ManageSso, ReadAccount, SwitchSso, SwitchSsoOff};
use super::api::Api;
use super::body::Body;
use super::creation::Creation;
use super::list::{List, Paged, Paging};
use crate::administration::AdministrationError;
use crate::administration::sso::{SsoError, connections, switching};
use crate::enterprise::Timestamp;
use crate::enterprise::permissions::Operation;
use crate::enterprise::sso::Settings;
use crate::http::base::in_order::InOrder;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::sso_connections::Connection as Stored;
use crate::store::{Cost, StoreError, Transaction};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    identities::endpoints(api);
    api.get("/sso-connections", "sso-connections.list", list)
        .summary("Connections to identity providers, in order of creation")
        .needs(Operation::ReadAccount)
        .query::<Paging>()
        .answers::<List<Connection>>(200);
    api.post("/sso-connections", "sso-connections.create", create)
        .summary("Makes a connection for a verified domain, with or without settings")
        .description(
            "Without settings it shows what the identity provider has to be told. Settings are a \
             draft until a sign-in through them has worked: see sso-connections.verify.",
        )
        .needs(Operation::ManageSso)
        .body::<NewConnection>()
        .idempotent()
        .answers::<Connection>(201);
    api.get("/sso-connections/{id}", "sso-connections.read", read)
        .summary("A connection, and what the identity provider has to be told")
        .needs(Operation::ReadAccount)
        .answers::<Connection>(200);
    api.put("/sso-connections/{id}", "sso-connections.change", change)
        .summary("Enters settings, a draft until they are verified")
        .needs(Operation::ManageSso)
        .body::<Entry>()
        .answers::<Connection>(200)
        .refuses(&[409]);
    api.delete("/sso-connections/{id}", "sso-connections.delete", delete)
        .summary("Removes a connection that is not on")
        .needs(Operation::ManageSso)
        .answers_nothing(204)
        .refuses(&[409]);
    api.post("/sso-connections/{id}/verification", "sso-connections.verify", verify)
        .summary("Gives a link: signing in there once verifies the settings that were entered")
        .description(
            "What is verified is what users sign in with from then on. Where the connection is on, \
             that is so only if an owner asked for the link, with a token for sso:switch if it has \
             scopes; otherwise it waits until an owner switches the connection on once more.",
        )
        .needs(Operation::ManageSso)
        .answers::<Verification>(201)
        .refuses(&[409]);
    api.put("/sso-connections/{id}/activation", "sso-connections.switch-on", switch_on)
        .summary("Users of the domain sign in by it from now on, and no other way")
        .description(
            "Puts verified settings into use that wait for an owner. Every owner is told by mail.",
        )
        .needs(Operation::SwitchSso)
        .answers::<Connection>(200)
        .refuses(&[409]);
    api.delete("/sso-connections/{id}/activation", "sso-connections.switch-off", switch_off)
        .summary("Users of the domain sign in by mail again")
        .description("Is never refused for the plan's sake. Every owner is told by mail.")
        .needs(Operation::SwitchSsoOff)
        .answers::<Connection>(200);
}

/// What is said of a new connection.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConnection {
    /// A domain that the account has verified.
    domain: String,
    /// If it is OpenID Connect.
    oidc: Option<settings::OidcEntry>,
    /// If it is SAML.
    saml: Option<settings::SamlEntry>,
}

/// `GET /api/v1/sso-connections`.
async fn list(
    service: web::Data<Service>,
    admin: Administrator<ReadAccount>,
    paging: Paged,
) -> Result<web::Json<List<Connection>>, Problem> {
    let (after, limit) = paging.range()?;
    let (url, now) = (service.public_url.clone(), service.store.clock().now());
    let page = service
        .store
        .read(Cost::Point, move |conn| {
            let page = connections::list(conn, admin.enterprise, after, limit)?;
            let items: Result<Vec<_>, AdministrationError> =
                page.items.into_iter().map(|stored| show(stored, &url, now)).collect();
            Ok::<_, AdministrationError>(crate::administration::Page {
                items: items?,
                next: page.next,
            })
        })
        .await?;
    Ok(web::Json(paging.list(page, |item| item)))
}

fn show(
    stored: Stored,
    public_url: &str,
    now: Timestamp,
) -> Result<Connection, AdministrationError> {
    Ok(Connection::of(stored, public_url, now)?)
}

/// `POST /api/v1/sso-connections`.
async fn create(
    service: web::Data<Service>,
    creation: Creation<ManageSso, NewConnection>,
) -> Result<HttpResponse, Problem> {
    let (enterprise, new) = (creation.admin.enterprise, creation.body.clone());
    let entry = Entry { oidc: new.oidc, saml: new.saml };
    let (wish, notes) = match entry.read()? {
        Entered::Nothing => (None, Vec::new()),
        Entered::Settings(wish, left_out) => (Some(wish), left_out),
    };
    let (key, url) = (service.secret_key.clone(), service.public_url.clone());
    let work = move |transaction: &mut Transaction<'_>| {
        let (key, now) = (key.as_deref(), transaction.now());
        connections::create(transaction, enterprise, &new.domain, wish.as_ref(), key)
            .and_then(|made| Ok(show(made, &url, now)?.noting(notes.clone())))
    };
    creation.create(&service, work).await
}

/// `GET /api/v1/sso-connections/{id}`.
async fn read(
    service: web::Data<Service>,
    admin: Administrator<ReadAccount>,
    id: web::Path<String>,
) -> Result<web::Json<Connection>, Problem> {
    let found = service
        .store
        .read(Cost::Point, move |conn| connections::get(conn, admin.enterprise, &id))
        .await?;
    Ok(web::Json(show(found, &service.public_url, service.store.clock().now())?))
}

/// `PUT /api/v1/sso-connections/{id}`.
async fn change(
    service: web::Data<Service>,
    InOrder(admin, Body(entry)): InOrder<Administrator<ManageSso>, Body<Entry>>,
    id: web::Path<String>,
) -> Result<web::Json<Connection>, Problem> {
    let Entered::Settings(wish, left_out) = entry.read()? else {
        return Err(Problem::bad_request("The body: either oidc or saml has to be given."));
    };
    let key = service.secret_key.clone();
    let changed = service
        .store
        .write(admin.by(), move |transaction| {
            connections::enter(transaction, admin.enterprise, &id, &wish, key.as_deref())
        })
        .await?;
    let now = service.store.clock().now();
    Ok(web::Json(show(changed, &service.public_url, now)?.noting(left_out)))
}

/// `DELETE /api/v1/sso-connections/{id}`.
async fn delete(
    service: web::Data<Service>,
    admin: Administrator<ManageSso>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    service
        .store
        .write(admin.by(), move |transaction| {
            connections::delete(transaction, admin.enterprise, &id)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// How a connection is verified.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Verification {
    /// Open it in a browser and sign in as somebody of the domain.
    url: String,
    expires_at: String,
}

/// `POST /api/v1/sso-connections/{id}/verification`.
async fn verify(
    service: web::Data<Service>,
    admin: Administrator<ManageSso>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (enterprise, own) = (admin.enterprise, id.clone());
    let draft = service
        .store
        .read(Cost::Point, move |conn| {
            let connection = connections::get(conn, enterprise, &own)?;
            Ok::<_, AdministrationError>(connection.draft()?)
        })
        .await?;
    // A mistyped issuer is known at once, and not only in the browser.
    if let Some(Settings::Oidc { issuer, .. }) = draft {
        let (providers, now) = (Arc::clone(&service.providers), service.store.clock().now());
        web::block(move || providers.check(&issuer, now))
            .await
            .map_err(|_| StoreError::Panicked)?
            .map_err(|error| AdministrationError::from(SsoError::Provider(error.to_string())))?;
    }
    let for_use = admin.may(Operation::SwitchSso);
    let (link, until) = service
        .store
        .write(admin.by(), move |transaction| {
            connections::try_out(transaction, enterprise, &id, for_use)
        })
        .await?;
    Ok(HttpResponse::Created().json(Verification {
        url: format!("{}/sso/trials/{link}", service.public_url),
        expires_at: until.to_rfc3339(),
    }))
}

/// `PUT /api/v1/sso-connections/{id}/activation`.
async fn switch_on(
    service: web::Data<Service>,
    admin: Administrator<SwitchSso>,
    id: web::Path<String>,
) -> Result<web::Json<Connection>, Problem> {
    let switched = service
        .store
        .write(admin.by(), move |transaction| {
            switching::switch_on(transaction, admin.enterprise, &id)
        })
        .await?;
    Ok(web::Json(show(switched, &service.public_url, service.store.clock().now())?))
}

/// `DELETE /api/v1/sso-connections/{id}/activation`.
async fn switch_off(
    service: web::Data<Service>,
    admin: Administrator<SwitchSsoOff>,
    id: web::Path<String>,
) -> Result<web::Json<Connection>, Problem> {
    let switched = service
        .store
        .write(admin.by(), move |transaction| {
            switching::switch_off(transaction, admin.enterprise, &id)
        })
        .await?;
    Ok(web::Json(show(switched, &service.public_url, service.store.clock().now())?))
}
