//! How an account's seats are used.

use schemars::JsonSchema;
use serde::Serialize;

use crate::enterprise::seats;

/// How the account's seats are used.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Seats {
    /// The number of seats that the account has.
    pub total: i64,
    /// The number of seats that are taken: `members` and `pending_invitations` together.
    pub used: i64,
    /// The number of seats that active members hold.
    pub members: i64,
    /// The number of seats that pending invitations hold, which are free on expiry.
    pub pending_invitations: i64,
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
