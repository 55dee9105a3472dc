//! `/api/v1/domains/{id}/unclaimed-accounts`: who has an address in a domain and is not a member.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::Serialize;

use super::administrator::{Administrator, ReadAccount};
use super::api::Api;
use super::list::{List, Paged, Paging};
use crate::administration::domains;
use crate::enterprise::Timestamp;
use crate::enterprise::permissions::Operation;
use crate::http::base::csv;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::base::streaming::{self, Section};
use crate::store::users::UnclaimedRow;
use crate::store::{Conn, Cost, StoreError};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/domains/{id}/unclaimed-accounts", "domains.unclaimed-accounts", list)
        .summary("People with an address in a verified domain who are not members")
        .needs(Operation::ReadAccount)
        .query::<Paging>()
        .answers::<List<UnclaimedAccount>>(200)
        .refuses(&[409]);
    api.get("/domains/{id}/unclaimed-accounts.csv", "domains.export-unclaimed-accounts", export)
        .summary("The same as comma-separated values, whole")
        .needs(Operation::ReadAccount)
        .answers_text(200, "text/csv; charset=utf-8")
        .refuses(&[409]);
}

/// A person as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct UnclaimedAccount {
    /// `acct_…`.
    id: String,
    email: String,
    /// As given at sign-up.
    name: Option<String>,
    known_since: String,
}

impl From<UnclaimedRow> for UnclaimedAccount {
    fn from(row: UnclaimedRow) -> Self {
        Self {
            id: row.id,
            email: row.email,
            name: row.name,
            known_since: Timestamp(row.created_at).to_rfc3339(),
        }
    }
}

/// `GET /api/v1/domains/{id}/unclaimed-accounts`.
async fn list(
    service: web::Data<Service>,
    admin: Administrator<ReadAccount>,
    id: web::Path<String>,
    paging: Paged,
) -> Result<web::Json<List<UnclaimedAccount>>, Problem> {
    let (after, limit) = paging.range()?;
    let page = service
        .store
        .read(Cost::Page(admin.enterprise), move |conn| {
            domains::unclaimed(conn, admin.enterprise, &id, after, limit)
        })
        .await?;
    Ok(web::Json(paging.list(page, UnclaimedAccount::from)))
}

/// People that are read at once while exporting.
const SECTION: i64 = 500;

/// `GET /api/v1/domains/{id}/unclaimed-accounts.csv`.
async fn export(
    service: web::Data<Service>,
    admin: Administrator<ReadAccount>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let enterprise = admin.enterprise;
    let domain = service
        .store
        .read(Cost::Point, move |conn| domains::require_verified(conn, enterprise, &id))
        .await?;
    let file = format!("unclaimed-accounts-{}.csv", domain.name);
    let read = move |conn: &mut Conn, after: &i64| {
        let page = domains::unclaimed_after(conn, enterprise, &domain.name, *after, SECTION)?;
        let text = page.items.into_iter().map(line).collect();
        Ok::<_, StoreError>(Section { text, next: page.next })
    };
    let head = csv::line(["id", "email", "name", "known_since"]);
    let media_type = "text/csv; charset=utf-8";
    Ok(streaming::answer(
        &service.store,
        Cost::Page(admin.enterprise),
        media_type,
        &file,
        head,
        0,
        read,
    ))
}

fn line(row: UnclaimedRow) -> String {
    let since = Timestamp(row.created_at).to_rfc3339();
    csv::line([row.id.as_str(), &row.email, row.name.as_deref().unwrap_or_default(), &since])
}
