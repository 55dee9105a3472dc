//! `/api/v1/sessions`: the sessions of the person.

use actix_web::web::{Json, Path};

use super::acting::Shown;
use super::answers::NoContent;
use super::api::Api;
use super::list::Paged;
use super::session::SignedIn;
use crate::administration::sessions;
use crate::http::base::problem::Problem;
use crate::views::list::List;
use crate::views::sessions::{EndedSessions, Session};

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

async fn list(signed_in: SignedIn, paging: Paged) -> Shown<List<Session>> {
    let (after, limit) = paging.range()?;
    let now = signed_in.service.store.clock().now();
    let page = signed_in
        .read(move |conn, current| sessions::list(conn, &current.session, after, limit, now))
        .await?;
    let own = signed_in.current.session.pk;
    Ok(Json(paging.list(page, |row| Session::of(row, own))))
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
