//! What activation codes give, and the accounts that they make.

use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::accounts::FIRST_ORGANIZATION;
use crate::administration::ownership::{Claimed, Correction};
use crate::administration::plans::codes::Activated;
use crate::enterprise::plan::Plan;
use crate::enterprise::{Role, Timestamp};
use crate::store::activation_codes::CodeRow;

/// What an activation code gives.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ActivationOffer {
    /// The name of the customer that the code was issued to.
    pub customer: String,
    /// Whether the code makes a new account; if not, it is entered in the customer's account
    /// (plan.activate).
    pub makes_account: bool,
    /// The plan that the account gets.
    pub plan: Plan,
    /// The number of seats that the account gets.
    pub seats: i64,
    /// The term in days, from when the code is used.
    pub days: i64,
    /// When the plan would end if the code were used now.
    pub ends_at: Timestamp,
}

impl ActivationOffer {
    /// Makes the answer as of this time.
    pub fn at(row: CodeRow, now: Timestamp) -> Self {
        Self {
            customer: row.customer,
            makes_account: row.enterprise_pk.is_none(),
            plan: Plan::Enterprise,
            seats: row.seats,
            days: row.days,
            ends_at: now.plus_days(row.days),
        }
    }
}

/// A new account.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ActivatedAccount {
    /// The id of the account, `ent_…`.
    pub account_id: String,
    /// The id of the member who is the owner of the account.
    pub owner_id: String,
    /// The token to send as `Authorization: Bearer …`. It is not shown again. Null with a session,
    /// which can act in the account (session.change).
    pub admin_token: Option<String>,
    /// When `admin_token` ends, 90 days from now; null without one.
    pub admin_token_expires_at: Option<Timestamp>,
    /// The name of the organization that every account begins with.
    pub organization: &'static str,
}

impl From<Activated> for ActivatedAccount {
    fn from(made: Activated) -> Self {
        let (admin_token, admin_token_expires_at) = made.admin_token.unzip();
        Self {
            account_id: made.account_id,
            owner_id: made.owner_id,
            admin_token,
            admin_token_expires_at,
            organization: FIRST_ORGANIZATION,
        }
    }
}

/// An owner who has not claimed the account.
#[derive(Debug, JsonSchema, Serialize)]
pub struct UnclaimedOwner {
    /// The id of the member who is the owner of the account.
    pub owner_id: String,
    /// The owner's address.
    pub owner_email: Option<String>,
    /// When the link that was sent there ends.
    pub link_expires_at: Timestamp,
}

impl From<Correction> for UnclaimedOwner {
    fn from(corrected: Correction) -> Self {
        Self {
            owner_id: corrected.owner.id,
            owner_email: corrected.owner.email,
            link_expires_at: corrected.link_ends_at,
        }
    }
}

/// An account that its owner has claimed.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ClaimedAccount {
    /// The id of the account, `ent_…`.
    pub account_id: String,
    /// The name of the account.
    pub account_name: String,
    /// The id of the member that you are in the account.
    pub member_id: String,
    /// Your role in the account.
    pub role: Role,
    /// Your id as a person, `acct_…`, the same in all accounts.
    pub user_id: String,
    /// The address that you have proved by the link.
    pub email: String,
}

impl From<Claimed> for ClaimedAccount {
    fn from(claimed: Claimed) -> Self {
        Self {
            account_id: claimed.account.id,
            account_name: claimed.account.name,
            member_id: claimed.owner.id,
            role: claimed.owner.role,
            user_id: claimed.sign_in.person.id,
            email: claimed.sign_in.email,
        }
    }
}
