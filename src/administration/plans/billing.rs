//! Self-serve subscriptions (docs/domain.md §1): the billing system reports what was paid for, and
//! it is active at once, without an activation code.

use super::{PlanError, Result, ended, fit, save, with_enterprise};
use crate::administration::accounts::{self, Founding};
use crate::administration::{AdministrationError, ownership};
use crate::enterprise::billing::EventKind;
use crate::enterprise::plan::Plan;
use crate::enterprise::{AccountPk, Timestamp, name};
use crate::store::plans::{self, PlanRow};
use crate::store::waiting_payments::{self, PaymentRow};
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
    /// The id of the account that the subscription pays for, if it exists already.
    pub account: Option<String>,
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

/// Returns the account of an event, if it exists. The caller runs the transaction on its behalf.
///
/// # Errors
/// Fails with [`PlanError`] if the event names an account that does not exist, or whose plan another
/// subscription pays for.
pub fn account_of(conn: &mut Conn, event: &Event) -> Result<Option<AccountPk>> {
    Ok(row_of(conn, event)?.map(|row| row.pk))
}

fn row_of(conn: &mut Conn, event: &Event) -> Result<Option<PlanRow>> {
    if let Some(row) = plans::by_subscription(conn, &event.subscription)? {
        return Ok(Some(row));
    }
    let Some(id) = &event.account else { return Ok(None) };
    name::check(&event.subscription)
        .map_err(|reason| invalid("subscription_id", reason.to_string()))?;
    let row = plans::by_id(conn, id)?
        .ok_or_else(|| invalid("account_id", format!("there is no account \"{id}\"")))?;
    let is_paid = row.plan_active && matches!(row.plan, Plan::Pro | Plan::Enterprise);
    match &row.subscription_id {
        Some(other) if is_paid => Err(PlanError::OtherSubscription(other.clone()).into()),
        _ => Ok(Some(row)),
    }
}

/// Applies an event once, unless a newer one was applied before.
///
/// # Errors
/// Fails with [`PlanError`] if the event is incomplete or the seats do not fit. Nothing is applied
/// then, so the billing system may send the event again.
pub fn apply(
    transaction: &mut Transaction<'_>,
    event: &Event,
    public_url: &str,
) -> Result<Outcome> {
    if plans::knows_event(transaction, &event.id)? {
        return Ok(Outcome::Repeated);
    }
    let now = transaction.now();
    let known = row_of(transaction, event)?;
    let is_new = |row: &PlanRow| row.subscription_id.as_ref() != Some(&event.subscription);
    let before = match known {
        Some(row) if is_new(&row) && event.kind != EventKind::Activated => {
            return Err(PlanError::UnknownSubscription(event.subscription.clone()).into());
        }
        Some(row) => {
            let newest = row.subscription_event_at.filter(|_| !is_new(&row));
            if newest.is_some_and(|newest| event.at < newest) {
                plans::note_event(transaction, &event.id, row.pk, now)?;
                return Ok(Outcome::Outdated);
            }
            seats::expire_and_count(transaction, row.pk)?;
            plans::get(transaction, row.pk)?
        }
        None if event.kind == EventKind::Activated => found(transaction, event, public_url)?,
        None => return Err(PlanError::UnknownSubscription(event.subscription.clone()).into()),
    };
    if !plans::note_event(transaction, &event.id, before.pk, now)? {
        return Ok(Outcome::Repeated);
    }
    let after = match event.kind {
        EventKind::Ended => unpaid(transaction, &before)?,
        EventKind::Activated | EventKind::Renewed | EventKind::Changed => {
            paid(transaction, &before, event)?
        }
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

/// Returns the account with the plan that was paid for. During a trial the payment waits: the trial
/// is not converted, and the account gets the plan when it ends.
fn paid(transaction: &mut Transaction<'_>, before: &PlanRow, event: &Event) -> Result<PlanRow> {
    if before.plan == Plan::Trial && before.is_active(transaction.now()) {
        keep(transaction, before, event)?;
        return Ok(before.clone());
    }
    let plan = sold(event.plan.unwrap_or(before.plan))?;
    let seats = checked_seats(event.seats.unwrap_or(before.seats_total))?;
    let ends_at = event.ends_at.or(before.plan_ends_at);
    waiting_payments::delete(transaction, before.pk)?;
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

/// Keeps a payment until the trial ends. What the event leaves out is as in the payment before it, or
/// as in the plan before the trial.
fn keep(transaction: &mut Transaction<'_>, before: &PlanRow, event: &Event) -> Result<()> {
    let earlier = waiting_payments::of_account(transaction, before.pk)?;
    let plan = event.plan.or(earlier.map(|payment| payment.plan)).or(before.trial_from_plan);
    let seats = event.seats.or(earlier.map(|payment| payment.seats)).or(before.trial_from_seats);
    let ends_at = match earlier {
        Some(payment) => payment.ends_at,
        None => before.trial_from_ends_at,
    };
    let row = PaymentRow {
        enterprise_pk: before.pk,
        plan: sold(plan.unwrap_or(Plan::Essentials))?,
        seats: checked_seats(seats.unwrap_or(0))?,
        ends_at: event.ends_at.or(ends_at),
        paid_at: transaction.now(),
    };
    Ok(waiting_payments::put(transaction, &row)?)
}

/// Returns the account after the end of its subscription. A trial goes on, and nothing paid follows
/// it.
fn unpaid(transaction: &mut Transaction<'_>, before: &PlanRow) -> Result<PlanRow> {
    waiting_payments::delete(transaction, before.pk)?;
    if before.plan == Plan::Trial && before.is_active(transaction.now()) {
        let from = Some(Plan::Essentials);
        return Ok(PlanRow { trial_from_plan: from, trial_from_ends_at: None, ..before.clone() });
    }
    Ok(ended(before, None))
}

fn sold(plan: Plan) -> Result<Plan> {
    match plan {
        Plan::Pro | Plan::Enterprise => Ok(plan),
        Plan::Essentials | Plan::Trial => Err(invalid("plan", format!("{plan} is not sold"))),
    }
}

fn checked_seats(seats: i64) -> Result<i64> {
    if seats < 1 { Err(invalid("seats", "at least 1")) } else { Ok(seats) }
}

/// Creates the account of a new subscription.
fn found(transaction: &mut Transaction<'_>, event: &Event, public_url: &str) -> Result<PlanRow> {
    let founding = event.founding.as_ref().ok_or_else(|| {
        invalid("account_name, owner_email", "needed for the first event of a subscription")
    })?;
    name::check(&event.subscription)
        .map_err(|reason| invalid("subscription_id", reason.to_string()))?;
    let plan = event.plan.ok_or_else(|| invalid("plan", "pro or enterprise"))?;
    let seats = event.seats.ok_or_else(|| invalid("seats", "a number is needed"))?;
    let founding = Founding { seats, ..founding.clone() };
    let (account, owner) = accounts::found(transaction, &founding, plan)?;
    ownership::invite(transaction, &owner, public_url)?;
    Ok(plans::get(transaction, account.pk)?)
}

fn invalid(field: &'static str, reason: impl Into<String>) -> AdministrationError {
    PlanError::InvalidEvent { field, reason: reason.into() }.into()
}
