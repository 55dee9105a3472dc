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
    /// The number of seats that the account has.
    total: i64,
    /// The number of seats that are taken: `members` and `pending_invitations` together.
    used: i64,
    /// The number of seats that active members hold.
    members: i64,
    /// The number of seats that pending invitations hold, which are free on expiry.
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
