//! An account of one's own.

use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::accounts::FIRST_ORGANIZATION;
use crate::administration::own_accounts::OwnAccount;
use crate::enterprise::Role;
use crate::enterprise::plan::Plan;

/// An account of one's own.
#[derive(Debug, JsonSchema, Serialize)]
pub struct CreatedAccount {
    /// The id of the account, `ent_…`.
    pub account_id: String,
    /// The name of the account.
    pub account_name: String,
    /// The plan of the account.
    pub plan: Plan,
    /// The id of the member that you are in the account.
    pub member_id: String,
    /// Your role in the account.
    pub role: Role,
    /// The name of the organization that every account begins with.
    pub organization: &'static str,
}

impl From<OwnAccount> for CreatedAccount {
    fn from(made: OwnAccount) -> Self {
        Self {
            account_id: made.account.id,
            account_name: made.account.name,
            plan: made.account.plan,
            member_id: made.owner.id,
            role: made.owner.role,
            organization: FIRST_ORGANIZATION,
        }
    }
}
