//! Signing in with a browser: redirects to the identity provider and back, and links in mails.
//! Answers are redirects and small pages; programs use the administrators' API instead.

mod accounts;
mod again;
mod mail;
mod oidc;
mod page;
mod posting;
mod recovery;
mod saml;
mod sign_in;
mod sign_out;
mod sign_up;
mod start;
mod welcome;

use crate::http::base::in_order::in_order;
use crate::http::base::prefix::at;
use crate::http::pages::Page;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, ServiceConfig};

pub use start::sign_in_after_proof;

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
            web::resource("/").route(web::get().to(sign_in::home)),
        )
        .service(
            web::resource("/sign-in")
                .route(web::get().to(sign_in::show))
                .route(web::post().to(sign_in::ask)),
        )
        .service(
            web::resource("/sign-out")
                .route(web::get().to(sign_out::show))
                .route(web::post().to(sign_out::sign_out)),
        )
        .service(
            web::resource("/sign-up")
                .route(web::get().to(sign_up::show))
                .route(web::post().to(sign_up::send)),
        )
        // The page of a person's addresses was here; mails still link to it.
        .service(web::resource("/my-addresses").route(web::get().to(my_addresses)))
        .service(web::resource("/my-addresses/{link}").route(web::get().to(my_address)))
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

/// `GET /my-addresses`.
async fn my_addresses() -> HttpResponse {
    start::redirect(&at("/app/account"))
}

/// `GET /my-addresses/{link}`.
async fn my_address(link: web::Path<String>) -> HttpResponse {
    start::redirect(&at(&format!("/app/account/addresses/{link}")))
}
