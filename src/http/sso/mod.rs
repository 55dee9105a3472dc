//! Signing in with a browser: redirects to the identity provider and back, and links in mails.
//! Answers are redirects and small pages; programs use the administrators' API instead.

mod accounts;
mod addresses;
mod again;
mod mail;
mod oidc;
mod page;
mod posting;
mod recovery;
mod saml;
mod start;
mod welcome;

use crate::http::base::in_order::in_order;
use crate::http::pages::Page;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, ServiceConfig};

/// Returns a refusal that does not come from a handler, as a page.
pub fn refusal(status: StatusCode, text: &str) -> HttpResponse {
    Page::saying("This did not work", text).with_status(status).respond()
}

/// Registers the routes.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/sso/start").route(web::get().to(start::start)))
        .service(web::resource("/sso/trials/{link}").route(web::get().to(start::try_out)))
        .service(web::resource("/sso/oidc/callback").route(web::get().to(oidc::shared_callback)))
        .service(
            web::resource("/sso/oidc/{connection}/callback").route(web::get().to(oidc::callback)),
        )
        .service(
            web::resource("/sso/saml/{connection}/metadata").route(web::get().to(saml::metadata)),
        )
        .service(
            web::resource("/sso/saml/{connection}/acs")
                .app_data(saml::form())
                .route(in_order(web::post(), saml::consume)),
        )
        .service(
            web::resource(accounts::PATH)
                .route(web::get().to(accounts::show))
                .route(web::post().to(accounts::answer)),
        )
        .service(
            // Browsers land here after signing in.
            web::resource("/").route(web::get().to(addresses::home)),
        )
        .service(
            web::resource("/my-addresses")
                .route(web::get().to(addresses::show))
                .route(web::post().to(addresses::change)),
        )
        .service(
            web::resource("/my-addresses/{link}")
                .route(web::get().to(addresses::ask))
                .route(web::post().to(addresses::confirm)),
        )
        .service(
            web::resource("/sign-in/{link}")
                .route(web::get().to(mail::ask))
                .route(web::post().to(mail::sign_in)),
        )
        .service(web::resource("/sso/again").route(web::get().to(again::start)))
        .service(
            web::resource("/sign-in-again/{link}")
                .route(web::get().to(again::ask))
                .route(web::post().to(again::confirm)),
        )
        .service(
            web::resource("/welcome/{link}")
                .route(web::get().to(welcome::ask))
                .route(web::post().to(welcome::claim)),
        )
        .service(
            web::resource("/recover/{secret}")
                .route(web::get().to(recovery::ask))
                .route(web::post().to(recovery::sign_in)),
        );
}
