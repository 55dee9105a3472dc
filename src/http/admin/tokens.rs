//! `/api/v1/tokens`: the administrator's own personal tokens.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Created, NoContent};
use super::api::Api;
use super::creation::Creation;
use super::list::Paged;
use super::permits::{MakeTokens, ManageOwnTokens};
use crate::administration::tokens::{self, Asker, DEFAULT_DAYS, Wish};
use crate::enterprise::permissions::Operation;
use crate::http::base::problem::Problem;
use crate::views::list::List;
use crate::views::tokens::{CreatedPersonalToken, PersonalToken};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/tokens", "tokens.list", list).summary("Your personal tokens, in order of creation");
    api.post("/tokens", "tokens.create", create)
        .summary("Makes a personal token; its secret is shown once")
        .description(
            "Scopes are the words of permissions, such as teams:manage; without any the token may \
             do what you may.",
        );
    api.delete("/tokens/{id}", "tokens.delete", revoke)
        .formerly("revoke")
        .summary("Ends one of your tokens at once");
}

/// A new personal token.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPersonalToken {
    /// What the token is for, at most 255 characters.
    name: String,
    /// The operations that the token may do, none beyond your own; if empty, the same as your own.
    #[serde(default)]
    #[schemars(with = "Vec<Operation>")]
    scopes: Vec<String>,
    /// The number of days until the token ends, 1 to 365; 90 if left out.
    expires_in_days: Option<i64>,
}

async fn list(admin: Administrator<ManageOwnTokens>, paging: Paged) -> Shown<List<PersonalToken>> {
    let ((after, limit), member) = (paging.range()?, admin.member);
    let page = admin.read(move |conn, _| tokens::list(conn, member, after, limit)).await?;
    Ok(Json(paging.list(page, PersonalToken::from)))
}

async fn create(
    creation: Creation<MakeTokens, NewPersonalToken>,
) -> Result<Created<CreatedPersonalToken>, Problem> {
    let (admin, new) = (&creation.admin, &creation.body);
    let scopes = new
        .scopes
        .iter()
        .map(|word| word.parse())
        .collect::<Result<Vec<Operation>, _>>()
        .map_err(|error| Problem::bad_request(format!("scopes: {error}.")))?;
    let days = new.expires_in_days.unwrap_or(DEFAULT_DAYS);
    let wish = Wish { name: new.name.clone(), scopes, days };
    let asker = Asker {
        enterprise: admin.enterprise,
        member: admin.member,
        role: admin.role,
        scopes: admin.scopes.clone(),
    };
    creation
        .of_secret()
        .create(move |transaction, _, _| tokens::create(transaction, &asker, &wish))
        .await
}

async fn revoke(
    admin: Administrator<ManageOwnTokens>,
    id: Path<String>,
) -> Result<NoContent, Problem> {
    let member = admin.member;
    admin.end(move |transaction, account| tokens::revoke(transaction, account, member, &id)).await
}
