//! `/api/v1/accounts`: an account of one's own.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::answers::Created;
use super::api::Api;
use super::body::Body;
use super::session::Unconfined;
use crate::administration::accounts::FIRST_ORGANIZATION;
use crate::administration::own_accounts::{self, OwnAccount};
use crate::enterprise::Role;
use crate::enterprise::plan::Plan;
use crate::http::base::problem::Problem;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.post("/accounts", "accounts.create", create)
        .summary("Makes an Essentials account of your own; each person makes one")
        .description(
            "Signing up makes it by itself. This is for who came another way, by an invitation for \
             example. The session goes on in the account that it acts in; choose the new one with \
             session.change.",
        )
        .refuses(&[409]);
}

/// A new account of one's own.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewOwnAccount {
    /// The name of the account, at most 255 characters; your address if left out.
    name: Option<String>,
}

/// An account of one's own.
#[derive(Debug, JsonSchema, Serialize)]
struct CreatedAccount {
    /// The id of the account, `ent_…`.
    account_id: String,
    /// The name of the account.
    account_name: String,
    /// The plan of the account.
    plan: Plan,
    /// The id of the member that you are in the account.
    member_id: String,
    /// Your role in the account.
    role: Role,
    /// The name of the organization that every account begins with.
    organization: &'static str,
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

async fn create(
    Unconfined(me): Unconfined,
    Body(new): Body<NewOwnAccount>,
) -> Result<Created<CreatedAccount>, Problem> {
    let made = me
        .write_as_person(move |transaction, current| {
            let person = &current.person;
            let full_name = person.name.as_deref().and_then(|name| name.split_once(' '));
            let full_name = full_name.map(|(given, family)| (given.to_owned(), family.to_owned()));
            own_accounts::make(transaction, person, new.name.as_deref(), full_name)
        })
        .await?;
    Ok(Created::new(&CreatedAccount::from(made)))
}
