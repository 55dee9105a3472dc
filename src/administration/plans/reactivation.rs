//! Going on after the end of a trial or a term, with the plan that the account fell to.

use super::{PlanError, Result, due, fit, save};
use crate::enterprise::AccountPk;
use crate::enterprise::git_sync::GitSync;
use crate::enterprise::plan::{ESSENTIALS_SEATS, Plan};
use crate::store::plans::{self, PlanRow};
use crate::store::{Transaction, seats, waiting_payments};

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
    if before.plan_active {
        return Err(PlanError::IsActive.into());
    }
    let own_end = before.plan_ends_at;
    let (plan, seats, ends_at) =
        match (waiting_payments::of_account(transaction, enterprise)?, before.plan) {
            (Some(paid), _) => (paid.plan, paid.seats, paid.ends_at),
            (None, Plan::Essentials) => (Plan::Essentials, ESSENTIALS_SEATS, own_end),
            (None, Plan::Pro) => {
                (Plan::Pro, before.trial_from_seats.unwrap_or(before.seats_total), own_end)
            }
            (None, Plan::Enterprise | Plan::Trial) => return Err(PlanError::NeedsCode.into()),
        };
    fit(&before, seats)?;
    let row = PlanRow {
        plan,
        plan_active: true,
        plan_ends_at: ends_at,
        seats_total: seats,
        ..before.clone()
    };
    if let GitSync::TooManyUsers { active } = super::git_sync(&row) {
        return Err(PlanError::TooManyForGitSync { active }.into());
    }
    waiting_payments::delete(transaction, enterprise)?;
    save(transaction, "plan.reactivated", &before, row)
}
