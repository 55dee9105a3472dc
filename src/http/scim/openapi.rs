//! `GET /openapi.json`: the OpenAPI description of the SCIM endpoints.

use actix_web::HttpResponse;

use super::connector::Connector;
use super::failure::Failure;
use crate::provisioning::resource_types as types;
use crate::scim::openapi::{About, document};

/// Returns the description with this connector's base URL.
pub async fn openapi(connector: Connector) -> Result<HttpResponse, Failure> {
    let about = About {
        title: "Insomnia SCIM",
        version: env!("CARGO_PKG_VERSION"),
        base_url: &connector.directory.base_url,
    };
    Ok(HttpResponse::Ok().json(document(&types(), &about)))
}
