//! `/api/v1/organizations/{id}/transfer`, and `/api/v1/organization-transfers` for the new owner.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Created, NoContent};
use super::api::Api;
use super::creation::Creation;
use super::list::Paged;
use super::permits::{
    OfferOrganizations, Reading, Smaller, TakeOrganizations, TransferOrganizations,
};
use super::query::Query;
use super::session::SignedIn;
use crate::administration::{AdministrationError, transfers};
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::Cost;
use crate::store::sessions::SessionRow;
use crate::store::transfers::TransferRow;
use crate::views::list::List;
use crate::views::transfers::{AcceptedTransfer, Transfer, TransferPreview};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    let path = "/organizations/{id}/transfer";
    api.post(path, "organizations.create-transfer", offer)
        .formerly("offer")
        .summary("Offers an organization to another person, who takes it into an account they own")
        .description(
            "The new owner already reaches the organization and owns an account with an equal or \
             higher plan and a free seat for everybody who comes along; no invitation to it is \
             pending and single sign-on is off. Everything that is missing is named at once. The \
             new owner is told by mail and has 7 days to accept.",
        );
    api.get(path, "organizations.get-transfer", pending)
        .formerly("transfer")
        .summary("The pending transfer of an organization");
    api.get("/organizations/{id}/transfer/preview", "organizations.preview-transfer", preview)
        .summary("The conditions of a transfer to somebody, and which of them are met now")
        .refuses(&[422]);
    api.delete(path, "organizations.delete-transfer", cancel)
        .formerly("cancel-transfer")
        .summary("Takes an offer back");
    api.get("/organization-transfers", "organization-transfers.list", list)
        .summary("Organizations that are offered to you, at an address that you have proved");
    api.get("/organization-transfers/{id}", "organization-transfers.get", get)
        .summary("An offer to you, whatever became of it");
    api.post("/organization-transfers/{id}/accept", "organization-transfers.accept", accept)
        .summary("Accepts an offer: the organization moves into this account")
        .description(
            "Whoever reaches the organization comes along, as a member of this account with a seat. \
             All conditions are checked again. Send the session of the person who has proved the \
             address of the offer; a member's token does not do.",
        )
        .refuses(&[409]);
    api.post("/organization-transfers/{id}/decline", "organization-transfers.decline", decline)
        .summary("Declines an offer")
        .refuses(&[409]);
}

/// The offer of an organization.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTransfer {
    /// The address of the new owner, who owns another account and reaches the organization already.
    email: String,
}

async fn offer(
    creation: Creation<OfferOrganizations, NewTransfer>,
    id: Path<String>,
) -> Result<Created<Transfer>, Problem> {
    let url = creation.admin.service.public_url.clone();
    creation
        .create(move |transaction, account, new| {
            let made = transfers::request(transaction, account, &id, &new.email, &url)?;
            Ok(Transfer::of(made, transaction.now()))
        })
        .await
}

/// To whom a transfer is looked at.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct TransferRecipient {
    /// The address of the new owner.
    email: String,
}

async fn preview(
    admin: Administrator<TransferOrganizations>,
    Query(recipient): Query<TransferRecipient>,
    id: Path<String>,
) -> Shown<TransferPreview> {
    let now = admin.now();
    let conditions = admin
        .read_page(move |conn, account| {
            transfers::preview(conn, account, &id, &recipient.email, now)
        })
        .await?;
    Ok(Json(conditions.into()))
}

async fn pending(
    admin: Administrator<Reading<TransferOrganizations>>,
    id: Path<String>,
) -> Shown<Transfer> {
    let now = admin.now();
    admin
        .show(move |conn, account| {
            Ok(Transfer::of(transfers::pending(conn, account, &id, now)?, now))
        })
        .await
}

async fn cancel(
    admin: Administrator<Smaller<TransferOrganizations>>,
    id: Path<String>,
) -> Result<NoContent, Problem> {
    admin.end(move |transaction, account| transfers::cancel(transaction, account, &id)).await
}

async fn list(signed_in: SignedIn, paging: Paged) -> Shown<List<Transfer>> {
    let ((after, limit), now) = (paging.range()?, signed_in.service.store.clock().now());
    let page = signed_in
        .read(move |conn, current| transfers::offered(conn, &current.session, now, after, limit))
        .await?;
    Ok(Json(paging.list(page, |row| Transfer::of(row, now))))
}

/// Finds an offer to the person who is signed in.
async fn offered(
    service: &Service,
    session: &SessionRow,
    id: &str,
) -> Result<TransferRow, AdministrationError> {
    let (session, id) = (session.clone(), id.to_owned());
    service.store.read(Cost::Point, move |conn| transfers::offer(conn, &session, &id)).await
}

async fn get(signed_in: SignedIn, id: Path<String>) -> Shown<Transfer> {
    let now = signed_in.service.store.clock().now();
    let found = offered(&signed_in.service, &signed_in.current.session, &id).await?;
    Ok(Json(Transfer::of(found, now)))
}

// Both answers write in the account that offers the organization; accepting writes in both
// accounts, in one transaction.

async fn accept(
    admin: Administrator<TakeOrganizations>,
    id: Path<String>,
) -> Shown<AcceptedTransfer> {
    let (session, taker) = (admin.session()?.clone(), (admin.enterprise, admin.member));
    let from = offered(&admin.service, &session, &id).await?.enterprise_pk;
    let moved = admin
        .service
        .store
        .write(admin.context().and(from), move |transaction| {
            transfers::accept(transaction, taker, &session, &id)
        })
        .await?;
    Ok(Json(moved.into()))
}

async fn decline(signed_in: SignedIn, id: Path<String>) -> Shown<Transfer> {
    let from = offered(&signed_in.service, &signed_in.current.session, &id).await?.enterprise_pk;
    let declined = signed_in
        .write(signed_in.context().in_account(from), move |transaction, current| {
            let row = transfers::decline(transaction, &current.session, &id)?;
            Ok(Transfer::of(row, transaction.now()))
        })
        .await?;
    Ok(Json(declined))
}
