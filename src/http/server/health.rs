//! Whether the server lives, and whether it can serve.

use actix_web::{HttpResponse, web};
use serde_json::json;

use crate::http::base::state::Service;

/// The process lives.
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "alive"}))
}

/// The database can be read and written, and has a schema that this binary serves.
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
            log::error!("metrics: {error}");
            HttpResponse::InternalServerError().finish()
        }
    }
}
