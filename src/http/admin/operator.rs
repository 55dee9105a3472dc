//! `/api/v1/operator`: what the operator of the server does for all accounts.

use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Json, Path};
use actix_web::{FromRequest, HttpRequest};
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::answers::{Created, NoContent};
use super::api::{Access, Api, Argument, Signature};
use super::body::Body;
use super::credentials::bearer_token;
use super::list::Paged;
use super::query::{self, Query};
use crate::administration::plans::codes::{self, Issue};
use crate::administration::{AdministrationError, operator_lists};
use crate::enterprise::audit::{Actor, ActorKind, Origin};
use crate::enterprise::permissions::{Credential, Power};
use crate::enterprise::search::Search;
use crate::enterprise::token::{self, TokenKind};
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::base::{bodies, caller, request_id};
use crate::store::{Conn, Cost, Scope, Transaction, WriteContext};
use crate::views::list::List;
use crate::views::operator::{AccountSummary, ActivationCode, CreatedActivationCode};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.post("/operator/activation-codes", "operator.create-code", issue)
        .formerly("issue-code")
        .summary("Issues an activation code, which is shown once; earlier ones are superseded");
    api.get("/operator/activation-codes", "operator.list-codes", list)
        .formerly("codes")
        .summary("All activation codes, in order of issue");
    api.delete("/operator/activation-codes/{id}", "operator.revoke-code", revoke)
        .summary("Revokes an activation code that was not used");
    api.get("/operator/accounts", "operator.list-accounts", accounts)
        .formerly("accounts")
        .summary("All accounts, with plan and seats");
}

/// The operator, authenticated by the token from the configuration.
pub struct Operator {
    /// The server's state.
    pub service: Data<Service>,
    origin: Arc<Origin>,
}

impl Operator {
    /// Returns the operator that sent this request, whose credential was checked.
    pub fn of(request: &HttpRequest, service: Data<Service>) -> Self {
        bodies::raise_limit(request);
        let actor = Actor::the(ActorKind::Operator);
        let origin = Origin { actor, request_id: request_id::id_of(request) };
        Self { service, origin: Arc::new(origin) }
    }

    /// Checks the operator's token, within the limit against guessing.
    ///
    /// # Errors
    /// Fails if it is another one, or if there were too many of those.
    pub async fn check(
        request: &HttpRequest,
        service: &Service,
        token: &str,
    ) -> Result<(), Problem> {
        let is_operator =
            service.secrets.is_operator(token) && Credential::OperatorToken.may(Power::Operate);
        let refusal = || token::kind(token).map_or_else(wrong_token, of_another_kind);
        let look = std::future::ready(if is_operator { Ok(()) } else { Err(refusal()) });
        service.operators.look(caller::place(request), None, look, |_| true).await?
    }

    /// Reads data of all accounts.
    pub async fn read<R: Send + 'static>(
        &self,
        work: impl Fn(&mut Conn) -> Result<R, AdministrationError> + Send + 'static,
    ) -> Result<R, Problem> {
        Ok(self.service.store.read(Cost::SERVER, work).await?)
    }

    /// Runs a transaction that belongs to no account.
    pub async fn write<R: Send + 'static>(
        &self,
        work: impl FnMut(&mut Transaction<'_>) -> Result<R, AdministrationError> + Send + 'static,
    ) -> Result<R, Problem> {
        self.write_in(Scope::NONE, work).await
    }

    /// Runs a transaction in an account.
    pub async fn write_in<R: Send + 'static>(
        &self,
        scope: impl Into<Scope>,
        work: impl FnMut(&mut Transaction<'_>) -> Result<R, AdministrationError> + Send + 'static,
    ) -> Result<R, Problem> {
        let context = WriteContext::new(scope, Arc::clone(&self.origin));
        Ok(self.service.store.write(context, work).await?)
    }
}

impl Argument for Operator {
    fn describe(signature: &mut Signature<'_>) {
        signature.needs(Access::Operator);
    }
}

impl FromRequest for Operator {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let service = request.app_data::<Data<Service>>().ok_or_else(unauthorized)?.clone();
            let token = bearer_token(&request).ok_or_else(unauthorized)?;
            Self::check(&request, &service, token).await?;
            Ok(Self::of(&request, service))
        })
    }
}

/// Returns the refusal of a request without the operator's token.
pub fn unauthorized() -> Problem {
    refused("")
}

fn wrong_token() -> Problem {
    refused("This is not the operator's token, or the server was started without one. ")
}

fn of_another_kind(kind: TokenKind) -> Problem {
    refused(&format!("This is {kind}, which opens something else. "))
}

fn refused(what: &str) -> Problem {
    Problem::new(
        StatusCode::UNAUTHORIZED,
        "unauthorized",
        format!(
            "{what}The operator's token is needed: Authorization: Bearer …, as the server was started \
             with in INSOMNIA_SCIM_OPERATOR_TOKEN."
        ),
    )
}

async fn issue(
    operator: Operator,
    Body(new): Body<Issue>,
) -> Result<Created<CreatedActivationCode>, Problem> {
    let issued = operator.write(move |transaction| codes::issue(transaction, &new)).await?;
    Ok(Created::new(&CreatedActivationCode::from(issued)))
}

/// Which codes or accounts are wanted; without any field, all of them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct WantedByName {
    /// Only those of which each word of this begins a word of the customer's or account's name.
    #[schemars(length(max = 255))]
    search: Option<String>,
}

impl WantedByName {
    /// Returns what is searched for.
    ///
    /// # Errors
    /// Fails if the text is too long.
    pub fn read(self) -> Result<Option<Search>, Problem> {
        query::search(self.search)
    }
}

async fn list(
    operator: Operator,
    Query(wanted): Query<WantedByName>,
    paging: Paged,
) -> Shown<List<ActivationCode>> {
    let search = wanted.read()?;
    let (from, limit) = paging.place(search.as_ref())?;
    let listing = operator
        .read(move |conn| operator_lists::codes(conn, search.as_ref(), (&from, limit)))
        .await?;
    Ok(Json(paging.listing(listing, ActivationCode::from)))
}

async fn revoke(operator: Operator, id: Path<String>) -> Result<NoContent, Problem> {
    operator.write(move |transaction| codes::revoke(transaction, &id)).await.map(NoContent::from)
}

async fn accounts(
    operator: Operator,
    Query(wanted): Query<WantedByName>,
    paging: Paged,
) -> Shown<List<AccountSummary>> {
    let (search, now) = (wanted.read()?, operator.service.store.clock().now());
    let (from, limit) = paging.place(search.as_ref())?;
    let listing = operator
        .read(move |conn| operator_lists::accounts(conn, search.as_ref(), (&from, limit)))
        .await?;
    Ok(Json(paging.listing(listing, |row| AccountSummary::at(row, now))))
}
