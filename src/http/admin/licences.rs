//! `/api/v1/licences`: who holds a seat.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::administrator::{Administrator, ManageMembers, ReadBilling};
use super::api::Api;
use super::list::{List, Paged, Paging};
use super::query::Query;
use crate::administration::Page;
use crate::administration::licences::{self, Filter, Licence as Held};
use crate::administration::members;
use crate::enterprise::Timestamp;
use crate::enterprise::permissions::Operation;
use crate::enterprise::source::LicenceSource;
use crate::http::base::in_order::InOrder;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::Cost;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/licences", "licences.list", list)
        .summary("Who holds a seat, since when, and from which source")
        .description("Members in the order in which they joined, then pending invitations.")
        .needs(Operation::ReadBilling)
        .query::<Wanted>()
        .query::<Paging>()
        .answers::<List<Licence>>(200);
    api.delete("/licences/{member_id}", "licences.remove", remove)
        .summary("Removes a member from the account; its seat is free")
        .description(
            "The person can still sign in, but reaches nothing of the account. Only an owner \
             removes owners and co-owners.",
        )
        .needs(Operation::ManageMembers)
        .answers_nothing(204);
}

/// Longest text that is searched for, in characters.
const LONGEST_SEARCH: usize = 255;

/// Which licences are asked for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Wanted {
    /// From this source only.
    source: Option<LicenceSource>,
    /// With this text in address, user name or name.
    #[schemars(length(max = 255))]
    search: Option<String>,
}

impl Wanted {
    /// The filter.
    ///
    /// # Errors
    /// 400 where the text is too long.
    pub fn read(self) -> Result<Filter, Problem> {
        if self.search.as_ref().is_some_and(|text| text.chars().count() > LONGEST_SEARCH) {
            return Err(Problem::bad_request(format!(
                "search: at most {LONGEST_SEARCH} characters."
            )));
        }
        Ok(Filter { source: self.source, search: self.search })
    }
}

/// A seat that is held, as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Licence {
    /// The member's id, or the invitation's.
    id: String,
    email: Option<String>,
    user_name: Option<String>,
    display_name: Option<String>,
    /// The role in the account; null for an invitation.
    role: Option<String>,
    source: LicenceSource,
    since: String,
}

impl From<Held> for Licence {
    fn from(held: Held) -> Self {
        Self {
            id: held.id,
            email: held.email,
            user_name: held.user_name,
            display_name: held.display_name,
            role: held.role,
            source: held.source,
            since: Timestamp(held.since).to_rfc3339(),
        }
    }
}

/// `GET /api/v1/licences`.
pub async fn list(
    service: web::Data<Service>,
    InOrder(admin, Query(wanted)): InOrder<Administrator<ReadBilling>, Query<Wanted>>,
    paging: Paged,
) -> Result<web::Json<List<Licence>>, Problem> {
    let (after, limit) = paging.range()?;
    let filter = wanted.read()?;
    let now = service.store.clock().now();
    let (held, next) = service
        .store
        .read(Cost::Page(admin.enterprise), move |conn| {
            licences::list(conn, admin.enterprise, now, &filter, after, limit)
        })
        .await?;
    Ok(web::Json(paging.list(Page { items: held, next }, Licence::from)))
}

/// `DELETE /api/v1/licences/{member_id}`.
pub async fn remove(
    service: web::Data<Service>,
    admin: Administrator<ManageMembers>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let manages_owners = admin.may(Operation::ManageOwners);
    service
        .store
        .write(admin.by(), move |transaction| {
            members::remove(transaction, admin.enterprise, &id, manages_owners)
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
