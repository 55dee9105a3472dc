//! `/oauth/…`: how identity providers fetch SCIM tokens by themselves (RFC 6749, 7636, 8414).

mod authorize;
mod consent;
mod failure;
mod form;
mod token;
mod visitor;

use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};
use serde_json::json;

use crate::enterprise::oauth::{GrantType, SCOPE};
use crate::http::base::state::Service;

/// Registers the endpoints.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/oauth/token").route(web::post().to(token::issue)))
        .service(
            web::resource("/oauth/authorize")
                .route(web::get().to(authorize::ask))
                .route(web::post().to(authorize::answer)),
        )
        .service(
            web::resource("/.well-known/oauth-authorization-server").route(web::get().to(metadata)),
        );
}

/// `GET /.well-known/oauth-authorization-server` (RFC 8414).
async fn metadata(service: web::Data<Service>) -> HttpResponse {
    let url = &service.public_url;
    HttpResponse::Ok().json(json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/oauth/authorize"),
        "token_endpoint": format!("{url}/oauth/token"),
        "scopes_supported": [SCOPE],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": GrantType::ALL,
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
    }))
}
