//! `/api/v1/sso-connections/{id}/identities`: what the identity provider calls members.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::sso::identities;
use crate::enterprise::Timestamp;
use crate::enterprise::permissions::Operation;
use crate::http::admin::administrator::{Administrator, ManageSso};
use crate::http::admin::api::Api;
use crate::http::admin::list::{List, Paged, Paging};
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::Cost;
use crate::store::sso_identities::IdentityRow;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/sso-connections/{id}/identities", "sso-connections.identities", list)
        .summary("What the identity provider calls the members who have signed in")
        .description(
            "A user with another name and the address of a known member is not signed in. The name \
             is shown as `asked_subject` until an administrator confirms that it is the same person.",
        )
        .needs(Operation::ManageSso)
        .query::<Paging>()
        .answers::<List<Identity>>(200);
    api.post(
        "/sso-connections/{id}/identities/{member_id}/confirm",
        "sso-connections.confirm-identity",
        confirm,
    )
    .summary(
        "Confirms that the user who asked is this member; of owners and co-owners, an owner does",
    )
    .needs(Operation::ManageSso)
    .answers_nothing(204);
}

/// What the identity provider calls a member.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Identity {
    member_id: String,
    user_name: String,
    /// Issuer, or entity id; null where only a name that waits is known.
    issuer: Option<String>,
    /// `sub`, or NameID.
    subject: Option<String>,
    noted_at: String,
    /// Another name that came with the member's address, and waits for an administrator.
    asked_issuer: Option<String>,
    asked_subject: Option<String>,
    asked_at: Option<String>,
}

impl From<IdentityRow> for Identity {
    fn from(row: IdentityRow) -> Self {
        Self {
            member_id: row.member_id,
            user_name: row.user_name,
            issuer: row.issuer,
            subject: row.subject,
            noted_at: Timestamp(row.noted_at).to_rfc3339(),
            asked_issuer: row.asked_issuer,
            asked_subject: row.asked_subject,
            asked_at: row.asked_at.map(|at| Timestamp(at).to_rfc3339()),
        }
    }
}

/// `GET /api/v1/sso-connections/{id}/identities`.
async fn list(
    service: web::Data<Service>,
    admin: Administrator<ManageSso>,
    id: web::Path<String>,
    paging: Paged,
) -> Result<web::Json<List<Identity>>, Problem> {
    let (after, limit) = paging.range()?;
    let page = service
        .store
        .read(Cost::Point, move |conn| identities::list(conn, admin.enterprise, &id, after, limit))
        .await?;
    Ok(web::Json(paging.list(page, Identity::from)))
}

/// `POST /api/v1/sso-connections/{id}/identities/{member_id}/confirm`.
async fn confirm(
    service: web::Data<Service>,
    admin: Administrator<ManageSso>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (connection, member) = path.into_inner();
    let (enterprise, manages_owners) = (admin.enterprise, admin.may(Operation::ManageOwners));
    service
        .store
        .write(admin.by(), move |transaction| {
            identities::confirm(transaction, enterprise, &connection, &member, manages_owners)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
