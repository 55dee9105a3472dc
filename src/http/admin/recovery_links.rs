//! `/api/v1/recovery-links`: links that an owner keeps, to sign in past single sign-on.

use actix_web::http::header::SET_COOKIE;
use actix_web::{HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::administrator::{Administrator, KeepRecoveryLinks, MakeRecoveryLinks};
use super::api::{Access, Api};
use super::body::Body;
use super::list::{List, Paged, Paging};
use super::session::CreatedSession;
use crate::administration::recovery;
use crate::enterprise::Timestamp;
use crate::enterprise::permissions::Operation;
use crate::http::base::caller;
use crate::http::base::cookies::keep_session;
use crate::http::base::guesses::is_wrong;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::signing_in;
use crate::store::recovery_links::RecoveryLinkRow;
use crate::store::{Cost, Scope};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/recovery-links", "recovery-links.list", list)
        .summary("Your recovery links that have not ended, in order of creation")
        .needs(Operation::KeepRecoveryLinks)
        .query::<Paging>()
        .answers::<List<RecoveryLink>>(200);
    api.post("/recovery-links", "recovery-links.create", create)
        .summary("Makes a link to sign in past single sign-on; it is shown once")
        .description(
            "Keep it where you reach it without signing in. It works once, for a year, and only while \
             you are an active owner; five can be open. Every owner is told by mail. A token with \
             scopes cannot make one: the link gives all that an owner may do.",
        )
        .needs(Access::MemberInFull(Operation::KeepRecoveryLinks))
        .answers::<CreatedRecoveryLink>(201)
        .refuses(&[409]);
    api.delete("/recovery-links/{id}", "recovery-links.revoke", revoke)
        .summary("Ends one of your recovery links at once")
        .needs(Operation::KeepRecoveryLinks)
        .answers_nothing(204);
    api.post("/recoveries", "recovery-links.use", redeem)
        .summary("Signs in with what a recovery link ends with; the session's secret is shown once")
        .body::<Recovery>()
        .answers::<CreatedSession>(201)
        .refuses(&[401]);
}

/// A recovery link as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct RecoveryLink {
    id: String,
    /// `owner` for one of your own, `operator` for one that the operator sent you.
    made_by: String,
    created_at: String,
    expires_at: String,
    /// When it was used; null while it is open.
    used_at: Option<String>,
}

impl From<RecoveryLinkRow> for RecoveryLink {
    fn from(row: RecoveryLinkRow) -> Self {
        let time = |at: i64| Timestamp(at).to_rfc3339();
        Self {
            id: row.id,
            made_by: row.made_by,
            created_at: time(row.created_at),
            expires_at: time(row.expires_at),
            used_at: row.used_at.map(time),
        }
    }
}

/// A new recovery link.
#[derive(Debug, JsonSchema, Serialize)]
pub struct CreatedRecoveryLink {
    #[serde(flatten)]
    link: RecoveryLink,
    /// Open it in a browser to sign in. It is not shown again.
    url: String,
}

/// `GET /api/v1/recovery-links`.
async fn list(
    service: web::Data<Service>,
    admin: Administrator<KeepRecoveryLinks>,
    paging: Paged,
) -> Result<web::Json<List<RecoveryLink>>, Problem> {
    let (after, limit) = paging.range()?;
    let now = service.store.clock().now();
    let page = service
        .store
        .read(Cost::Point, move |conn| recovery::list(conn, admin.member, now, after, limit))
        .await?;
    Ok(web::Json(paging.list(page, RecoveryLink::from)))
}

/// `POST /api/v1/recovery-links`.
async fn create(
    service: web::Data<Service>,
    admin: Administrator<MakeRecoveryLinks>,
) -> Result<HttpResponse, Problem> {
    let made = service
        .store
        .write(admin.by(), move |transaction| {
            recovery::make(transaction, admin.enterprise, admin.member)
        })
        .await?;
    Ok(HttpResponse::Created().json(CreatedRecoveryLink {
        url: format!("{}/recover/{}", service.public_url, made.secret),
        link: made.link.into(),
    }))
}

/// `DELETE /api/v1/recovery-links/{id}`.
async fn revoke(
    service: web::Data<Service>,
    admin: Administrator<KeepRecoveryLinks>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    service
        .store
        .write(admin.by(), move |transaction| {
            recovery::revoke(transaction, admin.enterprise, admin.member, &id)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A recovery link to be used.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    /// What the link ends with.
    token: String,
}

/// `POST /api/v1/recoveries`.
async fn redeem(
    service: web::Data<Service>,
    request: HttpRequest,
    Body(link): Body<Recovery>,
) -> Result<HttpResponse, Problem> {
    let (now, own) = (service.store.clock().now(), link.token.clone());
    let look = service.store.read(Cost::Point, move |conn| recovery::look(conn, &own, now));
    let (who, enterprise) =
        service.links.look(caller::place(&request), None, look, is_wrong).await??;
    let by = signing_in::by_person(&request, Scope(enterprise), &who);
    let opened = service
        .write_for_stranger(by, move |transaction| recovery::redeem(transaction, &link.token))
        .await?;
    Ok(HttpResponse::Created()
        .insert_header((SET_COOKIE, keep_session(&opened.secret, &service.public_url)))
        .json(CreatedSession::from(&opened)))
}
