//! `/scim/v2/{connector}/…`: the protocol's endpoints (RFC 7644 §3).

mod body;
mod bulk;
mod connector;
mod discovery;
mod failure;
mod keeping;
mod me;
mod openapi;
mod resources;
mod respond;
mod search;

use actix_web::dev::Handler;
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, HttpResponse, Resource, Responder, ResponseError, Route};

use crate::http::base::in_order::in_order;
use crate::scim::ScimError;
use connector::Connector;
use failure::Failure;

/// Returns a refusal that does not come from a handler, in SCIM form.
pub fn refusal(error: ScimError) -> HttpResponse {
    Failure::from(error).error_response()
}

/// Registers the endpoints. A method that a resource does not have is refused with 405 and `Allow`;
/// every other path below a connector with 404, all in SCIM form.
pub fn routes(config: &mut ServiceConfig) {
    config.service(
        web::scope("/scim/v2/{connector}")
            .service(readable("", search::root_query))
            .service(
                web::resource("/.search")
                    .route(in_order(web::post(), search::root_search))
                    .default_service(only("POST")),
            )
            .service(
                web::resource("/{endpoint:(?i:Users|Groups)}/.search")
                    .route(in_order(web::post(), search::search))
                    .default_service(only("POST")),
            )
            .service(
                web::resource("/{endpoint:(?i:Users|Groups)}")
                    .route(web::get().to(search::query))
                    .route(in_order(web::post(), resources::create))
                    .default_service(only("GET, POST")),
            )
            .service(
                web::resource("/{endpoint:(?i:Users|Groups)}/{id}")
                    .route(web::get().to(resources::get))
                    .route(in_order(web::put(), resources::replace))
                    .route(in_order(web::patch(), resources::patch))
                    .route(web::delete().to(resources::delete))
                    .default_service(only("GET, PUT, PATCH, DELETE")),
            )
            .service(
                web::resource("/Bulk")
                    .route(in_order(web::post(), bulk::bulk))
                    .default_service(only("POST")),
            )
            .service(readable("/ServiceProviderConfig", discovery::service_provider_config))
            .service(readable("/ResourceTypes", discovery::resource_types))
            .service(readable("/ResourceTypes/{id}", discovery::resource_type))
            .service(readable("/Schemas", discovery::schemas))
            .service(readable("/Schemas/{id}", discovery::schema))
            .service(readable("/openapi.json", openapi::openapi))
            .service(
                web::resource("/Me")
                    .route(web::get().to(me::me))
                    .route(web::post().to(me::me))
                    .route(web::put().to(me::me))
                    .route(web::patch().to(me::me))
                    .route(web::delete().to(me::me))
                    .default_service(only("GET, POST, PUT, PATCH, DELETE")),
            )
            .default_service(web::to(unknown_endpoint))
            .wrap(from_fn(keeping::keep)),
    );
}

/// An endpoint that can only be read.
fn readable<H, A>(path: &'static str, handler: H) -> Resource
where
    H: Handler<A>,
    A: FromRequest + 'static,
    H::Output: Responder + 'static,
{
    web::resource(path).route(web::get().to(handler)).default_service(only("GET"))
}

/// Refuses every method but these.
fn only(methods: &'static str) -> Route {
    web::to(move |connector| wrong_method(connector, methods))
}

/// Refuses a method that the endpoint does not have.
async fn wrong_method(_: Connector, allowed: &'static str) -> Result<HttpResponse, Failure> {
    Err(Failure::wrong_method(allowed))
}

/// Refuses a path without an endpoint.
async fn unknown_endpoint(_: Connector) -> Result<HttpResponse, Failure> {
    Err(ScimError::new(
        404,
        "There is no such endpoint. There are /Users, /Groups, /Bulk, /.search, \
         /ServiceProviderConfig, /ResourceTypes and /Schemas.",
    )
    .into())
}
