//! Self-serve subscriptions (DOMAIN.md §1): the billing system reports what was paid for, and it is
//! active at once, without an activation code.

use super::{PlanError, Result, ended, fit, save, with_enterprise};
use crate::administration::AdministrationError;
use crate::administration::accounts::{self, Founding};
use crate::enterprise::billing::EventKind;
use crate::enterprise::plan::Plan;
use crate::enterprise::{AccountPk, Timestamp, name};
use crate::store::plans::{self, PlanRow};
use crate::store::{Conn, Transaction, seats};

/// An event of the billing system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The event's id, the same for every delivery of the event.
    pub id: String,
    /// What happened to the subscription.
    pub kind: EventKind,
    /// When it happened.
    pub at: Timestamp,
    /// The id of the subscription.
    pub subscription: String,
    /// The name and the owner of a new account; needed if the subscription has no account yet.
    pub founding: Option<Founding>,
    /// The plan that was paid for: Pro or Enterprise.
    pub plan: Option<Plan>,
    /// The number of seats that were paid for.
    pub seats: Option<i64>,
    /// The end of the paid term.
    pub ends_at: Option<Timestamp>,
}

/// The result of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The event was applied.
    Applied,
    /// The event had been applied before.
    Repeated,
    /// A newer event of the subscription had been applied before.
    Outdated,
}

/// Returns the account of a subscription, if it exists. The caller runs the transaction on its
/// behalf.
pub fn account_of(conn: &mut Conn, subscription: &str) -> Result<Option<AccountPk>> {
    Ok(plans::by_subscription(conn, subscription)?.map(|row| row.pk))
}

/// Applies an event once, unless a newer one was applied before.
///
/// # Errors
/// Fails with [`PlanError`] if the event is incomplete or the seats do not fit. Nothing is applied
/// then, so the billing system may send the event again.
pub fn apply(transaction: &mut Transaction<'_>, event: &Event) -> Result<Outcome> {
    if plans::knows_event(transaction, &event.id)? {
        return Ok(Outcome::Repeated);
    }
    let now = transaction.now();
    let before = match plans::by_subscription(transaction, &event.subscription)? {
        Some(row) => {
            if row.subscription_event_at.is_some_and(|newest| event.at < newest) {
                plans::note_event(transaction, &event.id, row.pk, now)?;
                return Ok(Outcome::Outdated);
            }
            seats::expire_and_count(transaction, row.pk)?;
            plans::get(transaction, row.pk)?
        }
        None if event.kind == EventKind::Activated => found(transaction, event)?,
        None => return Err(PlanError::UnknownSubscription(event.subscription.clone()).into()),
    };
    if !plans::note_event(transaction, &event.id, before.pk, now)? {
        return Ok(Outcome::Repeated);
    }
    let after = match event.kind {
        EventKind::Ended => ended(&before),
        EventKind::Activated | EventKind::Renewed | EventKind::Changed => paid(&before, event)?,
    };
    let after = PlanRow {
        subscription_id: Some(event.subscription.clone()),
        subscription_event_at: Some(event.at),
        ..after
    };
    save(transaction, action(event.kind), &before, after)?;
    Ok(Outcome::Applied)
}

const fn action(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Activated => "plan.activated",
        EventKind::Renewed => "plan.renewed",
        EventKind::Changed => "plan.changed",
        EventKind::Ended => "plan.ended",
    }
}

/// Returns the plan that was paid for. During a trial the payment waits: the account gets the plan
/// when the trial ends.
fn paid(before: &PlanRow, event: &Event) -> Result<PlanRow> {
    let plan = match event.plan {
        Some(plan @ (Plan::Pro | Plan::Enterprise)) => plan,
        Some(other) => return Err(invalid("plan", format!("{other} is not sold"))),
        None => before.plan,
    };
    let seats = event.seats.unwrap_or(before.seats_total);
    if seats < 1 {
        return Err(invalid("seats", "at least 1"));
    }
    let ends_at = event.ends_at.or(before.plan_ends_at);
    if before.plan == Plan::Trial && before.plan_active {
        if plan == Plan::Enterprise {
            let end = before.plan_ends_at.unwrap_or(Timestamp(0));
            return Err(PlanError::TrialRuns(end).into());
        }
        return Ok(PlanRow {
            trial_from_plan: Some(Plan::Pro),
            trial_from_seats: Some(event.seats.or(before.trial_from_seats).unwrap_or(seats)),
            trial_from_ends_at: event.ends_at.or(before.trial_from_ends_at),
            ..before.clone()
        });
    }
    if plan == Plan::Enterprise {
        return with_enterprise(before, seats, ends_at);
    }
    fit(before, seats)?;
    Ok(PlanRow {
        plan,
        plan_active: true,
        plan_ends_at: ends_at,
        seats_total: seats,
        plan_warned_days: None,
        ..before.clone()
    })
}

/// Creates the account of a new subscription.
fn found(transaction: &mut Transaction<'_>, event: &Event) -> Result<PlanRow> {
    let founding = event.founding.as_ref().ok_or_else(|| {
        invalid("account_name, owner_email", "needed for the first event of a subscription")
    })?;
    name::check(&event.subscription)
        .map_err(|reason| invalid("subscription_id", reason.to_string()))?;
    let plan = event.plan.ok_or_else(|| invalid("plan", "pro or enterprise"))?;
    let seats = event.seats.ok_or_else(|| invalid("seats", "a number is needed"))?;
    let founding = Founding { seats, ..founding.clone() };
    let (account, _) = accounts::found(transaction, &founding, plan)?;
    Ok(plans::get(transaction, account.pk)?)
}

fn invalid(field: &'static str, reason: impl Into<String>) -> AdministrationError {
    PlanError::InvalidEvent { field, reason: reason.into() }.into()
}
