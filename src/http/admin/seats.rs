//! `/api/v1/seats`.

use super::acting::Shown;
use super::administrator::Administrator;
use super::api::Api;
use super::permits::ReadBilling;
use crate::administration;
use crate::views::seats::Seats;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/seats", "seats.get", read)
        .formerly("read")
        .summary("How the account's seats are used");
}

async fn read(admin: Administrator<ReadBilling>) -> Shown<Seats> {
    let now = admin.now();
    admin.show(move |conn, account| Ok(administration::seats(conn, account, now)?)).await
}
