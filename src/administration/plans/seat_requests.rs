//! Asking the sales team for more seats.

use serde_json::json;

use super::{PlanError, Result};
use crate::administration::AdministrationError;
use crate::enterprise::AccountPk;
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::letter::Letter;
use crate::store::plans::{self, PlanRow};
use crate::store::{Transaction, audit, outbox, seat_requests as stored};

/// The number of requests that an account may send per day.
pub(super) const MOST_IN_A_DAY: i64 = 3;
/// The maximum number of seats of a request.
const MOST_SEATS: i64 = 100_000_000;
/// The maximum length of the message in characters.
const LONGEST_MESSAGE: usize = 1000;

/// A request for more seats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatRequest {
    /// The number of seats that the account wants to have in all.
    pub seats: i64,
    /// What else the sales team needs to know.
    pub message: Option<String>,
}

/// Sends the request to the sales team by mail.
///
/// # Errors
/// Fails with [`PlanError`] if the server has no address of the sales team or the account has sent
/// too many requests, or if the number of seats is not above the present one.
pub fn request(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    request: &SeatRequest,
    sales: Option<&str>,
) -> Result<()> {
    let sales = sales.ok_or(PlanError::NoSales)?;
    let row = plans::get(transaction, enterprise)?;
    let message = check(&row, request)?;
    let now = transaction.now();
    if stored::count_since(transaction, enterprise, now.minus_hours(24))? >= MOST_IN_A_DAY {
        return Err(PlanError::TooManySeatRequests.into());
    }
    stored::insert(transaction, enterprise, request.seats, now)?;
    let who = transaction.origin().actor.name.clone();
    let letter = letter(&row, request.seats, &who, message);
    outbox::insert(transaction, enterprise, sales, &letter, now)?;
    let target = Target::new("account", row.id.clone(), row.name.clone());
    let after = json!({"seats": request.seats, "sent_to": sales});
    let change = Change::made("plan.seats-requested", target, after);
    Ok(audit::record(transaction, enterprise, &change)?)
}

fn check<'a>(row: &PlanRow, request: &'a SeatRequest) -> Result<&'a str> {
    let invalid = |field, reason| Err(AdministrationError::InvalidValue { field, reason });
    let least = row.seats_total + 1;
    if !(least..=MOST_SEATS).contains(&request.seats) {
        let reason = format!(
            "the account has {} seats; a number from {least} to {MOST_SEATS}",
            row.seats_total
        );
        return invalid("seats", reason);
    }
    let message = request.message.as_deref().unwrap_or_default().trim();
    if message.chars().count() > LONGEST_MESSAGE {
        return invalid("message", format!("at most {LONGEST_MESSAGE} characters"));
    }
    Ok(message)
}

fn letter(row: &PlanRow, seats: i64, who: &str, message: &str) -> Letter {
    let letter = Letter::new(format!("{}: {seats} seats are asked for", row.name))
        .paragraph(format!(
            "{who} asks for {seats} seats for the account {} ({}).",
            row.name, row.id
        ))
        .paragraph(format!(
            "It has the plan {} with {} seats, of which {} are in use, {}.",
            row.plan,
            row.seats_total,
            row.used(),
            match row.plan_ends_at {
                Some(end) => format!("until {}", end.to_rfc3339()),
                None => "without an end".to_owned(),
            }
        ));
    if message.is_empty() { letter } else { letter.paragraph(message) }
}
