//! `/api/v1/…`: the administrators' API. JSON with snake-case names; lists are
//! `{"items": […], "next_cursor": …}`; refusals are RFC 9457 problem documents.

mod administrator;
mod body;
mod connector;
mod invitations;
mod list;
mod members;
mod organizations;
mod problem;
mod seats;
mod synchronisation;
mod teams;

use actix_web::web::{self, ServiceConfig};

use problem::Problem;
pub use problem::not_found;

/// Registers the endpoints.
pub fn routes(config: &mut ServiceConfig) {
    let only = |methods: &'static str| web::to(move || problem::wrong_method(methods));
    config.service(
        web::scope("/api/v1")
            .app_data(web::QueryConfig::default().error_handler(|error, _| {
                Problem::bad_request(format!("The query: {error}.")).into()
            }))
            .service(
                web::resource("/seats")
                    .route(web::get().to(seats::read))
                    .default_service(only("GET")),
            )
            .service(
                web::resource("/organizations")
                    .route(web::get().to(organizations::list))
                    .route(web::post().to(organizations::create))
                    .default_service(only("GET, POST")),
            )
            .service(
                web::resource("/organizations/{id}/collaborators")
                    .route(web::get().to(organizations::collaborators))
                    .default_service(only("GET")),
            )
            .service(
                web::resource("/teams")
                    .route(web::get().to(teams::list))
                    .route(web::post().to(teams::create))
                    .default_service(only("GET, POST")),
            )
            .service(
                web::resource("/teams/{id}/members")
                    .route(web::get().to(teams::list_members))
                    .route(web::post().to(teams::add_member))
                    .default_service(only("GET, POST")),
            )
            .service(
                web::resource("/teams/{id}/members/{member_id}")
                    .route(web::delete().to(teams::remove_member))
                    .default_service(only("DELETE")),
            )
            .service(
                web::resource("/teams/{id}/organizations/{organization_id}")
                    .route(web::put().to(teams::link))
                    .route(web::delete().to(teams::unlink))
                    .default_service(only("PUT, DELETE")),
            )
            .service(
                web::resource("/teams/{id}/scim-group")
                    .route(web::get().to(synchronisation::preview))
                    .route(web::put().to(synchronisation::link))
                    .route(web::delete().to(synchronisation::unlink))
                    .default_service(only("GET, PUT, DELETE")),
            )
            .service(
                web::resource("/members")
                    .route(web::get().to(members::list))
                    .route(web::post().to(members::add))
                    .default_service(only("GET, POST")),
            )
            .service(
                web::resource("/members/{id}/access")
                    .route(web::get().to(members::access))
                    .default_service(only("GET")),
            )
            .service(
                web::resource("/licences/{member_id}")
                    .route(web::delete().to(members::remove))
                    .default_service(only("DELETE")),
            )
            .service(
                web::resource("/invitations")
                    .route(web::get().to(invitations::list))
                    .route(web::post().to(invitations::create))
                    .default_service(only("GET, POST")),
            )
            .service(
                web::resource("/invitations/{id}")
                    .route(web::delete().to(invitations::revoke))
                    .default_service(only("DELETE")),
            )
            .service(
                web::resource("/connector")
                    .route(web::get().to(connector::read))
                    .route(web::patch().to(connector::change))
                    .default_service(only("GET, PATCH")),
            )
            .default_service(web::to(not_found)),
    );
}
