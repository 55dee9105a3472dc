//! Liveness, readiness and metrics.

use actix_web::{HttpResponse, web};
use serde_json::json;

use crate::http::base::state::Service;

/// Answers 200 while the process runs.
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "alive"}))
}

/// Answers 200 if the database can be read and written and has a schema that this binary supports.
pub async fn ready(service: web::Data<Service>) -> HttpResponse {
    let reason = match service.store.check().await {
        Ok(()) => return HttpResponse::Ok().json(json!({"status": "ready"})),
        Err(reason) => reason,
    };
    log::warn!("not ready: {reason}");
    HttpResponse::ServiceUnavailable().json(json!({"status": "database unavailable"}))
}

/// `GET /metrics`.
pub async fn metrics(service: web::Data<Service>) -> HttpResponse {
    match service.metrics.text(&service.store, service.requests.dropped()).await {
        Ok(body) => HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(body),
        Err(error) => {
            log::error!("metrics could not be encoded: {error}");
            HttpResponse::InternalServerError().finish()
        }
    }
}
