//! Self-serve subscriptions (DOMAIN.md §1): the billing system says what was paid for, and it is
//! active at once, without a code.

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
    /// Its id, the same however often it is sent.
    pub id: String,
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: Timestamp,
    /// To which subscription.
    pub subscription: String,
    /// Name of the account and its owner; for an account that is not there yet.
    pub founding: Option<Founding>,
    /// What is paid for: pro or enterprise.
    pub plan: Option<Plan>,
    /// Seats paid for.
    pub seats: Option<i64>,
    /// End of the term.
    pub ends_at: Option<Timestamp>,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was applied.
    Applied,
    /// It had been applied before.
    Repeated,
    /// A newer one had been applied before.
    Outdated,
}

/// The account that an event is about, if it is there: its transactions are written on its behalf.
pub fn account_of(conn: &mut Conn, subscription: &str) -> Result<Option<AccountPk>> {
    Ok(plans::by_subscription(conn, subscription)?.map(|row| row.pk))
}

/// Applies an event, once, unless a newer one was applied before it.
///
/// # Errors
/// [`PlanError`]: what the event lacks, or seats that do not fit. Nothing is applied then, and the
/// billing system may send it again.
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
            seats::settle(transaction, row.pk)?;
            plans::get(transaction, row.pk)?
        }
        None if event.kind == EventKind::Activated => found(transaction, event)?,
        None => return Err(PlanError::UnknownSubscription(event.subscription.clone()).into()),
    };
    if !plans::note_event(transaction, &event.id, before.pk, now)? {
        return Ok(Outcome::Repeated);
    }
    let after = match event.kind {
        EventKind::Ended => ended(&before)?,
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

/// What was paid for. While a trial runs it waits: it is what the trial reverts to.
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

/// The account of a new subscription.
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
