//! `/api/v1/licences`: who holds a seat.

use actix_web::web::Path;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::NoContent;
use super::api::Api;
use super::list::{List, Paged};
use super::permits::{ManageMembers, ReadBilling};
use super::query::Query;
use crate::administration::Page;
use crate::administration::licences::{self, Filter, Licence as Held};
use crate::administration::members;
use crate::enterprise::permissions::Operation;
use crate::enterprise::source::LicenceSource;
use crate::enterprise::{Role, Timestamp};
use crate::http::base::problem::Problem;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/licences", "licences.list", list)
        .summary("Who holds a seat, since when, and from which source")
        .description("Members in the order in which they joined, then pending invitations.");
    api.delete("/licences/{member_id}", "licences.delete", remove)
        .formerly("remove")
        .summary("Removes a member from the account; its seat is free")
        .description(
            "The person can still sign in, but reaches nothing of the account. Only an owner \
             removes owners and co-owners.",
        );
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
    role: Option<Role>,
    source: LicenceSource,
    since: Timestamp,
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
            since: held.since,
        }
    }
}

async fn list(
    admin: Administrator<ReadBilling>,
    Query(wanted): Query<Wanted>,
    paging: Paged,
) -> Shown<List<Licence>> {
    let (filter, now) = (wanted.read()?, admin.now());
    admin
        .list(paging, move |conn, account, after, limit| {
            let (items, next) = licences::list(conn, account, now, &filter, after, limit)?;
            Ok(Page { items, next })
        })
        .await
}

async fn remove(
    admin: Administrator<ManageMembers>,
    id: Path<String>,
) -> Result<NoContent, Problem> {
    let manages_owners = admin.may(Operation::ManageOwners);
    admin
        .end(move |transaction, account| members::remove(transaction, account, &id, manages_owners))
        .await
}
