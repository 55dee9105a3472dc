//! `/demo/idp`: the demo's own identity provider, by OpenID Connect. It signs in whoever one clicks
//! on, so that single sign-on can be tried without a provider. Only `demo` serves it, and only to
//! this machine.

mod authorize;
mod issuer;
mod token;

use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};
use serde_json::json;

use crate::http::base::state::Service;
pub use issuer::{DemoIdp, NoKey};

/// The path of the issuer below the public URL.
const PATH: &str = "/demo/idp";
/// The id of the server's client at this provider.
pub const CLIENT_ID: &str = "insomnia-demo";
/// The client's secret. It is no secret: the provider believes everybody, and is only reached from
/// this machine.
pub const CLIENT_SECRET: &str = "insomnia-demo-secret";

/// Returns the issuer of the provider of a server with this public URL.
pub fn issuer(public_url: &str) -> String {
    format!("{public_url}{PATH}")
}

/// Registers the routes of this provider.
pub fn routes(config: &mut ServiceConfig, idp: web::Data<DemoIdp>) {
    config.service(
        web::scope(PATH)
            .app_data(idp)
            .route("/.well-known/openid-configuration", web::get().to(discovery))
            .route("/keys", web::get().to(keys))
            .service(
                web::resource("/authorize")
                    .route(web::get().to(authorize::ask))
                    .route(web::post().to(authorize::answer)),
            )
            .route("/token", web::post().to(token::issue)),
    );
}

async fn discovery(service: web::Data<Service>) -> HttpResponse {
    let issuer = issuer(&service.public_url);
    HttpResponse::Ok().json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [issuer::ALGORITHM],
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "email"],
        "claims_supported": ["sub", "email", "email_verified", "nonce"],
        "authorization_response_iss_parameter_supported": true,
    }))
}

async fn keys(idp: web::Data<DemoIdp>) -> HttpResponse {
    HttpResponse::Ok().json(json!({"keys": [idp.public_key()]}))
}
