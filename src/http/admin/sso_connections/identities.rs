//! `/api/v1/sso-connections/{id}/identities`: what the identity provider calls members.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::sso::identities;
use crate::enterprise::Timestamp;
use crate::enterprise::permissions::Operation;
use crate::http::admin::acting::Shown;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::answers::NoContent;
use crate::http::admin::api::Api;
use crate::http::admin::list::{List, Paged};
use crate::http::admin::permits::{ManageSso, Reading};
use crate::http::base::problem::Problem;
use crate::store::sso_identities::IdentityRow;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/sso-connections/{id}/identities", "sso-connections.list-identities", list).formerly("identities")
        .summary("What the identity provider calls the members who have signed in")
        .description(
            "A user with another name and the address of a known member is not signed in. The name \
             is shown as `asked_subject` until an administrator confirms that it is the same person.",
        );
    api.post(
        "/sso-connections/{id}/identities/{member_id}/confirm",
        "sso-connections.confirm-identity",
        confirm,
    )
    .summary(
        "Confirms that the user who asked is this member; of owners and co-owners, an owner does",
    );
}

/// What the identity provider calls a member.
#[derive(Debug, JsonSchema, Serialize)]
pub struct SsoIdentity {
    /// The id of the member, for the paths below `/members`.
    member_id: String,
    /// The member's user name in the account.
    user_name: String,
    /// The identity provider: issuer or entity id; null if only a name that waits is known.
    issuer: Option<String>,
    /// The name that the identity provider gives the member: `sub` or NameID; null if `issuer` is.
    subject: Option<String>,
    /// When `subject` was first seen or confirmed; if it is null, when `asked_subject` was seen.
    noted_at: Timestamp,
    /// The issuer or entity id of `asked_subject`; null if no name waits.
    asked_issuer: Option<String>,
    /// Another `sub` or NameID with the member's address, to be confirmed; null if none waits.
    asked_subject: Option<String>,
    /// When `asked_subject` last tried to sign in; null if no name waits.
    asked_at: Option<Timestamp>,
}

impl From<IdentityRow> for SsoIdentity {
    fn from(row: IdentityRow) -> Self {
        Self {
            member_id: row.member_id,
            user_name: row.user_name,
            issuer: row.issuer,
            subject: row.subject,
            noted_at: row.noted_at,
            asked_issuer: row.asked_issuer,
            asked_subject: row.asked_subject,
            asked_at: row.asked_at,
        }
    }
}

async fn list(
    admin: Administrator<Reading<ManageSso>>,
    paging: Paged,
    id: Path<String>,
) -> Shown<List<SsoIdentity>> {
    let (after, limit) = paging.range()?;
    let page =
        admin.read(move |conn, account| identities::list(conn, account, &id, after, limit)).await?;
    Ok(Json(paging.list(page, SsoIdentity::from)))
}

async fn confirm(
    admin: Administrator<ManageSso>,
    path: Path<(String, String)>,
) -> Result<NoContent, Problem> {
    let (connection, member) = path.into_inner();
    let manages_owners = admin.may(Operation::ManageOwners);
    admin
        .end(move |transaction, account| {
            identities::confirm(transaction, account, &connection, &member, manages_owners)
        })
        .await
}
