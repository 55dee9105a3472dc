//! Scheduled changes of plans: they end, and owners and co-owners are warned before.

use super::{Result, ended, save};
use crate::enterprise::letter::Letter;
use crate::enterprise::plan::Plan;
use crate::enterprise::{AccountPk, Timestamp};
use crate::store::plans::{self, PlanRow};
use crate::store::{Conn, StoreResult, Transaction, owners, seats, waiting_payments};

/// The days before the end at which owners and co-owners are warned.
pub const WARNINGS: [i64; 3] = [30, 7, 1];

/// Returns one page of accounts whose plan ends soon enough for a warning, each with the end of its
/// plan.
pub fn accounts(
    conn: &mut Conn,
    now: Timestamp,
    after: (Timestamp, AccountPk),
    limit: i64,
) -> StoreResult<Vec<(Timestamp, AccountPk)>> {
    let [first, ..] = WARNINGS;
    plans::ending_before(conn, now.plus_days(first), after, limit)
}

/// Ends the account's plan if its term is over, or warns the owners and co-owners if it soon will
/// be. Idempotent.
pub fn carry_out(transaction: &mut Transaction<'_>, enterprise: AccountPk) -> Result<()> {
    let before = plans::get(transaction, enterprise)?;
    let now = transaction.now();
    let Some(end) = before.plan_ends_at else { return Ok(()) };
    if end <= now {
        seats::expire_and_count(transaction, enterprise)?;
        let before = plans::get(transaction, enterprise)?;
        let paid = waiting_payments::of_account(transaction, enterprise)?;
        let after = ended(&before, paid.as_ref());
        // A payment waits for the end of a trial, and on if more seats are in use than it is for. It
        // has no effect any more once its own term is over.
        if after.plan_active || before.plan != Plan::Trial {
            waiting_payments::delete(transaction, enterprise)?;
        }
        let after = save(transaction, "plan.ended", &before, after)?;
        owners::tell_administrators(transaction, enterprise, &over(&before, &after))?;
        // The plan that the account has after a trial may have ended in the meantime, too.
        return if after.plan_ends_at.is_some_and(|end| end <= now) {
            carry_out(transaction, enterprise)
        } else {
            Ok(())
        };
    }
    let left = end.millis_since(now).div_euclid(Timestamp::DAY);
    let due = WARNINGS.into_iter().filter(|days| left < *days).min();
    let is_new = |days: &i64| before.plan_warned_days.is_none_or(|warned| *days < warned);
    if let Some(days) = due.filter(is_new) {
        let after = PlanRow { plan_warned_days: Some(days), ..before.clone() };
        plans::save(transaction, &after)?;
        // A trial lasts 14 days, so a warning 30 days before its end would say nothing new.
        if before.plan != Plan::Trial || days < 14 {
            owners::tell_administrators(transaction, enterprise, &soon(&before, end))?;
        }
    }
    Ok(())
}

/// Ends the account's plan if its term is over, for a request that comes before the scheduler.
pub fn settle(transaction: &mut Transaction<'_>, enterprise: AccountPk) -> Result<()> {
    let (now, row) = (transaction.now(), plans::get(transaction, enterprise)?);
    let is_over = row.plan_ends_at.is_some_and(|end| end <= now);
    if is_over { carry_out(transaction, enterprise) } else { Ok(()) }
}

/// The page of the plan.
const BILLING: &str = "/app/billing";

fn soon(row: &PlanRow, end: Timestamp) -> Letter {
    let (what, advice) = match row.plan {
        Plan::Trial => {
            ("trial", "It ends by itself. To go on, enter an activation code afterwards.")
        }
        _ => ("plan", "Renew it, or enter a new activation code, so that nothing stops."),
    };
    Letter::new(format!("{}: the {what} ends on {}", row.name, &end.to_rfc3339()[..10]))
        .paragraph(format!("The {what} of {} ends on {}.", row.name, end.to_rfc3339()))
        .paragraph(advice)
        .page("Plan & billing", BILLING)
}

fn over(before: &PlanRow, after: &PlanRow) -> Letter {
    let letter = Letter::new(format!("{}: the plan {} has ended", before.name, before.plan))
        .paragraph(format!("{} now has the plan {}.", before.name, after.plan));
    if after.plan_active {
        return letter.page("Plan & billing", BILLING);
    }
    letter.paragraph(
        "Its organizations are inactive: nothing is lost, nothing can be changed, and only the owner \
         can read and export the data until a supported plan is active again.",
    )
    .paragraph(format!(
        "To go on with the plan {}, an owner reactivates the account under Plan & billing. What that \
         plan does not include rests, with its data kept.",
        after.plan
    ))
    .page("Plan & billing", BILLING)
}
