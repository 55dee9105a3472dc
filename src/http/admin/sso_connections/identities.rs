//! `/api/v1/sso-connections/{id}/identities`: what the identity provider calls members.

use actix_web::web::{Json, Path};

use crate::administration::sso::identities;
use crate::enterprise::permissions::Operation;
use crate::http::admin::acting::Shown;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::answers::NoContent;
use crate::http::admin::api::Api;
use crate::http::admin::list::Paged;
use crate::http::admin::permits::{ManageSso, Reading};
use crate::http::base::problem::Problem;
use crate::views::list::List;
use crate::views::sso_connections::identities::SsoIdentity;

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
