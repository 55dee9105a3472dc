//! `/api/v1/recovery-links`: links that an owner keeps, to sign in past single sign-on.

use actix_web::HttpRequest;
use actix_web::http::header::SET_COOKIE;
use actix_web::web::{Data, Json, Path};
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Created, NoContent};
use super::api::Api;
use super::body::Body;
use super::list::Paged;
use super::permits::{KeepRecoveryLinks, MakeRecoveryLinks};
use crate::administration::recovery;
use crate::http::base::caller;
use crate::http::base::cookies::keep_session;
use crate::http::base::guesses::is_wrong;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::signing_in;
use crate::store::{Cost, Scope};
use crate::views::list::List;
use crate::views::recovery_links::{CreatedRecoveryLink, RecoveryLink};
use crate::views::session::CreatedSession;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/recovery-links", "recovery-links.list", list)
        .summary("Your recovery links that have not ended, in order of creation");
    api.post("/recovery-links", "recovery-links.create", create)
        .summary("Makes a link to sign in past single sign-on; it is shown once")
        .description(
            "Keep it where you reach it without signing in. It works once, for a year, and only while \
             you are an active owner; five can be open. Every owner is told by mail. A token with \
             scopes cannot make one: the link gives all that an owner may do.",
        )
        .refuses(&[409]);
    api.delete("/recovery-links/{id}", "recovery-links.delete", revoke)
        .formerly("revoke")
        .summary("Ends one of your recovery links at once");
    api.post("/recoveries", "recovery-links.use", redeem)
        .summary("Signs in with what a recovery link ends with; the session's secret is shown once")
        .refuses(&[401]);
}

async fn list(admin: Administrator<KeepRecoveryLinks>, paging: Paged) -> Shown<List<RecoveryLink>> {
    let ((after, limit), member, now) = (paging.range()?, admin.member, admin.now());
    let page = admin.read(move |conn, _| recovery::list(conn, member, now, after, limit)).await?;
    Ok(Json(paging.list(page, RecoveryLink::from)))
}

async fn create(
    admin: Administrator<MakeRecoveryLinks>,
) -> Result<Created<CreatedRecoveryLink>, Problem> {
    let member = admin.member;
    let made = admin
        .write(move |transaction, account| recovery::make(transaction, account, member))
        .await?;
    Ok(Created::new(&CreatedRecoveryLink::of(&admin.service.public_url, made)))
}

async fn revoke(
    admin: Administrator<KeepRecoveryLinks>,
    id: Path<String>,
) -> Result<NoContent, Problem> {
    let member = admin.member;
    admin.end(move |transaction, account| recovery::revoke(transaction, account, member, &id)).await
}

/// A recovery link to sign in with.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    /// The token at the end of the link, `insomnia_recovery_…`.
    token: String,
}

async fn redeem(
    Body(link): Body<Recovery>,
    service: Data<Service>,
    request: HttpRequest,
) -> Result<Created<CreatedSession>, Problem> {
    let (now, own) = (service.store.clock().now(), link.token.clone());
    let look = service.store.read(Cost::Point, move |conn| recovery::look(conn, &own, now));
    let (who, enterprise) =
        service.links.look(caller::place(&request), None, look, is_wrong).await??;
    let by = signing_in::by_person(&request, Scope(enterprise), &who);
    let opened = service
        .write_for_stranger(by, move |transaction| recovery::redeem(transaction, &link.token))
        .await?;
    let cookie = keep_session(&opened.secret, &service.public_url);
    Ok(Created::new(&CreatedSession::from(&opened)).with((SET_COOKIE, cookie)))
}
