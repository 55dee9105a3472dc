//! The credentials of a request: a personal token, or a session as a bearer token or a browser's
//! cookie.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::http::header::AUTHORIZATION;

use crate::administration::sessions::{self, Current};
use crate::enterprise::Timestamp;
use crate::enterprise::sso::SESSION_NOTED;
use crate::enterprise::token::{self, TokenKind};
use crate::http::base::browser::is_from_here;
use crate::http::base::cookies::Cookie;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::{Cost, Scope, activity, sessions as stored};

/// The presented credential, as a hash.
pub enum Credentials {
    /// A personal token.
    Token([u8; 32]),
    /// A session.
    Session([u8; 32]),
}

/// Returns the credentials of a request. A browser sends a cookie whichever site's page made the
/// request, so a request with a cookie that changes something must come from a page of this server.
///
/// # Errors
/// Returns 401 if there are no credentials; 403 if a page of another site made the request.
pub fn credentials(request: &HttpRequest, public_url: &str) -> Result<Credentials, Problem> {
    if request.headers().contains_key(AUTHORIZATION) {
        let token = bearer_token(request).ok_or_else(unauthorized)?;
        if let Some(kind) = token::kind(token).filter(|kind| !kind.administers()) {
            return Err(of_another_kind(kind));
        }
        let hash = token::hash(token);
        return Ok(if token.starts_with(token::SESSION) {
            Credentials::Session(hash)
        } else {
            Credentials::Token(hash)
        });
    }
    let secret = Cookie::Session.read(request, public_url).ok_or_else(unauthorized)?;
    if !is_from_here(request, public_url) {
        return Err(other_origin());
    }
    Ok(Credentials::Session(token::hash(secret)))
}

/// Returns the bearer token of a request.
pub fn bearer_token(request: &HttpRequest) -> Option<&str> {
    let header = request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Returns the session with this hash.
///
/// # Errors
/// Returns 401 if there is no valid session.
pub async fn session(service: &Service, hash: &[u8; 32]) -> Result<Current, Problem> {
    let (now, hash) = (service.store.clock().now(), *hash);
    let current = service
        .store
        .read(Cost::Point, move |conn| sessions::current(conn, &hash, now))
        .await?
        .ok_or_else(session_unknown)?;
    note_use(service, &current).await;
    Ok(current)
}

/// Records that a session is in use, at most every five minutes. The request waits for this,
/// because the end of the session depends on it; but a failure is not the request's fault, so it is
/// only logged.
async fn note_use(service: &Service, current: &Current) {
    let now = service.store.clock().now();
    let last = current.session.last_seen_at;
    if now.millis_since(last) < SESSION_NOTED && last.day() == now.day() {
        return;
    }
    let member = current.member.as_ref().map(|member| (member.enterprise_pk, member.member_pk));
    let scope = Scope::from(member.map(|(enterprise, _)| enterprise));
    let session = current.session.pk;
    let noted = service
        .store
        .write(scope, move |transaction| {
            if let Some((enterprise, member)) = member {
                activity::touch(transaction, enterprise, member, now)?;
            }
            stored::touch(transaction, session, now)
        })
        .await;
    if let Err(error) = noted {
        log::warn!("the use of a session could not be recorded: {error}");
    }
}

/// Returns the refusal of a request that a page of another site made.
pub fn other_origin() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "other-origin",
        "A page of another site sent this request. Browsers can make changes only from pages of \
         this server; programs send Authorization: Bearer.",
    )
}

/// Returns the refusal of a request without credentials.
pub fn unauthorized() -> Problem {
    refused(
        "An administrator's token or a session is needed: Authorization: Bearer insomnia_admin_… or \
         insomnia_session_….",
    )
}

/// Returns the refusal of a token that no account has. It says nothing about tokens that exist, so
/// it does not help to guess one.
pub fn token_unknown() -> Problem {
    refused(
        "This token is not known here. Check that it is whole (insomnia_admin_… and 43 characters), \
         of this server, and was not revoked.",
    )
}

/// Returns the refusal of a token that was valid until this time. Only who has the whole token is
/// told.
pub fn token_ended(at: Timestamp) -> Problem {
    refused(format!(
        "This token ended at {}. Make a new one: sign in, and POST /api/v1/tokens.",
        at.to_rfc3339()
    ))
}

/// Returns the refusal of a session that is not valid.
fn session_unknown() -> Problem {
    refused("This session is not known here, or has ended. Sign in again.")
}

/// Returns the refusal of a personal token where a session is needed.
pub fn session_only() -> Problem {
    refused(
        "This concerns you as a person, and a personal token only proves one membership. Sign in, \
         and send the session: Authorization: Bearer insomnia_session_….",
    )
}

/// Returns the refusal of a token that is for something else.
pub fn of_another_kind(kind: TokenKind) -> Problem {
    refused(format!(
        "This is {kind}, which opens something else. Here an administrator's token or a session is \
         needed: Authorization: Bearer insomnia_admin_… or insomnia_session_….",
    ))
}

fn refused(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", detail)
}
