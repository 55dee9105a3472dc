//! `/api/v1/sessions`: the sessions of the person.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Serialize;

use super::acting::Shown;
use super::answers::NoContent;
use super::api::Api;
use super::list::{List, Paged};
use super::session::SignedIn;
use crate::administration::sessions;
use crate::enterprise::sso::SignedInBy;
use crate::enterprise::{SessionPk, Timestamp};
use crate::http::base::problem::Problem;
use crate::store::sessions::SessionRow;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/sessions", "sessions.list", list)
        .summary("Where you are signed in, in order of signing in")
        .description(
            "Asked with a session: sessions are a person's. A session that single sign-on opened \
             shows those of the same account.",
        );
    api.delete("/sessions/{id}", "sessions.delete", revoke)
        .formerly("revoke")
        .summary("Ends one of your sessions at once");
    api.delete("/sessions", "sessions.delete-others", end_others)
        .summary("Ends all of your sessions but the one that asks")
        .description(
            "A session that single sign-on opened ends those of the same account. Tokens are no \
             sessions and go on: DELETE /api/v1/tokens/{id} ends one.",
        );
}

/// A session of the person who asks.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Session {
    /// The id of the session, `ses_…`, for the paths below `/sessions`; it is not the secret.
    id: String,
    /// Whether it is the session that asks.
    is_current: bool,
    /// How the session began: single sign-on, a link by mail, or a recovery link.
    signed_in_by: SignedInBy,
    /// When you signed in.
    created_at: Timestamp,
    /// When the session was last used, to five minutes.
    last_seen_at: Timestamp,
    /// When the session ends at the latest; two hours without use end it earlier.
    expires_at: Timestamp,
}

impl Session {
    fn of(row: SessionRow, current: SessionPk) -> Self {
        Self {
            is_current: row.pk == current,
            id: row.id,
            signed_in_by: row.signed_in_by,
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
            expires_at: row.expires_at,
        }
    }
}

async fn list(signed_in: SignedIn, paging: Paged) -> Shown<List<Session>> {
    let (after, limit) = paging.range()?;
    let now = signed_in.service.store.clock().now();
    let page = signed_in
        .read(move |conn, current| sessions::list(conn, &current.session, after, limit, now))
        .await?;
    let own = signed_in.current.session.pk;
    Ok(Json(paging.list(page, |row| Session::of(row, own))))
}

/// How many sessions ended.
#[derive(Debug, JsonSchema, Serialize)]
pub struct EndedSessions {
    /// The number of sessions that ended.
    ended: usize,
}

async fn end_others(signed_in: SignedIn) -> Shown<EndedSessions> {
    let ended = signed_in.write(signed_in.context(), sessions::end_others).await?;
    Ok(Json(EndedSessions { ended }))
}

async fn revoke(signed_in: SignedIn, id: Path<String>) -> Result<NoContent, Problem> {
    signed_in
        .write(signed_in.context(), move |transaction, current| {
            sessions::revoke(transaction, current, &id)
        })
        .await
        .map(NoContent::from)
}
