//! `/api/v1/seats`.

use actix_web::web;
use schemars::JsonSchema;
use serde::Serialize;

use super::administrator::{Administrator, ReadBilling};
use super::api::Api;
use crate::administration;
use crate::enterprise::permissions::Operation;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::Cost;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/seats", "seats.read", read)
        .summary("How the account's seats are used")
        .needs(Operation::ReadBilling)
        .answers::<Seats>(200);
}

/// How the account's seats are used.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Seats {
    total: i64,
    used: i64,
    members: i64,
    pending_invitations: i64,
}

/// `GET /api/v1/seats`.
pub async fn read(
    service: web::Data<Service>,
    admin: Administrator<ReadBilling>,
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
