//! `/api/v1/connector`: the SCIM page.

use actix_web::web;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::administrator::{Administrator, ManageConnector};
use super::api::Api;
use super::body::Body;
use super::problem::Problem;
use crate::administration::connector::{self, ConnectorPage};
use crate::enterprise::Timestamp;
use crate::enterprise::permissions::Operation;
use crate::http::Service;
use crate::http::in_order::InOrder;
use crate::store::Cost;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/connector", "connector.read", read)
        .summary("The SCIM page: the connector, and what provisioning could not do")
        .needs(Operation::ManageConnector)
        .answers::<Connector>(200);
    api.patch("/connector", "connector.change", change)
        .summary("Says whether invite control also binds provisioning")
        .needs(Operation::ManageConnector)
        .body::<Change>()
        .answers::<Connector>(200);
}

/// The SCIM page as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Connector {
    scim_base_url: Option<String>,
    invite_control_binds_scim: bool,
    refusals: Vec<Refusal>,
}

/// What provisioning could not do on one day.
#[derive(Debug, JsonSchema, Serialize)]
struct Refusal {
    kind: String,
    occurrences: i64,
    last_at: String,
    last_subject: String,
    last_detail: String,
}

impl Connector {
    fn of(service: &Service, page: ConnectorPage) -> Self {
        let refusals = page.refusals.into_iter().map(|row| Refusal {
            kind: row.kind,
            occurrences: row.occurrences,
            last_at: Timestamp(row.last_at).to_rfc3339(),
            last_subject: row.last_subject,
            last_detail: row.last_detail,
        });
        Self {
            scim_base_url: page
                .connector_id
                .map(|id| format!("{}/scim/v2/{id}", service.public_url)),
            invite_control_binds_scim: page.invite_control_binds_scim,
            refusals: refusals.collect(),
        }
    }
}

/// What can be changed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    invite_control_binds_scim: bool,
}

/// `GET /api/v1/connector`.
pub async fn read(
    service: web::Data<Service>,
    admin: Administrator<ManageConnector>,
) -> Result<web::Json<Connector>, Problem> {
    let page = service
        .store
        .read(Cost::Point, move |conn| connector::page(conn, admin.enterprise))
        .await?;
    Ok(web::Json(Connector::of(&service, page)))
}

/// `PATCH /api/v1/connector`.
pub async fn change(
    service: web::Data<Service>,
    InOrder(admin, Body(change)): InOrder<Administrator<ManageConnector>, Body<Change>>,
) -> Result<web::Json<Connector>, Problem> {
    let binds = change.invite_control_binds_scim;
    let page = service
        .store
        .write(admin.by(), move |transaction| {
            connector::bind_invite_control(transaction, admin.enterprise, binds)
        })
        .await?;
    Ok(web::Json(Connector::of(&service, page)))
}
