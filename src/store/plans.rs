//! The plan of an account: which one, until when, and which one came before.

use diesel::prelude::*;

use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::tables::{billing_events, enterprises};
use crate::enterprise::plan::{self, Plan};
use crate::enterprise::{AccountPk, Timestamp};

/// An account's plan as stored in the database.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = enterprises)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct PlanRow {
    pub pk: AccountPk,
    pub id: String,
    pub name: String,
    pub plan: Plan,
    pub plan_active: bool,
    pub plan_ends_at: Option<Timestamp>,
    pub seats_total: i64,
    pub seats_members: i64,
    pub seats_invitations: i64,
    pub trial_started_at: Option<Timestamp>,
    pub trial_from_plan: Option<Plan>,
    pub trial_from_seats: Option<i64>,
    pub trial_from_ends_at: Option<Timestamp>,
    pub plan_warned_days: Option<i64>,
    pub git_sync_enabled: bool,
    pub subscription_id: Option<String>,
    pub subscription_event_at: Option<Timestamp>,
}

impl PlanRow {
    /// Returns `true` if the plan's advanced operations are available at this time.
    pub fn is_active(&self, now: Timestamp) -> bool {
        plan::is_active(self.plan_active, self.plan_ends_at, now)
    }

    /// Returns the number of seats that members and pending invitations hold.
    pub const fn used(&self) -> i64 {
        self.seats_members + self.seats_invitations
    }
}

/// Returns the account's plan.
pub fn get(conn: &mut Conn, enterprise: AccountPk) -> StoreResult<PlanRow> {
    Ok(on!(conn, connection => enterprises::table
        .filter(enterprises::pk.eq(enterprise))
        .select(PlanRow::as_select())
        .first(connection))?)
}

/// Returns the plan of the account with this id.
pub fn by_id(conn: &mut Conn, id: &str) -> StoreResult<Option<PlanRow>> {
    if !storable(id) {
        return Ok(None);
    }
    Ok(on!(conn, connection => enterprises::table
        .filter(enterprises::id.eq(id))
        .select(PlanRow::as_select())
        .first(connection)
        .optional())?)
}

/// Returns the plan of the account with this subscription.
pub fn by_subscription(conn: &mut Conn, subscription: &str) -> StoreResult<Option<PlanRow>> {
    if !storable(subscription) {
        return Ok(None);
    }
    Ok(on!(conn, connection => enterprises::table
        .filter(enterprises::subscription_id.eq(subscription))
        .select(PlanRow::as_select())
        .first(connection)
        .optional())?)
}

/// Returns the plans of all accounts after row `after`, in order of creation.
pub fn all(conn: &mut Conn, after: i64, limit: i64) -> StoreResult<Vec<PlanRow>> {
    Ok(on!(conn, connection => enterprises::table
        .filter(enterprises::pk.gt(after))
        .order(enterprises::pk)
        .limit(limit)
        .select(PlanRow::as_select())
        .load(connection))?)
}

/// Returns the plans of these accounts, in order of creation.
pub fn by_pks(conn: &mut Conn, pks: &[AccountPk]) -> StoreResult<Vec<PlanRow>> {
    Ok(on!(conn, connection => enterprises::table
        .filter(enterprises::pk.eq_any(pks))
        .order(enterprises::pk)
        .select(PlanRow::as_select())
        .load(connection))?)
}

/// Returns accounts whose plan ends before this time, in the order of the end, after the account in
/// row `after.1` whose plan ends at `after.0`.
pub fn ending_before(
    conn: &mut Conn,
    end: Timestamp,
    after: (Timestamp, AccountPk),
    limit: i64,
) -> StoreResult<Vec<(Timestamp, AccountPk)>> {
    let (at, pk) = after;
    Ok(on!(conn, connection => enterprises::table
        .filter(enterprises::plan_ends_at.ge(at))
        .filter(enterprises::plan_ends_at.lt(end))
        .filter(enterprises::plan_ends_at.gt(at).or(enterprises::pk.gt(pk)))
        .order((enterprises::plan_ends_at, enterprises::pk))
        .limit(limit)
        .select((enterprises::plan_ends_at.assume_not_null(), enterprises::pk))
        .load(connection))?)
}

/// Updates plan, seats, trial, warning, Git Sync and subscription of an account.
///
/// # Errors
/// Fails if more seats are in use than the plan has.
pub fn save(conn: &mut Conn, row: &PlanRow) -> StoreResult<()> {
    on!(conn, connection => diesel::update(enterprises::table)
        .filter(enterprises::pk.eq(row.pk))
        .set((
            enterprises::plan.eq(row.plan),
            enterprises::plan_active.eq(row.plan_active),
            enterprises::plan_ends_at.eq(row.plan_ends_at),
            enterprises::seats_total.eq(row.seats_total),
            enterprises::trial_started_at.eq(row.trial_started_at),
            enterprises::trial_from_plan.eq(row.trial_from_plan),
            enterprises::trial_from_seats.eq(row.trial_from_seats),
            enterprises::trial_from_ends_at.eq(row.trial_from_ends_at),
            enterprises::plan_warned_days.eq(row.plan_warned_days),
            enterprises::git_sync_enabled.eq(row.git_sync_enabled),
            enterprises::subscription_id.eq(&row.subscription_id),
            enterprises::subscription_event_at.eq(row.subscription_event_at),
        ))
        .execute(connection))?;
    Ok(())
}

/// Records an event of the billing system. Returns `true` if it is new.
pub fn note_event(
    conn: &mut Conn,
    event: &str,
    enterprise: AccountPk,
    now: Timestamp,
) -> StoreResult<bool> {
    let new = on!(conn, connection => diesel::insert_into(billing_events::table)
        .values((
            billing_events::id.eq(event),
            billing_events::enterprise_pk.eq(enterprise),
            billing_events::applied_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(connection))?;
    Ok(new > 0)
}

/// Returns `true` if an event of the billing system was already applied.
pub fn knows_event(conn: &mut Conn, event: &str) -> StoreResult<bool> {
    Ok(on!(conn, connection => diesel::select(diesel::dsl::exists(
        billing_events::table.filter(billing_events::id.eq(event))
    ))
    .get_result(connection))?)
}
