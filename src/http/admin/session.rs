//! `/api/v1/session`: signing in by mail, and the session that a request is sent in.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::SET_COOKIE;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::api::{Access, Api};
use super::body::Body;
use super::credentials::{Credentials, credentials, session, unauthorized};
use crate::administration::AdministrationError;
use crate::administration::persons::{addresses, claims};
use crate::administration::sessions::{self, Current, Opened};
use crate::administration::sign_in;
use crate::enterprise::Timestamp;
use crate::enterprise::audit::{Actor, ActorKind};
use crate::enterprise::permissions::Power;
use crate::http::base::cookies::{forget_session, keep_session};
use crate::http::base::guesses::TooMany;
use crate::http::base::in_order::InOrder;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::base::{bodies, caller};
use crate::http::signing_in;
use crate::store::claims::Waiting;
use crate::store::sessions::{Membership, SessionRow};
use crate::store::{By, Conn, Cost, Scope};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.post("/sign-in", "session.ask", ask)
        .summary("Sends a link to sign in to an address, if somebody is known by it")
        .description(
            "Answers the same whether or not anybody is. Refused where single sign-on is on for \
             the address's domain.",
        )
        .body::<Address>()
        .answers_nothing(202)
        .refuses(&[403]);
    api.post("/sessions", "session.create", create)
        .summary("Signs in with what the link ends with; the session's secret is shown once")
        .body::<Link>()
        .answers::<CreatedSession>(201)
        .refuses(&[401, 403]);
    api.get("/session", "session.read", read)
        .summary("Who you are, and which accounts you can act in")
        .needs(Access::Session)
        .answers::<SignedInAs>(200);
    api.patch("/session", "session.choose", choose)
        .summary("Acts in another of your accounts from now on")
        .needs(Access::Session)
        .body::<Choice>()
        .answers::<SignedInAs>(200);
    api.delete("/session", "session.end", end)
        .summary("Signs you out")
        .needs(Access::Session)
        .answers_nothing(204);
}

/// Whoever is signed in.
pub struct SignedIn {
    /// The session, whose it is, and the member that they act as.
    pub current: Current,
    by: By,
}

impl SignedIn {
    /// Who writes, in the account that they act in.
    pub fn by(&self) -> By {
        self.by.clone()
    }
}

impl FromRequest for SignedIn {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let service = request.app_data::<web::Data<Service>>().ok_or_else(unauthorized)?;
            let Credentials::Session(hash) = credentials(&request, &service.public_url)? else {
                return Err(unauthorized());
            };
            let current = session(service, &hash).await?;
            if !current.session.credential()?.may(Power::Session) {
                return Err(unauthorized());
            }
            bodies::admit(&request);
            let account =
                current.member.as_ref().map_or(Scope::NEW, |member| Scope(member.enterprise_pk));
            let actor = match &current.member {
                Some(member) => Actor {
                    kind: ActorKind::Member,
                    id: member.member_id.clone(),
                    name: member.user_name.clone(),
                },
                None => signing_in::person(&current.person.email),
            };
            Ok(Self { by: signing_in::by(&request, account, actor), current })
        })
    }
}

/// Whoever is signed in and is believed in every account.
pub struct InPerson(pub SignedIn);

impl FromRequest for InPerson {
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

/// Who wants to sign in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Address {
    email: String,
}

/// `POST /api/v1/sign-in`.
async fn ask(
    service: web::Data<Service>,
    request: HttpRequest,
    Body(address): Body<Address>,
) -> Result<HttpResponse, Problem> {
    service.sign_in_asks.admit(&caller::place(&request)).map_err(TooMany::Mails)?;
    let public_url = service.public_url.clone();
    let by = signing_in::by_person(&request, Scope::NEW, &address.email);
    service
        .write_for_stranger(by, move |transaction| {
            sign_in::ask(transaction, &address.email, &public_url)
        })
        .await?;
    Ok(HttpResponse::Accepted().finish())
}

/// A link that came by mail.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What the link ends with.
    token: String,
    /// The account to act in. If not given, it is the only one that you are a member of; of several
    /// you choose one later.
    account_id: Option<String>,
}

/// A session that just began.
#[derive(Debug, JsonSchema, Serialize)]
pub struct CreatedSession {
    id: String,
    /// Send it as `Authorization: Bearer …`. It is not shown again; browsers keep it in a cookie.
    secret: String,
    expires_at: String,
}

impl From<&Opened> for CreatedSession {
    fn from(opened: &Opened) -> Self {
        Self {
            id: opened.session.id.clone(),
            secret: opened.secret.clone(),
            expires_at: Timestamp(opened.session.expires_at).to_rfc3339(),
        }
    }
}

/// `POST /api/v1/sessions`.
async fn create(
    service: web::Data<Service>,
    request: HttpRequest,
    Body(link): Body<Link>,
) -> Result<HttpResponse, Problem> {
    let opened = signing_in::by_link(&service, &request, link.token, link.account_id).await?;
    Ok(HttpResponse::Created()
        .insert_header((SET_COOKIE, keep_session(&opened.secret, &service.public_url)))
        .json(CreatedSession::from(&opened)))
}

/// Who is signed in.
#[derive(Debug, JsonSchema, Serialize)]
pub struct SignedInAs {
    id: String,
    user_id: String,
    email: String,
    signed_in_by: String,
    created_at: String,
    /// It ends earlier when it is not used for two hours.
    expires_at: String,
    /// The account that you act in; null where you are a member of none.
    account_id: Option<String>,
    member_id: Option<String>,
    role: Option<String>,
    /// The accounts that you can act in.
    accounts: Vec<AccountOfMine>,
    /// The accounts that have added you, and wait for your answer.
    waiting: Vec<AccountOfMine>,
    /// The addresses that you have proved.
    addresses: Vec<String>,
}

/// What a session shows of its person.
struct AboutPerson {
    memberships: Vec<Membership>,
    waiting: Vec<Waiting>,
    addresses: Vec<String>,
}

impl AboutPerson {
    /// Of a session that single sign-on opened only what concerns its account.
    fn read(conn: &mut Conn, session: &SessionRow) -> Result<Self, AdministrationError> {
        let memberships = sessions::accounts_of(conn, session)?;
        let waiting = match session.credential()?.may(Power::Person) {
            true => claims::waiting(conn, session.user_pk)?,
            false => Vec::new(),
        };
        let addresses = addresses::shown_to(conn, session)?;
        Ok(Self { memberships, waiting, addresses })
    }
}

impl From<Waiting> for AccountOfMine {
    fn from(waiting: Waiting) -> Self {
        Self {
            account_id: waiting.account_id,
            name: waiting.account_name,
            member_id: waiting.member_id,
            role: waiting.role,
        }
    }
}

/// An account that somebody is a member of.
#[derive(Debug, JsonSchema, Serialize)]
struct AccountOfMine {
    account_id: String,
    name: String,
    member_id: String,
    role: String,
}

impl From<Membership> for AccountOfMine {
    fn from(membership: Membership) -> Self {
        Self {
            account_id: membership.account_id,
            name: membership.account_name,
            member_id: membership.member_id,
            role: membership.role,
        }
    }
}

impl SignedInAs {
    fn of(current: Current, about: AboutPerson) -> Self {
        let AboutPerson { memberships, waiting, addresses } = about;
        let Current { session, person, .. } = current;
        let acting =
            memberships.iter().find(|membership| Some(membership.member_pk) == session.member_pk);
        Self {
            id: session.id,
            user_id: person.id,
            email: person.email,
            signed_in_by: session.signed_in_by,
            created_at: Timestamp(session.created_at).to_rfc3339(),
            expires_at: Timestamp(session.expires_at).to_rfc3339(),
            account_id: acting.map(|membership| membership.account_id.clone()),
            member_id: acting.map(|membership| membership.member_id.clone()),
            role: acting.map(|membership| membership.role.clone()),
            accounts: memberships.into_iter().map(AccountOfMine::from).collect(),
            waiting: waiting.into_iter().map(AccountOfMine::from).collect(),
            addresses,
        }
    }
}

/// `GET /api/v1/session`.
async fn read(
    service: web::Data<Service>,
    signed_in: SignedIn,
) -> Result<web::Json<SignedInAs>, Problem> {
    show(&service, signed_in.current).await
}

async fn show(service: &Service, current: Current) -> Result<web::Json<SignedInAs>, Problem> {
    let session = current.session.clone();
    let about =
        service.store.read(Cost::Point, move |conn| AboutPerson::read(conn, &session)).await?;
    Ok(web::Json(SignedInAs::of(current, about)))
}

/// The account to act in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    account_id: String,
}

/// `PATCH /api/v1/session`.
async fn choose(
    service: web::Data<Service>,
    request: HttpRequest,
    InOrder(signed_in, Body(choice)): InOrder<SignedIn, Body<Choice>>,
) -> Result<web::Json<SignedInAs>, Problem> {
    let mut current = signed_in.current;
    let email = current.person.email.clone();
    let chosen =
        signing_in::choose(&service, &request, &email, &current.session, choice.account_id).await?;
    current.session.member_pk = Some(chosen.member_pk);
    show(&service, current).await
}

/// `DELETE /api/v1/session`.
async fn end(service: web::Data<Service>, signed_in: SignedIn) -> Result<HttpResponse, Problem> {
    let SignedIn { current, by } = signed_in;
    let enterprise = current.member.as_ref().map(|member| member.enterprise_pk);
    service
        .store
        .write(by, move |transaction| sessions::sign_out(transaction, enterprise, &current.session))
        .await?;
    Ok(HttpResponse::NoContent()
        .insert_header((SET_COOKIE, forget_session(&service.public_url)))
        .finish())
}
