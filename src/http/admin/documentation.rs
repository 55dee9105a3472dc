//! `/api/v1/openapi.json`: the API's own description.

use actix_web::web;
use serde_json::Value;

use super::api::{self, Api};
use crate::http::Service;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/openapi.json", "openapi.read", read)
        .summary("This document")
        .answers::<serde_json::Map<String, Value>>(200);
}

/// `GET /api/v1/openapi.json`.
async fn read(service: web::Data<Service>) -> web::Json<Value> {
    web::Json(api::document(&service.public_url))
}
