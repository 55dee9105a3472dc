//! The token endpoint.

use actix_web::http::header::{CACHE_CONTROL, PRAGMA};
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use super::issuer::TOKEN_LASTS;
use super::{CLIENT_ID, CLIENT_SECRET, DemoIdp, issuer};
use crate::administration::AdministrationError;
use crate::enterprise::token;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;

/// A request that redeems a code (OpenID Connect Core 1.0, section 3.1.3.1).
#[derive(Clone, Deserialize)]
pub struct Redemption {
    #[serde(default)]
    grant_type: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    redirect_uri: String,
    #[serde(default)]
    code_verifier: String,
    #[serde(default)]
    client_id: String,
    /// A public client sends none.
    client_secret: Option<String>,
}

/// `POST /demo/idp/token`.
pub async fn issue(
    service: web::Data<Service>,
    idp: web::Data<DemoIdp>,
    form: web::Form<Redemption>,
) -> Result<HttpResponse, Problem> {
    let form = form.into_inner();
    let is_client = form.client_id == CLIENT_ID
        && form.client_secret.as_deref().is_none_or(|secret| secret == CLIENT_SECRET);
    if !is_client {
        return Ok(refused("invalid_client"));
    }
    if form.grant_type != "authorization_code" {
        return Ok(refused("unsupported_grant_type"));
    }
    let now = service.store.clock().now();
    let Some(grant) = idp.take(&form.code, &form.code_verifier, &form.redirect_uri, now) else {
        return Ok(refused("invalid_grant"));
    };
    let access = token::generate("").map_err(AdministrationError::from)?;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((PRAGMA, "no-cache"))
        .json(json!({
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": TOKEN_LASTS,
            "id_token": idp.id_token(&grant, &issuer(&service.public_url), now),
        })))
}

/// Returns an error (RFC 6749, section 5.2).
fn refused(error: &str) -> HttpResponse {
    HttpResponse::BadRequest()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(json!({"error": error}))
}
