//! `/api/v1/sessions`: where one is signed in.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::Serialize;

use super::api::{Access, Api};
use super::list::{List, Paged, Paging};
use super::session::SignedIn;
use crate::administration::sessions;
use crate::enterprise::Timestamp;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::Cost;
use crate::store::sessions::SessionRow;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/sessions", "sessions.list", list)
        .summary("Where you are signed in, in order of signing in")
        .description(
            "Asked with a session: sessions are a person's. A session that single sign-on opened \
             shows those of the same account.",
        )
        .needs(Access::Session)
        .query::<Paging>()
        .answers::<List<Session>>(200);
    api.delete("/sessions/{id}", "sessions.revoke", revoke)
        .summary("Ends one of your sessions at once")
        .needs(Access::Session)
        .answers_nothing(204);
}

/// A session as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Session {
    id: String,
    signed_in_by: String,
    created_at: String,
    /// To five minutes.
    last_seen_at: String,
    expires_at: String,
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        let time = |at: i64| Timestamp(at).to_rfc3339();
        Self {
            id: row.id,
            signed_in_by: row.signed_in_by,
            created_at: time(row.created_at),
            last_seen_at: time(row.last_seen_at),
            expires_at: time(row.expires_at),
        }
    }
}

/// `GET /api/v1/sessions`.
async fn list(
    service: web::Data<Service>,
    signed_in: SignedIn,
    paging: Paged,
) -> Result<web::Json<List<Session>>, Problem> {
    let (after, limit) = paging.range()?;
    let now = service.store.clock().now();
    let page = service
        .store
        .read(Cost::Point, move |conn| {
            sessions::list(conn, &signed_in.current.session, after, limit, now)
        })
        .await?;
    Ok(web::Json(paging.list(page, Session::from)))
}

/// `DELETE /api/v1/sessions/{id}`.
async fn revoke(
    service: web::Data<Service>,
    signed_in: SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    service
        .store
        .write(signed_in.by(), move |transaction| {
            let current = &signed_in.current;
            let enterprise = current.member.as_ref().map(|member| member.enterprise_pk);
            sessions::revoke(transaction, enterprise, &current.session, &id)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
