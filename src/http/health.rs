//! Whether the server lives, and whether it can serve.

use actix_web::{HttpResponse, web};
use serde_json::json;

use super::Service;
use crate::store::{Cost, StoreError};

/// The process lives.
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "alive"}))
}

/// The database answers and has the schema that this binary needs.
pub async fn ready(service: web::Data<Service>) -> HttpResponse {
    match service.store.read(Cost::Point, |conn| conn.check::<StoreError>()).await {
        Ok(()) => HttpResponse::Ok().json(json!({"status": "ready"})),
        Err(error) => {
            log::warn!("not ready: {error}");
            HttpResponse::ServiceUnavailable().json(json!({"status": "database unavailable"}))
        }
    }
}
