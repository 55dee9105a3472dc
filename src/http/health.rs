//! Whether the server lives, and whether it can serve.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use serde_json::json;

use super::Service;
use crate::store::Cost;

/// The process lives.
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().json(json!({"status": "alive"}))
}

/// How long the database may take to answer: less than those who probe wait.
const PATIENCE: Duration = Duration::from_secs(2);

/// The database answers and has the schema that this binary needs.
pub async fn ready(service: web::Data<Service>) -> HttpResponse {
    let check = service.store.read(Cost::Point, |conn| conn.check());
    let reason = match tokio::time::timeout(PATIENCE, check).await {
        Ok(Ok(())) => return HttpResponse::Ok().json(json!({"status": "ready"})),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("the database did not answer within {} s", PATIENCE.as_secs()),
    };
    log::warn!("not ready: {reason}");
    HttpResponse::ServiceUnavailable().json(json!({"status": "database unavailable"}))
}
