//! `/api/v1/…`: the administrators' API. JSON with snake-case names; lists are
//! `{"items": […], "next_cursor": …}`; refusals are RFC 9457 problem documents.

pub mod administrator;
pub mod api;
mod audit;
mod billing;
mod body;
mod connector;
mod creation;
mod documentation;
mod invitations;
mod list;
mod members;
mod oauth_clients;
mod operator;
mod organizations;
mod plan;
pub mod problem;
mod query;
mod scim_requests;
mod seats;
mod synchronisation;
mod teams;
mod tokens;

use actix_web::web::{self, ServiceConfig};

use api::Api;
use problem::Problem;
pub use problem::not_found;

/// Declares the endpoints of every part.
fn endpoints(api: &mut Api) {
    documentation::endpoints(api);
    seats::endpoints(api);
    organizations::endpoints(api);
    teams::endpoints(api);
    synchronisation::endpoints(api);
    members::endpoints(api);
    invitations::endpoints(api);
    connector::endpoints(api);
    oauth_clients::endpoints(api);
    scim_requests::endpoints(api);
    tokens::endpoints(api);
    audit::endpoints(api);
    plan::endpoints(api);
    operator::endpoints(api);
    billing::endpoints(api);
}

/// Registers the endpoints.
pub fn routes(config: &mut ServiceConfig) {
    config.service(web::resource("/api/docs").route(web::get().to(documentation::page)));
    config.service(
        web::scope(api::BASE)
            .app_data(web::QueryConfig::default().error_handler(|error, _| {
                Problem::bad_request(format!("The query: {error}.")).into()
            }))
            .configure(api::register)
            .default_service(web::to(not_found)),
    );
}
