//! Authenticates a request as an administrator, and authorizes it for one operation.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, web};
use subtle::ConstantTimeEq;

use super::api::{Access, Argument, Signature};
use super::credentials::{
    Credentials, credentials, session, token_ended, token_unknown, unauthorized,
};
use super::permits::Permits;
use super::refusals::{check_plan, forbidden, not_for};
use crate::administration::connector::ConnectorError;
use crate::administration::recovery::RecoveryError;
use crate::administration::sessions::Current;
use crate::administration::{AdministrationError, organizations, second_proof};
use crate::enterprise::audit::{Actor, ActorKind, Origin};
use crate::enterprise::permissions::{Credential, Operation, Power, Reach, reach, reaches};
use crate::enterprise::{AccountPk, MemberPk, Role, Timestamp};
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::base::{bodies, request_id};
use crate::store::admin_tokens::{self, AdminRow};
use crate::store::connectors;
use crate::store::sessions::SessionRow;
use crate::store::{Cost, Scope, StoreError, WriteContext, activity};

/// One hour in milliseconds.
const HOUR: i64 = 60 * 60 * 1000;

/// An administrator who is allowed the operation `P`: in the whole account, or in the organization
/// in the path (`/organizations/{id}…`) if admins of an organization are allowed the operation.
pub struct Administrator<P> {
    /// The account that the administrator acts in.
    pub enterprise: AccountPk,
    /// The member that the administrator is in the account.
    pub member: MemberPk,
    /// The member's role in the account.
    pub role: Role,
    /// The scopes of the token; `None` allows everything that the member may do.
    pub scopes: Option<Vec<Operation>>,
    /// The server's state.
    pub service: web::Data<Service>,
    session: Option<SessionRow>,
    origin: Arc<Origin>,
    operation: PhantomData<P>,
}

impl<P> Administrator<P> {
    /// Returns the context for writes by this administrator in this account.
    pub fn context(&self) -> WriteContext {
        WriteContext::new(self.enterprise, Arc::clone(&self.origin))
    }

    /// Returns the name of the administrator: the user name of the member.
    pub fn name(&self) -> &str {
        &self.origin.actor.name
    }

    /// Returns the current time of the store's clock.
    pub fn now(&self) -> Timestamp {
        self.service.store.clock().now()
    }

    /// Returns the session, for requests about the person and not about one membership.
    ///
    /// # Errors
    /// Returns 403 if the request was sent with a personal token.
    pub fn session(&self) -> Result<&SessionRow, Problem> {
        self.session.as_ref().ok_or_else(session_needed)
    }

    /// Returns `true` if role and token also allow this operation in the whole account. For
    /// requests of which a part needs another permission.
    pub fn may(&self, operation: Operation) -> bool {
        reach(self.role, operation) == Some(Reach::Account)
            && self.scopes.as_ref().is_none_or(|scopes| scopes.contains(&operation))
    }
}

impl<P: Permits> Argument for Administrator<P> {
    fn describe(signature: &mut Signature<'_>) {
        signature.needs(match P::POWER {
            Power::AdministerInPerson => Access::MemberInPerson(P::OPERATION),
            Power::AdministerInFull => Access::MemberInFull(P::OPERATION),
            _ => Access::Member(P::OPERATION),
        });
        signature.has_effect(P::EFFECT);
        if P::FRESH {
            signature.fresh();
        }
    }
}

impl<P: Permits> FromRequest for Administrator<P> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let service =
                request.app_data::<web::Data<Service>>().ok_or_else(unauthorized)?.clone();
            let (admin, role, session) = admit::<P>(&service, &request).await?;
            let actor =
                Actor { kind: ActorKind::Member, id: admin.member_id, name: admin.user_name };
            let request_id = request_id::id_of(&request);
            bodies::raise_limit(&request);
            Ok(Self {
                service,
                enterprise: admin.enterprise_pk,
                member: admin.member_pk,
                role,
                scopes: admin.scopes.as_deref().map(operations),
                session,
                origin: Arc::new(Origin { actor, request_id }),
                operation: PhantomData,
            })
        })
    }
}

async fn admit<P: Permits>(
    service: &Service,
    request: &HttpRequest,
) -> Result<(AdminRow, Role, Option<SessionRow>), Problem> {
    let (operation, power) = (P::OPERATION, P::POWER);
    let (admin, session) = match identify(service, request).await? {
        Identified::Token(admin) => (admin, None),
        Identified::Session(current) => in_account(*current)?,
    };
    let role = admin.role;
    let credential = match &session {
        Some(session) => session.credential(),
        None => Credential::token(admin.scopes.as_deref()),
    };
    check_scopes(&admin, operation)?;
    let Some(reach) = reach(role, operation) else {
        return Err(not_for(service, &admin, operation).await);
    };
    let now = service.store.clock().now();
    if let Err(refusal) = check_plan(service, &admin, (operation, P::EFFECT), now).await {
        return Err(if P::NAMES_PREREQUISITES {
            missing(service, admin.enterprise_pk, now).await?.unwrap_or(refusal)
        } else {
            refusal
        });
    }
    if reach == Reach::OwnOrganizations {
        let Some(organization) = organization_in(request) else {
            return Err(not_for(service, &admin, operation).await);
        };
        let (enterprise, member) = (admin.enterprise_pk, admin.member_pk);
        let is_admin = service
            .store
            .read(Cost::Point, move |conn| {
                organizations::is_admin(conn, enterprise, member, &organization)
            })
            .await?;
        if !is_admin {
            return Err(not_for(service, &admin, operation).await);
        }
    }
    // Checked last, so that an administrator without the permission learns that first.
    if reaches(credential, power).is_none() {
        return Err(not_by(power));
    }
    if P::FRESH
        && let Some(session) = &session
    {
        second_proof::require(session, now)?;
    }
    Ok((admin, role, session))
}

/// Returns the refusal of a credential that cannot be used for this, though the member may do it.
fn not_by(power: Power) -> Problem {
    match power {
        Power::AdministerInPerson => session_needed(),
        Power::AdministerInFull => AdministrationError::from(RecoveryError::NeedsAllRights).into(),
        _ => unauthorized(),
    }
}

fn session_needed() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "session-needed",
        "This concerns you as a person, and a token only proves one membership. Sign in, and send \
         the session: Authorization: Bearer insomnia_session_….",
    )
}

/// Returns a refusal with everything that is missing to enable SCIM, or `None` if nothing is.
async fn missing(
    service: &Service,
    enterprise: AccountPk,
    now: Timestamp,
) -> Result<Option<Problem>, StoreError> {
    let read = move |conn: &mut _| connectors::standing(conn, enterprise, now);
    let missing = service.store.read(Cost::Point, read).await?.missing();
    let refusal = ConnectorError::Missing(missing.clone());
    Ok((!missing.is_empty()).then(|| AdministrationError::from(refusal).into()))
}

/// Checks that the scopes of a token include the operation.
///
/// # Errors
/// Returns 403 if they do not.
pub(super) fn check_scopes(admin: &AdminRow, operation: Operation) -> Result<(), Problem> {
    let in_scope = |scopes: &str| operations(scopes).contains(&operation);
    if admin.scopes.as_deref().is_none_or(in_scope) {
        return Ok(());
    }
    Err(forbidden(format!(
        "This token's scopes do not include {operation}. Use a token that has it."
    )))
}

/// Parses the scopes of a token. Unknown words grant nothing.
fn operations(scopes: &str) -> Vec<Operation> {
    scopes.split(' ').filter_map(|word| word.parse().ok()).collect()
}

/// Who sent a request.
pub(super) enum Identified {
    /// A member, by a token.
    Token(AdminRow),
    /// A person, by a session.
    Session(Box<Current>),
}

/// Returns the member as which a session acts.
fn in_account(current: Current) -> Result<(AdminRow, Option<SessionRow>), Problem> {
    let Current { session, person, member } = current;
    let member = member.ok_or_else(|| {
        Problem::new(
            StatusCode::FORBIDDEN,
            "no-account",
            format!(
                "You are signed in as {} and act in no account. GET /api/v1/session lists the \
                 accounts that you can choose or join.",
                person.email
            ),
        )
    })?;
    Ok((member, Some(session)))
}

/// Finds the sender of a request by its credentials.
///
/// # Errors
/// Returns 401 if there are no valid credentials.
pub(super) async fn identify(
    service: &Service,
    request: &HttpRequest,
) -> Result<Identified, Problem> {
    let hash = match credentials(request, &service.public_url)? {
        Credentials::Token(hash) => hash,
        Credentials::Session(hash) => {
            return Ok(Identified::Session(Box::new(session(service, &hash).await?)));
        }
    };
    let admin = service
        .store
        .read(Cost::Point, move |conn| admin_tokens::find(conn, &hash))
        .await?
        .filter(|admin| admin.active && admin.hash.ct_eq(&hash).into())
        .ok_or_else(token_unknown)?;
    let now = service.store.clock().now();
    if let Some(end) = admin.expires_at.filter(|end| *end <= now) {
        return Err(token_ended(end));
    }
    note_use(service, &admin, now);
    Ok(Identified::Token(admin))
}

/// Records that the token and its member are in use, at most once an hour and at least once a day.
/// Runs in the background; the request does not wait.
fn note_use(service: &Service, admin: &AdminRow, now: Timestamp) {
    let fresh = |last: Timestamp| now.millis_since(last) < HOUR && last.day() == now.day();
    if admin.last_used_at.is_some_and(fresh) {
        return;
    }
    let Some(token) = admin.token_pk else { return };
    let (store, enterprise) = (service.store.clone(), admin.enterprise_pk);
    let member = admin.member_pk;
    actix_web::rt::spawn(async move {
        let noted = store
            .write(Scope(enterprise), move |transaction| {
                activity::touch(transaction, enterprise, member, now)?;
                admin_tokens::touch(transaction, token, now)
            })
            .await;
        if let Err(error) = noted {
            log::warn!("the use of a token could not be recorded: {error}");
        }
    });
}

/// Returns the id of the organization in the path.
fn organization_in(request: &HttpRequest) -> Option<String> {
    let pattern = request.match_pattern()?;
    let is_about_one = pattern.contains("/organizations/{id}");
    is_about_one.then(|| request.match_info().get("id").map(str::to_owned)).flatten()
}
