//! `POST /Bulk` (RFC 7644 §3.7).

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::body::Body;
use super::connector::Connector;
use super::failure::Failure;
use super::respond;
use crate::http::base::state::Service;
use crate::provisioning;
use crate::scim::bulk::{BulkRequest, bulk_response};

/// Runs the operations and answers with the result of each.
pub async fn bulk(
    connector: Connector,
    Body(body): Body,
    service: web::Data<Service>,
) -> Result<HttpResponse, Failure> {
    let request = BulkRequest::parse(body, service.limits.bulk_operations)?;
    let results = provisioning::run_bulk(&service.store, &connector.directory, request).await?;
    respond::json(StatusCode::OK, &bulk_response(&results))
}
