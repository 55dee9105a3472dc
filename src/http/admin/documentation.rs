//! The API's own description: for programs at `/api/v1/openapi.json`, for people at `/api/docs`.

use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::{HttpResponse, web};
use serde_json::{Map, Value};

use super::api::{self, Api};
use crate::http::Service;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/openapi.json", "openapi.read", read)
        .summary("This document")
        .answers::<Map<String, Value>>(200);
}

/// `GET /api/v1/openapi.json`.
async fn read(service: web::Data<Service>) -> web::Json<Value> {
    web::Json(api::document(&service.public_url))
}

/// `GET /api/docs`: the document as a page.
pub async fn page(service: web::Data<Service>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'",
        ))
        .body(api::page(&api::document(&service.public_url)))
}
