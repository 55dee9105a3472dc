//! `/api/v1/invitations`.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::administrator::{Administrator, ManageMembers, ReadAccount};
use super::api::Api;
use super::creation::Creation;
use super::list::{List, Paging};
use super::problem::Problem;
use crate::administration::invitations::{self, Target};
use crate::enterprise::permissions::Operation;
use crate::enterprise::{TeamRole, Timestamp};
use crate::http::Service;
use crate::store::invitations::InvitationRow;
use crate::store::{Cost, Transaction};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/invitations", "invitations.list", list)
        .summary("The account's invitations, in order of creation")
        .needs(Operation::ReadAccount)
        .query::<Paging>()
        .answers::<List<Invitation>>(200);
    api.post("/invitations", "invitations.create", create)
        .summary("Invites to an organization or a team; a pending invitation takes a seat")
        .needs(Operation::ManageMembers)
        .body::<NewInvitation>()
        .idempotent()
        .answers::<Invitation>(201)
        .refuses(&[404]);
    api.delete("/invitations/{id}", "invitations.revoke", revoke)
        .summary("Revokes a pending invitation; its seat is free")
        .needs(Operation::ManageMembers)
        .answers_nothing(204)
        .refuses(&[409]);
}

/// An invitation as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Invitation {
    id: String,
    email: String,
    state: String,
    created_at: String,
    expires_at: String,
}

impl Invitation {
    /// As it is at this time: what is past its end is expired, swept or not.
    fn at(row: InvitationRow, now: Timestamp) -> Self {
        let over = row.state == "pending" && row.expires_at <= now.0;
        Self {
            id: row.id,
            email: row.email,
            state: if over { "expired".to_owned() } else { row.state },
            created_at: Timestamp(row.created_at).to_rfc3339(),
            expires_at: Timestamp(row.expires_at).to_rfc3339(),
        }
    }
}

/// What is said of a new invitation.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    email: String,
    organization_id: Option<String>,
    team_id: Option<String>,
    /// The role in the organization, `member` if not given.
    role: Option<TeamRole>,
}

/// `GET /api/v1/invitations`.
pub async fn list(
    service: web::Data<Service>,
    admin: Administrator<ReadAccount>,
    paging: web::Query<Paging>,
) -> Result<web::Json<List<Invitation>>, Problem> {
    let (after, limit) = Paging::of(&paging)?;
    let now = service.store.clock().now();
    let page = service
        .store
        .read(Cost::Long, move |conn| invitations::list(conn, admin.enterprise, after, limit))
        .await?;
    Ok(web::Json(List::of(page, |row| Invitation::at(row, now))))
}

/// `POST /api/v1/invitations`.
pub async fn create(
    service: web::Data<Service>,
    creation: Creation<ManageMembers, NewInvitation>,
) -> Result<HttpResponse, Problem> {
    let (enterprise, new) = (creation.admin.enterprise, creation.body.clone());
    let role = new.role.unwrap_or(TeamRole::Member);
    let target = match (new.organization_id, new.team_id) {
        (Some(id), None) => Target::Organization(id, role),
        // A team's role is the team's, not the invitation's.
        (None, Some(id)) => Target::Team(id),
        _ => {
            return Err(Problem::bad_request(
                "organization_id, team_id: give exactly one of them.",
            ));
        }
    };
    let work = move |transaction: &mut Transaction<'_>| {
        let row = invitations::create(transaction, enterprise, &new.email, &target)?;
        Ok(Invitation::at(row, transaction.now()))
    };
    creation.create(&service, work).await
}

/// `DELETE /api/v1/invitations/{id}`.
pub async fn revoke(
    service: web::Data<Service>,
    admin: Administrator<ManageMembers>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    service
        .store
        .write(admin.by(), move |transaction| {
            invitations::revoke(transaction, admin.enterprise, &id)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
