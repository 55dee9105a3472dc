//! `GET /openapi.json`: the description of the endpoints for machines.

use actix_web::HttpResponse;

use super::connector::Connector;
use super::failure::Failure;
use crate::provisioning::resource_types as types;
use crate::scim::openapi::{About, document};

/// The description, of this connector's own address.
pub async fn openapi(connector: Connector) -> Result<HttpResponse, Failure> {
    let about = About {
        title: "Insomnia SCIM",
        version: env!("CARGO_PKG_VERSION"),
        base_url: &connector.directory.base_url,
    };
    Ok(HttpResponse::Ok().json(document(&types(), &about)))
}
