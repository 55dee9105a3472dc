//! `/api/v1/tokens`: one's own personal tokens.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::administrator::{Administrator, ManageOwnTokens};
use super::api::Api;
use super::creation::Creation;
use super::list::{List, Paged, Paging};
use crate::administration::tokens::{self, Asker, DEFAULT_DAYS, MadeToken, Wish};
use crate::enterprise::Timestamp;
use crate::enterprise::permissions::Operation;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::admin_tokens::TokenRow;
use crate::store::{Cost, Transaction};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/tokens", "tokens.list", list)
        .summary("Your personal tokens, in order of creation")
        .needs(Operation::ManageOwnTokens)
        .query::<Paging>()
        .answers::<List<Token>>(200);
    api.post("/tokens", "tokens.create", create)
        .summary("Makes a personal token; its secret is shown once")
        .description(
            "Scopes are the words of permissions, such as teams:manage; without any the token may \
             do what you may.",
        )
        .needs(Operation::ManageOwnTokens)
        .body::<NewToken>()
        .idempotent()
        .answers::<CreatedToken>(201);
    api.delete("/tokens/{id}", "tokens.revoke", revoke)
        .summary("Ends one of your tokens at once")
        .needs(Operation::ManageOwnTokens)
        .answers_nothing(204);
}

/// A token as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Token {
    id: String,
    name: String,
    /// What it may do; null means all that you may.
    scopes: Option<Vec<String>>,
    created_at: String,
    expires_at: Option<String>,
    /// To the hour.
    last_used_at: Option<String>,
}

impl From<TokenRow> for Token {
    fn from(row: TokenRow) -> Self {
        let time = |at: i64| Timestamp(at).to_rfc3339();
        Self {
            id: row.id.unwrap_or_default(),
            name: row.name,
            scopes: row.scopes.map(|words| words.split(' ').map(str::to_owned).collect()),
            created_at: time(row.created_at),
            expires_at: row.expires_at.map(time),
            last_used_at: row.last_used_at.map(time),
        }
    }
}

/// What is said of a new token.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// What it is for.
    name: String,
    /// What it may do.
    #[serde(default)]
    scopes: Vec<String>,
    /// Days until it ends, at most 365; 90 if not given.
    expires_in_days: Option<i64>,
}

/// A new token with its secret.
#[derive(Debug, JsonSchema, Serialize)]
pub struct CreatedToken {
    #[serde(flatten)]
    token: Token,
    /// Send it as `Authorization: Bearer …`. It is not shown again.
    secret: String,
}

impl From<MadeToken> for CreatedToken {
    fn from(made: MadeToken) -> Self {
        Self { token: made.token.into(), secret: made.secret }
    }
}

/// `GET /api/v1/tokens`.
async fn list(
    service: web::Data<Service>,
    admin: Administrator<ManageOwnTokens>,
    paging: Paged,
) -> Result<web::Json<List<Token>>, Problem> {
    let (after, limit) = paging.range()?;
    let page = service
        .store
        .read(Cost::Point, move |conn| tokens::list(conn, admin.member, after, limit))
        .await?;
    Ok(web::Json(paging.list(page, Token::from)))
}

/// `POST /api/v1/tokens`.
async fn create(
    service: web::Data<Service>,
    creation: Creation<ManageOwnTokens, NewToken>,
) -> Result<HttpResponse, Problem> {
    let (admin, new) = (&creation.admin, creation.body.clone());
    let scopes = new
        .scopes
        .iter()
        .map(|word| word.parse())
        .collect::<Result<Vec<Operation>, _>>()
        .map_err(|error| Problem::bad_request(format!("scopes: {error}.")))?;
    let wish = Wish { name: new.name, scopes, days: new.expires_in_days.unwrap_or(DEFAULT_DAYS) };
    let asker = Asker {
        enterprise: admin.enterprise,
        member: admin.member,
        role: admin.role,
        scopes: admin.scopes.clone(),
    };
    let work = move |transaction: &mut Transaction<'_>| {
        tokens::create(transaction, &asker, &wish).map(CreatedToken::from)
    };
    creation.create_secret(&service, work).await
}

/// `DELETE /api/v1/tokens/{id}`.
async fn revoke(
    service: web::Data<Service>,
    admin: Administrator<ManageOwnTokens>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    service
        .store
        .write(admin.by(), move |transaction| {
            tokens::revoke(transaction, admin.enterprise, admin.member, &id)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
