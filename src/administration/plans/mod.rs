//! Plans (docs/domain.md §1): their start, change and end.
//!
//! When Enterprise or a trial ends, the account becomes inactive: all data is kept unchanged, and
//! only the owner can access it until a supported plan is active again.

pub mod billing;
pub mod codes;
pub mod due;
mod error;
pub mod export;
mod reactivation;
pub mod seat_requests;

use serde_json::{Value, json};

use super::AdministrationError;
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::billing::SubscriptionKind;
use crate::enterprise::git_sync::GitSync;
use crate::enterprise::plan::{Plan, TRIAL_DAYS, TRIAL_SEATS};
use crate::enterprise::{AccountPk, Timestamp};
use crate::store::plans::{self, PlanRow};
use crate::store::waiting_payments::{self, PaymentRow};
use crate::store::{Conn, Transaction, audit, git_sync, seats};
pub use error::PlanError;
pub use reactivation::reactivate;

type Result<T> = std::result::Result<T, AdministrationError>;

/// Whom customers turn to about payment and seats.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BillingContacts {
    /// The page of the billing system where card customers manage their subscription.
    pub manage_url: Option<String>,
    /// The address of the sales team.
    pub sales: Option<String>,
}

/// Returns the account's row with its plan.
pub fn get(conn: &mut Conn, enterprise: AccountPk) -> Result<PlanRow> {
    Ok(plans::get(conn, enterprise)?)
}

/// Returns how the account's plan is paid for, or in a trial, what follows it.
pub fn subscription(row: &PlanRow, waiting: Option<&PaymentRow>) -> SubscriptionKind {
    let follows = waiting.map(|payment| payment.plan).or(row.trial_from_plan);
    let paid = if row.plan == Plan::Trial { follows.unwrap_or(Plan::Essentials) } else { row.plan };
    SubscriptionKind::of(paid, row.subscription_id.is_some())
}

/// Returns the payment that takes effect when the account's trial ends, if there is one.
pub fn waiting_payment(conn: &mut Conn, enterprise: AccountPk) -> Result<Option<PaymentRow>> {
    Ok(waiting_payments::of_account(conn, enterprise)?)
}

/// Returns whether the account may use Git Sync.
pub fn git_sync(row: &PlanRow) -> GitSync {
    GitSync::of(row.plan, row.git_sync_enabled, row.seats_members)
}

/// Starts the trial: Enterprise features for 14 days with 50 seats, once per account.
///
/// # Errors
/// Fails with [`PlanError`] if the account has had its trial, has Enterprise, or uses more seats
/// than the trial has.
pub fn start_trial(transaction: &mut Transaction<'_>, enterprise: AccountPk) -> Result<PlanRow> {
    seats::expire_and_count(transaction, enterprise)?;
    let before = plans::get(transaction, enterprise)?;
    let (now, plan) = (transaction.now(), before.plan);
    if plan == Plan::Enterprise && before.is_active(now) {
        return Err(PlanError::HasEnterprise.into());
    }
    if let Some(started) = before.trial_started_at {
        return Err(PlanError::TrialUsed(started).into());
    }
    fit(&before, TRIAL_SEATS)?;
    // An Enterprise plan that has ended reverts to Essentials, whether or not the scheduler has
    // already recorded that.
    let from = if plan == Plan::Pro { Plan::Pro } else { Plan::Essentials };
    let row = PlanRow {
        plan: Plan::Trial,
        plan_active: true,
        plan_ends_at: Some(now.plus_days(TRIAL_DAYS)),
        seats_total: TRIAL_SEATS,
        trial_started_at: Some(now),
        trial_from_plan: Some(from),
        trial_from_seats: Some(before.seats_total),
        trial_from_ends_at: before.plan_ends_at.filter(|_| from == Plan::Pro),
        plan_warned_days: None,
        ..before.clone()
    };
    save(transaction, "plan.trial-started", &before, row)
}

/// Downgrades the account to Essentials. `confirmation` must be the account's name.
///
/// # Errors
/// Fails with [`PlanError`] if the name is wrong, a trial is running, or the account already has
/// Essentials.
pub fn downgrade(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    confirmation: &str,
) -> Result<PlanRow> {
    let before = plans::get(transaction, enterprise)?;
    if crate::enterprise::name::key(confirmation.trim())
        != crate::enterprise::name::key(&before.name)
    {
        return Err(PlanError::NotConfirmed(before.name).into());
    }
    match before.plan {
        Plan::Trial => {
            Err(PlanError::TrialRuns(before.plan_ends_at.unwrap_or(Timestamp(0))).into())
        }
        Plan::Essentials => Err(PlanError::IsEssentials.into()),
        Plan::Enterprise | Plan::Pro => {
            waiting_payments::delete(transaction, enterprise)?;
            let row = ended(&before, None);
            save(transaction, "plan.downgraded", &before, row)
        }
    }
}

/// Enables or disables Git Sync for the account.
///
/// # Errors
/// Fails with [`GitSyncFull`](crate::enterprise::git_sync::GitSyncFull) if it would have more users
/// than the plan serves.
pub fn set_git_sync(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    enabled: bool,
) -> Result<PlanRow> {
    if enabled {
        let account = seats::expire_and_count(transaction, enterprise)?;
        git_sync::may_be_switched_on(transaction, &account)??;
    }
    let before = plans::get(transaction, enterprise)?;
    let row = PlanRow { git_sync_enabled: enabled, ..before.clone() };
    save(transaction, "plan.git-sync-changed", &before, row)
}

/// Returns the account with Enterprise for a term and a number of seats.
fn with_enterprise(before: &PlanRow, seats: i64, ends_at: Option<Timestamp>) -> Result<PlanRow> {
    fit(before, seats)?;
    Ok(PlanRow {
        plan: Plan::Enterprise,
        plan_active: true,
        plan_ends_at: ends_at,
        seats_total: seats,
        trial_from_plan: None,
        trial_from_seats: None,
        trial_from_ends_at: None,
        plan_warned_days: None,
        ..before.clone()
    })
}

/// Returns the account after the end of its plan: Enterprise and Pro become Essentials, a trial
/// becomes what was paid for while it ran, or else the plan before it. The account is inactive after
/// Enterprise or a trial, unless that payment covers the seats in use.
///
/// The seats never become fewer than are in use, whatever the plan had.
fn ended(before: &PlanRow, paid: Option<&PaymentRow>) -> PlanRow {
    let (plan, active, seats, ends_at) = match (before.plan, paid) {
        (Plan::Trial, Some(paid)) => {
            (paid.plan, before.used() <= paid.seats, paid.seats, paid.ends_at)
        }
        (Plan::Trial, None) => (
            before.trial_from_plan.unwrap_or(Plan::Essentials),
            false,
            before.trial_from_seats.unwrap_or(before.seats_total),
            before.trial_from_ends_at,
        ),
        (Plan::Enterprise, _) => (Plan::Essentials, false, before.seats_total, None),
        (Plan::Pro | Plan::Essentials, _) => {
            (Plan::Essentials, before.plan_active, before.seats_total, None)
        }
    };
    PlanRow {
        plan,
        plan_active: active,
        plan_ends_at: ends_at,
        seats_total: seats.max(before.used()),
        plan_warned_days: None,
        ..before.clone()
    }
}

/// Checks that the seats in use fit.
fn fit(row: &PlanRow, seats: i64) -> Result<()> {
    if seats < row.used() {
        return Err(PlanError::TooFewSeats { seats, used: row.used() }.into());
    }
    Ok(())
}

fn save(
    transaction: &mut Transaction<'_>,
    action: &'static str,
    before: &PlanRow,
    after: PlanRow,
) -> Result<PlanRow> {
    plans::save(transaction, &after)?;
    let target = Target::new("account", after.id.clone(), after.name.clone());
    let change = Change::changed(action, target, shown(before), shown(&after));
    audit::record(transaction, after.pk, &change)?;
    Ok(after)
}

fn shown(row: &PlanRow) -> Value {
    json!({
        "plan": row.plan,
        "active": row.plan_active,
        "ends_at": row.plan_ends_at.map(|at| at.to_rfc3339()),
        "seats": row.seats_total,
        "git_sync_enabled": row.git_sync_enabled,
    })
}
