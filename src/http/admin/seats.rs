//! `/api/v1/seats`.

use actix_web::web;
use serde::Serialize;

use super::administrator::{Administrator, ReadAccount};
use super::problem::Problem;
use crate::administration;
use crate::http::Service;
use crate::store::Cost;

/// How the account's seats are used.
#[derive(Debug, Serialize)]
pub struct Seats {
    total: i64,
    used: i64,
    members: i64,
    pending_invitations: i64,
}

/// `GET /api/v1/seats`.
pub async fn read(
    service: web::Data<Service>,
    admin: Administrator<ReadAccount>,
) -> Result<web::Json<Seats>, Problem> {
    let now = service.store.clock().now();
    let seats = service
        .store
        .read(Cost::Point, move |conn| administration::seats(conn, admin.enterprise, now))
        .await?;
    Ok(web::Json(Seats {
        total: seats.total,
        used: seats.used(),
        members: seats.members,
        pending_invitations: seats.invitations,
    }))
}
