//! `/api/v1/…`: the administrators' API. JSON with snake-case names; lists are
//! `{"items": […], "next_cursor": …}`; refusals are RFC 9457 problem documents.
//!
//! A new endpoint is a handler and a line with its summary, as in `teams.rs`; route, document and
//! command follow from the handler's signature. What it answers is a type in [`crate::views`], where a
//! page finds it, too. The first argument is who may call it; an endpoint without one is public, and is
//! named in `tests/integration/administration/credentials.rs`. The id's verb is `list`, `get`,
//! `create`, `change` or `delete`, or names an action. Each field has a doc comment, and a new name of a
//! text has an example in `api/examples.rs`. A new operation is a word of
//! [`crate::enterprise::permissions::Operation`] and a type in `permits.rs`.

pub(super) mod acceptance;
mod acting;
pub(super) mod activations;
pub mod administrator;
mod answers;
pub mod api;
pub mod audit;
mod billing;
mod body;
pub mod collaborators;
mod connector;
pub mod connector_preview;
mod creation;
pub mod credentials;
mod documentation;
pub mod domains;
pub mod invitation_delivery;
pub mod invitations;
mod invite_control;
pub mod licences;
pub mod list;
pub mod me;
mod member_merging;
pub mod members;
mod name_conflicts;
mod oauth_clients;
pub mod operator;
mod organization_invitations;
pub mod organizations;
mod own_accounts;
pub mod permits;
mod person;
pub mod plan;
mod query;
mod recovery_links;
mod refusals;
mod reports;
pub mod scim_requests;
mod seats;
mod second_proof;
pub mod session;
mod sessions;
pub(super) mod sign_ups;
mod sso_connections;
mod storage;
mod synchronisation;
mod team_links;
pub mod team_members;
pub mod teams;
mod tokens;
pub mod transfers;
mod unclaimed;
mod visitor;
mod weighing;

use actix_web::web::{self, ServiceConfig};

use crate::http::base::problem::{Problem, not_found};
use api::Api;
use documentation::Description;

/// Returns all endpoints, with their descriptions.
pub fn api() -> Api {
    let mut api = Api::default();
    declare(&mut api);
    api
}

/// Declares all endpoints, as each module declares its own.
fn declare(api: &mut Api) {
    documentation::endpoints(api);
    seats::endpoints(api);
    organizations::endpoints(api);
    collaborators::endpoints(api);
    transfers::endpoints(api);
    teams::endpoints(api);
    team_members::endpoints(api);
    team_links::endpoints(api);
    synchronisation::endpoints(api);
    members::endpoints(api);
    member_merging::endpoints(api);
    name_conflicts::endpoints(api);
    // Must come before the paths of one invitation, which would match its path with `accept` as an
    // id.
    acceptance::endpoints(api);
    licences::endpoints(api);
    reports::endpoints(api);
    storage::endpoints(api);
    invitations::endpoints(api);
    domains::endpoints(api);
    unclaimed::endpoints(api);
    sign_ups::endpoints(api);
    own_accounts::endpoints(api);
    organization_invitations::endpoints(api);
    invite_control::endpoints(api);
    connector::endpoints(api);
    connector_preview::endpoints(api);
    oauth_clients::endpoints(api);
    scim_requests::endpoints(api);
    tokens::endpoints(api);
    session::endpoints(api);
    person::endpoints(api);
    me::endpoints(api);
    second_proof::endpoints(api);
    sessions::endpoints(api);
    recovery_links::endpoints(api);
    sso_connections::endpoints(api);
    audit::endpoints(api);
    activations::endpoints(api);
    plan::endpoints(api);
    operator::endpoints(api);
    billing::endpoints(api);
}

/// One for all workers.
static DESCRIPTION: Description = Description::of(|| api::document(api()));

/// Returns the OpenAPI document of a server with this public URL.
pub fn document(public_url: &str) -> serde_json::Value {
    DESCRIPTION.at(public_url)
}

/// Registers the endpoints.
pub fn routes(config: &mut ServiceConfig) {
    config.app_data(web::Data::new(&DESCRIPTION));
    config.service(web::resource("/api/docs").route(web::get().to(documentation::page)));
    config.service(
        web::scope(api::BASE)
            .app_data(web::QueryConfig::default().error_handler(|error, _| {
                Problem::bad_request(format!("The query: {error}.")).into()
            }))
            .configure(|config| {
                let mut routes = Api::of_routes();
                declare(&mut routes);
                routes.register(config);
            })
            .default_service(web::to(not_found)),
    );
}
