//! The plan of an account.

use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::plans::BillingContacts;
use crate::administration::{AdministrationError, plans};
use crate::enterprise::billing::SubscriptionKind;
use crate::enterprise::git_sync::{ESSENTIALS_LIMIT, GitSync};
use crate::enterprise::plan::Plan;
use crate::enterprise::{AccountPk, Timestamp};
use crate::store::Conn;
use crate::store::plans::PlanRow;
use crate::store::waiting_payments::PaymentRow;

/// The account's plan.
#[derive(Debug, JsonSchema, Serialize)]
pub struct AccountPlan {
    /// The plan that the account has now.
    pub plan: Plan,
    /// Whether the plan is active; if not, only the owner reaches the account, to read.
    pub active: bool,
    /// The number of seats that the account has.
    pub seats: i64,
    /// The number of seats that active members and pending invitations hold.
    pub seats_used: i64,
    /// When the plan or the trial ends; null if it has no end.
    pub ends_at: Option<Timestamp>,
    /// Whole days until `ends_at`, 0 once it is over; null if the plan has no end.
    pub days_left: Option<i64>,
    /// How the plan is paid for, and who changes that.
    pub subscription: PlanSubscription,
    /// The account's trial.
    pub trial: Trial,
    /// What was paid for during the trial and takes effect when it ends; null if nothing waits.
    pub paid_next: Option<PaidPlan>,
    /// Whether the account has Git Sync.
    pub git_sync: GitSyncState,
}

/// The trial of an account, which has only one.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Trial {
    /// When the trial began; null if the account has not had its trial.
    pub started_at: Option<Timestamp>,
    /// The plan that follows when the trial ends; null unless the trial is running.
    pub reverts_to: Option<Plan>,
}

/// How an account's plan is paid for.
#[derive(Debug, JsonSchema, Serialize)]
pub struct PlanSubscription {
    /// `self-serve` if it is paid by card, `sales` if the sales team renews it by activation codes;
    /// in a trial, what follows it.
    pub kind: SubscriptionKind,
    /// The page of the billing system for invoices, payment and the number of seats; null unless the
    /// plan is paid by card, or if the server has none.
    pub manage_url: Option<String>,
    /// The address of the sales team, which gets requests for more seats; null if the server has
    /// none.
    pub contact: Option<String>,
}

/// A paid plan that waits for the end of the trial.
#[derive(Debug, JsonSchema, Serialize)]
pub struct PaidPlan {
    /// The plan that was paid for.
    pub plan: Plan,
    /// The number of seats that were paid for.
    pub seats: i64,
    /// The end of the term that was paid for; null if it has no end.
    pub ends_at: Option<Timestamp>,
    /// When the newest payment for it arrived.
    pub paid_at: Timestamp,
}

impl From<PaymentRow> for PaidPlan {
    fn from(row: PaymentRow) -> Self {
        Self { plan: row.plan, seats: row.seats, ends_at: row.ends_at, paid_at: row.paid_at }
    }
}

/// Whether the account has Git Sync.
#[derive(Debug, JsonSchema, Serialize)]
pub struct GitSyncState {
    /// Whether Git Sync works now: it is enabled and the plan serves all active users.
    pub available: bool,
    /// Whether an administrator has Git Sync switched on.
    pub enabled: bool,
    /// The number of active members of the account.
    pub active_users: i64,
    /// The number of active users that the plan serves; null if there is no limit.
    pub limit: Option<i64>,
    /// Why Git Sync does not work and what to do, as a sentence; null if it is available.
    pub reason: Option<String>,
}

impl AccountPlan {
    /// Reads the plan of an account as of this time.
    pub fn read(
        conn: &mut Conn,
        account: AccountPk,
        contacts: &BillingContacts,
        now: Timestamp,
    ) -> Result<Self, AdministrationError> {
        let row = plans::get(conn, account)?;
        Self::of(conn, &row, contacts, now)
    }

    /// Reads what belongs to this row as of this time: a plan that is over counts as ended even if
    /// no job has ended it yet.
    pub fn of(
        conn: &mut Conn,
        row: &PlanRow,
        contacts: &BillingContacts,
        now: Timestamp,
    ) -> Result<Self, AdministrationError> {
        let paid = plans::waiting_payment(conn, row.pk)?;
        let kind = plans::subscription(row, paid.as_ref());
        let is_self_serve = kind == SubscriptionKind::SelfServe;
        let (plan, git_sync) = (row.plan, plans::git_sync(row));
        let reverts_to = paid.map(|payment| payment.plan).or(row.trial_from_plan);
        Ok(Self {
            plan,
            active: row.is_active(now),
            seats: row.seats_total,
            seats_used: row.used(),
            ends_at: row.plan_ends_at,
            days_left: row.plan_ends_at.map(|end| (end.millis_since(now) / Timestamp::DAY).max(0)),
            subscription: PlanSubscription {
                kind,
                manage_url: contacts.manage_url.clone().filter(|_| is_self_serve),
                contact: contacts.sales.clone(),
            },
            trial: Trial {
                started_at: row.trial_started_at,
                reverts_to: reverts_to.filter(|_| plan == Plan::Trial),
            },
            paid_next: paid.map(PaidPlan::from),
            git_sync: GitSyncState {
                available: git_sync == GitSync::Available,
                enabled: row.git_sync_enabled,
                active_users: row.seats_members,
                limit: (plan == Plan::Essentials).then_some(ESSENTIALS_LIMIT),
                reason: git_sync.reason(),
            },
        })
    }
}
