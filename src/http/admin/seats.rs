//! `/api/v1/seats`.

use schemars::JsonSchema;
use serde::Serialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::api::Api;
use super::permits::ReadBilling;
use crate::administration;
use crate::enterprise::seats;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/seats", "seats.get", read)
        .formerly("read")
        .summary("How the account's seats are used");
}

/// How the account's seats are used.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Seats {
    total: i64,
    used: i64,
    members: i64,
    pending_invitations: i64,
}

impl From<seats::Seats> for Seats {
    fn from(seats: seats::Seats) -> Self {
        Self {
            total: seats.total,
            used: seats.used(),
            members: seats.members,
            pending_invitations: seats.invitations,
        }
    }
}

async fn read(admin: Administrator<ReadBilling>) -> Shown<Seats> {
    let now = admin.now();
    admin.show(move |conn, account| Ok(administration::seats(conn, account, now)?)).await
}
