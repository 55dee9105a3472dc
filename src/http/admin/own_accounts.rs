//! `/api/v1/accounts`: an account of one's own.

use schemars::JsonSchema;
use serde::Deserialize;

use super::answers::Created;
use super::api::Api;
use super::body::Body;
use super::session::Unconfined;
use crate::administration::own_accounts;
use crate::http::base::problem::Problem;
use crate::views::own_accounts::CreatedAccount;

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
