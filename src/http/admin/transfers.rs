//! `/api/v1/organizations/{id}/transfer`, and `/api/v1/organization-transfers` for the new owner.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::administrator::{Administrator, TakeOrganizations, TransferOrganizations};
use super::api::{Access, Api};
use super::creation::Creation;
use super::list::{List, Paged, Paging};
use super::organizations::Organization;
use super::session::SignedIn;
use crate::administration::{AdministrationError, transfers};
use crate::enterprise::Timestamp;
use crate::enterprise::permissions::Operation;
use crate::enterprise::transfer::TransferState;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::sessions::SessionRow;
use crate::store::transfers::TransferRow;
use crate::store::{Cost, Transaction};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    let path = "/organizations/{id}/transfer";
    api.post(path, "organizations.offer", offer)
        .summary("Offers an organization to another person, who takes it into an account they own")
        .description(
            "The new owner already reaches the organization and owns an account with an equal or \
             higher plan and a free seat for everybody who comes along; no invitation to it is \
             pending and single sign-on is off. Everything that is missing is named at once. The \
             new owner is told by mail and has 7 days to accept.",
        )
        .needs(Operation::TransferOrganizations)
        .body::<NewTransfer>()
        .idempotent()
        .answers::<Transfer>(201);
    api.get(path, "organizations.transfer", pending)
        .summary("The pending transfer of an organization")
        .needs(Operation::TransferOrganizations)
        .answers::<Transfer>(200);
    api.delete(path, "organizations.cancel-transfer", cancel)
        .summary("Takes an offer back")
        .needs(Operation::TransferOrganizations)
        .answers_nothing(204);
    api.get("/organization-transfers", "organization-transfers.list", list)
        .summary("Organizations that are offered to you, at an address that you have proved")
        .needs(Access::Session)
        .query::<Paging>()
        .answers::<List<Transfer>>(200);
    api.get("/organization-transfers/{id}", "organization-transfers.get", get)
        .summary("An offer to you, whatever became of it")
        .needs(Access::Session)
        .answers::<Transfer>(200);
    api.post("/organization-transfers/{id}/accept", "organization-transfers.accept", accept)
        .summary("Accepts an offer: the organization moves into this account")
        .description(
            "Whoever reaches the organization comes along, as a member of this account with a seat. \
             All conditions are checked again. Send the session of the person who has proved the \
             address of the offer; a member's token does not do.",
        )
        .needs(Access::MemberInPerson(Operation::TransferOrganizations))
        .answers::<Moved>(200)
        .refuses(&[409]);
    api.post("/organization-transfers/{id}/decline", "organization-transfers.decline", decline)
        .summary("Declines an offer")
        .needs(Access::Session)
        .answers::<Transfer>(200)
        .refuses(&[409]);
}

/// A transfer as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Transfer {
    id: String,
    organization_id: String,
    organization_name: String,
    /// Name of the account that hands over.
    account_name: String,
    /// The new owner's address.
    email: String,
    state: TransferState,
    created_at: String,
    expires_at: String,
}

impl Transfer {
    fn of(row: TransferRow, now: Timestamp) -> Result<Self, AdministrationError> {
        Ok(Self {
            state: row.state(now)?,
            id: row.id,
            organization_id: row.organization_id,
            organization_name: row.organization_name,
            account_name: row.enterprise_name,
            email: row.email,
            created_at: Timestamp(row.created_at).to_rfc3339(),
            expires_at: Timestamp(row.expires_at).to_rfc3339(),
        })
    }
}

/// To whom an organization is offered.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTransfer {
    email: String,
}

/// `POST /api/v1/organizations/{id}/transfer`.
pub async fn offer(
    service: web::Data<Service>,
    creation: Creation<TransferOrganizations, NewTransfer>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let (enterprise, new) = (creation.admin.enterprise, creation.body.clone());
    let public_url = service.public_url.clone();
    let work = move |transaction: &mut Transaction<'_>| {
        let made = transfers::request(transaction, enterprise, &id, &new.email, &public_url)?;
        Transfer::of(made, transaction.now())
    };
    creation.create(&service, work).await
}

/// `GET /api/v1/organizations/{id}/transfer`.
pub async fn pending(
    service: web::Data<Service>,
    admin: Administrator<TransferOrganizations>,
    id: web::Path<String>,
) -> Result<web::Json<Transfer>, Problem> {
    let now = service.store.clock().now();
    let found = service
        .store
        .read(Cost::Point, move |conn| transfers::pending(conn, admin.enterprise, &id, now))
        .await?;
    Ok(web::Json(Transfer::of(found, now)?))
}

/// `DELETE /api/v1/organizations/{id}/transfer`.
pub async fn cancel(
    service: web::Data<Service>,
    admin: Administrator<TransferOrganizations>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    service
        .store
        .write(admin.by(), move |transaction| transfers::cancel(transaction, admin.enterprise, &id))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `GET /api/v1/organization-transfers`.
pub async fn list(
    service: web::Data<Service>,
    signed_in: SignedIn,
    paging: Paged,
) -> Result<web::Json<List<Transfer>>, Problem> {
    let (after, limit) = paging.range()?;
    let now = service.store.clock().now();
    let page = service
        .store
        .read(Cost::Point, move |conn| {
            transfers::offered(conn, &signed_in.current.session, now, after, limit)
        })
        .await?;
    let list = paging.list(page, |row| Transfer::of(row, now));
    let items = list.items.into_iter().collect::<Result<_, _>>()?;
    Ok(web::Json(List { items, next_cursor: list.next_cursor }))
}

/// `GET /api/v1/organization-transfers/{id}`.
pub async fn get(
    service: web::Data<Service>,
    signed_in: SignedIn,
    id: web::Path<String>,
) -> Result<web::Json<Transfer>, Problem> {
    let now = service.store.clock().now();
    let found = service
        .store
        .read(Cost::Point, move |conn| transfers::offer(conn, &signed_in.current.session, &id))
        .await?;
    Ok(web::Json(Transfer::of(found, now)?))
}

/// What moved, as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Moved {
    organization: Organization,
    /// How many came along.
    came_along: i64,
    /// How many reached it and have no address to be known by here.
    left_behind: i64,
}

/// The account that hands over what is offered: the transaction is of both.
async fn handed_over_by(service: &Service, session: &SessionRow, id: &str) -> Result<i64, Problem> {
    let (session, id) = (session.clone(), id.to_owned());
    let offer =
        service.store.read(Cost::Point, move |conn| transfers::offer(conn, &session, &id)).await?;
    Ok(offer.enterprise_pk)
}

/// `POST /api/v1/organization-transfers/{id}/accept`.
pub async fn accept(
    service: web::Data<Service>,
    admin: Administrator<TakeOrganizations>,
    id: web::Path<String>,
) -> Result<web::Json<Moved>, Problem> {
    let session = admin.session()?.clone();
    let from = handed_over_by(&service, &session, &id).await?;
    let moved = service
        .store
        .write(admin.by().and(from), move |transaction| {
            transfers::accept(transaction, (admin.enterprise, admin.member), &session, &id)
        })
        .await?;
    Ok(web::Json(Moved {
        organization: moved.organization.into(),
        came_along: moved.came_along,
        left_behind: moved.left_behind,
    }))
}

/// `POST /api/v1/organization-transfers/{id}/decline`.
pub async fn decline(
    service: web::Data<Service>,
    signed_in: SignedIn,
    id: web::Path<String>,
) -> Result<web::Json<Transfer>, Problem> {
    let from = handed_over_by(&service, &signed_in.current.session, &id).await?;
    let now = service.store.clock().now();
    let declined = service
        .store
        .write(signed_in.by().in_account(from), move |transaction| {
            transfers::decline(transaction, &signed_in.current.session, &id)
        })
        .await?;
    Ok(web::Json(Transfer::of(declined, now)?))
}
