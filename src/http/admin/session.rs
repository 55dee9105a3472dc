//! `/api/v1/session`: signing in by mail, and the session that a request is sent in.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::SET_COOKIE;
use actix_web::web::{Data, Json};
use actix_web::{FromRequest, HttpRequest};
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::answers::{Accepted, Created, NoContent};
use super::api::{Access, Api, Argument, Signature};
use super::body::Body;
use super::credentials::{Credentials, credentials, session, session_only, unauthorized};
use crate::administration::AdministrationError;
use crate::administration::persons::addresses;
use crate::administration::sessions::{self, Current};
use crate::enterprise::audit::{Actor, ActorKind};
use crate::enterprise::permissions::Power;
use crate::http::base::bodies;
use crate::http::base::cookies::{forget_session, keep_session};
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::signing_in;
use crate::store::{Conn, Cost, Scope, Transaction, WriteContext};
use crate::views::session::{CreatedSession, CurrentSession};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.post("/sign-in", "session.request-link", ask)
        .formerly("ask")
        .summary("Sends a link to sign in to an address, if somebody is known by it")
        .description(
            "Answers the same whether or not anybody is. Refused where single sign-on is on for \
             the address's domain.",
        )
        .refuses(&[403]);
    api.post("/sessions", "session.create", create)
        .summary("Signs in with what the link ends with; the session's secret is shown once")
        .refuses(&[401, 403]);
    api.get("/session", "session.get", read)
        .formerly("read")
        .summary("Who you are, and which accounts you can act in");
    api.patch("/session", "session.change", choose)
        .formerly("choose")
        .summary("Acts in another of your accounts from now on");
    api.delete("/session", "session.delete", end).formerly("end").summary("Signs you out");
}

/// A signed-in person.
pub struct SignedIn {
    /// The session, its person, and the member that they act as.
    pub current: Current,
    /// The server's state.
    pub service: Data<Service>,
    by: WriteContext,
}

impl SignedIn {
    /// Returns the context for writes in the account that the person acts in.
    pub fn context(&self) -> WriteContext {
        self.by.clone()
    }

    /// Reads data of the person.
    pub async fn read<R: Send + 'static>(
        &self,
        work: impl Fn(&mut Conn, &Current) -> Result<R, AdministrationError> + Send + 'static,
    ) -> Result<R, Problem> {
        let current = self.current.clone();
        Ok(self.service.store.read(Cost::Point, move |conn| work(conn, &current)).await?)
    }

    /// Runs a transaction.
    pub async fn write<R: Send + 'static>(
        &self,
        by: WriteContext,
        mut work: impl FnMut(&mut Transaction<'_>, &Current) -> Result<R, AdministrationError>
        + Send
        + 'static,
    ) -> Result<R, Problem> {
        let current = self.current.clone();
        let work = move |transaction: &mut Transaction<'_>| work(transaction, &current);
        Ok(self.service.store.write(by, work).await?)
    }

    /// Writes what belongs to the person and not to the account in which they act.
    pub async fn write_as_person<R: Send + 'static>(
        &self,
        work: impl FnMut(&mut Transaction<'_>, &Current) -> Result<R, AdministrationError>
        + Send
        + 'static,
    ) -> Result<R, Problem> {
        self.write(self.context().in_account(Scope::NONE), work).await
    }
}

impl Argument for SignedIn {
    fn describe(signature: &mut Signature<'_>) {
        signature.needs(Access::Session);
    }
}

impl FromRequest for SignedIn {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let service = request.app_data::<Data<Service>>().ok_or_else(unauthorized)?.clone();
            let Credentials::Session(hash) = credentials(&request, &service.public_url)? else {
                return Err(session_only());
            };
            let current = session(&service, &hash).await?;
            if !current.session.credential().may(Power::Session) {
                return Err(unauthorized());
            }
            bodies::raise_limit(&request);
            let account = current.account().into();
            let actor = match &current.member {
                Some(member) => Actor {
                    kind: ActorKind::Member,
                    id: member.member_id.clone(),
                    name: member.user_name.clone(),
                },
                None => signing_in::person(&current.person.email),
            };
            Ok(Self { by: signing_in::context(&request, account, actor), service, current })
        })
    }
}

/// A signed-in person whose session is not confined to one account.
pub struct Unconfined(pub SignedIn);

impl Argument for Unconfined {
    fn describe(signature: &mut Signature<'_>) {
        signature.needs(Access::Person);
    }
}

impl FromRequest for Unconfined {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let signed_in = SignedIn::from_request(request, payload);
        Box::pin(async move {
            let signed_in = signed_in.await?;
            addresses::refuse_confined(&signed_in.current.session)?;
            Ok(Self(signed_in))
        })
    }
}

/// A request for a link to sign in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    /// Your address, to which the link is sent if somebody is known by it.
    email: String,
}

async fn ask(
    service: Data<Service>,
    Body(address): Body<SignInRequest>,
    request: HttpRequest,
) -> Result<Accepted, Problem> {
    Ok(signing_in::ask(&service, &request, address.email, None).await?.into())
}

/// A link to sign in with.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInLink {
    /// The token at the end of the link in the mail; it works once.
    token: String,
    /// The id of the account to act in; if left out, your only account, or none if you have
    /// several.
    account_id: Option<String>,
}

async fn create(
    service: Data<Service>,
    Body(link): Body<SignInLink>,
    request: HttpRequest,
) -> Result<Created<CreatedSession>, Problem> {
    let opened = signing_in::by_link(&service, &request, link.token, link.account_id).await?;
    let cookie = keep_session(&opened.secret, &service.public_url);
    Ok(Created::new(&CreatedSession::from(&opened)).with((SET_COOKIE, cookie)))
}

async fn read(signed_in: SignedIn) -> Shown<CurrentSession> {
    signed_in.read(CurrentSession::read).await.map(Json)
}

/// Changes to the session.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionChanges {
    /// The id of the account to act in from now on, one of the session's `accounts`.
    account_id: String,
}

async fn choose(
    mut signed_in: SignedIn,
    Body(choice): Body<SessionChanges>,
    request: HttpRequest,
) -> Shown<CurrentSession> {
    let SignedIn { current: Current { session, person, .. }, service, .. } = &signed_in;
    let account = choice.account_id;
    let chosen = signing_in::choose(service, &request, &person.email, session, account).await?;
    signed_in.current.session.member_pk = Some(chosen.member_pk);
    read(signed_in).await
}

async fn end(signed_in: SignedIn) -> Result<NoContent, Problem> {
    signed_in.write(signed_in.context(), sessions::sign_out).await?;
    let cookie = forget_session(&signed_in.service.public_url);
    Ok(NoContent::from(()).with((SET_COOKIE, cookie)))
}
