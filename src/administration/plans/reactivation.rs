//! Going on after the end of a trial or a term, with the plan that the account fell to.

use super::{PlanError, Result, due, ended, save, too_few};
use crate::enterprise::git_sync::GitSync;
use crate::enterprise::plan::{ESSENTIALS_SEATS, Plan};
use crate::enterprise::{AccountPk, Timestamp};
use crate::store::plans::{self, PlanRow};
use crate::store::waiting_payments::PaymentRow;
use crate::store::{Conn, Transaction, seats, waiting_payments};

/// Reactivates an account with the plan that it fell to: Essentials, Pro, or what was paid for
/// during the trial. What the plan does not include rests, with its data kept.
///
/// # Errors
/// Fails with [`PlanError`] if the account is active, or if more is in use than the plan includes.
pub fn reactivate(transaction: &mut Transaction<'_>, enterprise: AccountPk) -> Result<PlanRow> {
    // The plan may be over without the scheduler having recorded it.
    due::settle(transaction, enterprise)?;
    seats::expire_and_count(transaction, enterprise)?;
    let before = plans::get(transaction, enterprise)?;
    let paid = waiting_payments::of_account(transaction, enterprise)?;
    let row = revived(&before, paid.as_ref())?;
    if let Some(refusal) = refusal(&before, &row) {
        return Err(refusal.into());
    }
    waiting_payments::delete(transaction, enterprise)?;
    save(transaction, "plan.reactivated", &before, row)
}

/// What reactivating an account would give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reactivation {
    /// The plan that the account would have.
    pub plan: Plan,
    /// The number of seats that it would have.
    pub seats: i64,
    /// When that plan would end.
    pub ends_at: Option<Timestamp>,
    /// Whether the account was in a trial, and not in Enterprise, before it became inactive.
    pub after_trial: bool,
    /// Why it cannot be done now, if so.
    pub refusal: Option<PlanError>,
}

/// Returns what reactivating the account would give, without doing it; `None` if the account is
/// active.
pub fn reactivation(
    conn: &mut Conn,
    enterprise: AccountPk,
    now: Timestamp,
) -> Result<Option<Reactivation>> {
    let stored = plans::get(conn, enterprise)?;
    let paid = waiting_payments::of_account(conn, enterprise)?;
    let after_trial = stored.plan == Plan::Trial || stored.trial_from_plan.is_some();
    let seats_invitations = seats::now(conn, enterprise, now)?.invitations;
    let before = settled(PlanRow { seats_invitations, ..stored }, paid.as_ref(), now);
    if before.plan_active {
        return Ok(None);
    }
    let (row, refusal) = match revived(&before, paid.as_ref()) {
        Ok(row) => {
            let refusal = refusal(&before, &row);
            (row, refusal)
        }
        Err(refusal) => (before, Some(refusal)),
    };
    let (plan, seats, ends_at) = (row.plan, row.seats_total, row.plan_ends_at);
    Ok(Some(Reactivation { plan, seats, ends_at, after_trial, refusal }))
}

/// Returns the account as [`due::settle`] leaves it.
fn settled(row: PlanRow, paid: Option<&PaymentRow>, now: Timestamp) -> PlanRow {
    let mut row = row;
    // The plan after a trial may be over, too; what follows that has no end.
    for _ in 0..3 {
        if row.plan_ends_at.is_none_or(|end| end > now) {
            break;
        }
        row = ended(&row, paid);
    }
    row
}

/// Returns the account with the plan that it goes on with.
///
/// # Errors
/// Fails with [`PlanError`] if the account is active, or has no such plan.
fn revived(before: &PlanRow, paid: Option<&PaymentRow>) -> std::result::Result<PlanRow, PlanError> {
    if before.plan_active {
        return Err(PlanError::IsActive);
    }
    let own_end = before.plan_ends_at;
    let (plan, seats, ends_at) = match (paid, before.plan) {
        (Some(paid), _) => (paid.plan, paid.seats, paid.ends_at),
        (None, Plan::Essentials) => (Plan::Essentials, ESSENTIALS_SEATS, own_end),
        (None, Plan::Pro) => {
            (Plan::Pro, before.trial_from_seats.unwrap_or(before.seats_total), own_end)
        }
        (None, Plan::Enterprise | Plan::Trial) => return Err(PlanError::NeedsCode),
    };
    Ok(PlanRow {
        plan,
        plan_active: true,
        plan_ends_at: ends_at,
        seats_total: seats,
        ..before.clone()
    })
}

/// Returns why the account cannot go on so, if more is in use than the plan includes.
fn refusal(before: &PlanRow, row: &PlanRow) -> Option<PlanError> {
    if let Some(refusal) = too_few(before, row.seats_total) {
        return Some(refusal);
    }
    match super::git_sync(row) {
        GitSync::TooManyUsers { active } => Some(PlanError::TooManyForGitSync { active }),
        GitSync::Available | GitSync::Disabled => None,
    }
}
