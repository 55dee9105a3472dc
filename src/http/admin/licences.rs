//! `/api/v1/licences`: who holds a seat.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::NoContent;
use super::api::Api;
use super::body::Body;
use super::list::Paged;
use super::permits::{ManageMembers, ReadBilling, Smaller};
use super::query::{self, Query};
use crate::administration::licences::{self, Filter};
use crate::administration::members;
use crate::enterprise::Role;
use crate::enterprise::activity::SHOWN_DAYS;
use crate::enterprise::permissions::Operation;
use crate::enterprise::source::LicenceSource;
use crate::http::base::problem::Problem;
use crate::views::licences::{Licence, Licences, RemovalResults};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/licences", "licences.list", list)
        .summary("Who holds a seat, since when, and from which source")
        .description(
            "Members in the order in which they joined, then pending invitations; with search, each \
             in alphabetical order. Together with other filters, a page can hold fewer than were \
             asked for and lead on all the same.",
        );
    // Must come before the path with an id in this place.
    api.post("/licences/remove", "licences.remove-several", remove_several)
        .summary("Removes several members and invitations at once, with a result for each")
        .description(
            "Give up to 500 ids, as licences.list shows them. One that is refused does not stop the \
             others: the answer tells of each whether it was removed, or why not.",
        )
        .refuses(&[422]);
    api.delete("/licences/{member_id}", "licences.delete", remove)
        .formerly("remove")
        .summary("Removes a member from the account; its seat is free")
        .description(
            "The person can still sign in, but reaches nothing of the account. Only an owner \
             removes owners and co-owners.",
        );
}

/// Which licences are wanted; without any field, all of them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Wanted {
    /// Only licences whose holder comes from this source.
    source: Option<LicenceSource>,
    /// Only licences of which each word begins a word of the name, the user name or an address.
    #[schemars(length(max = 255))]
    search: Option<String>,
    /// Only licences of members with this role in the account.
    role: Option<Role>,
    /// Only licences of members who were not active in the last so many days, 1 to 100.
    #[schemars(range(min = 1, max = 100))]
    not_active_for: Option<i64>,
    /// Only licences of members who reach an organization (true), or who reach none (false).
    reaches_organizations: Option<bool>,
}

impl Wanted {
    /// Converts the query into a filter.
    ///
    /// # Errors
    /// Returns 400 if the search is too long, or the number of days is not known for so long.
    pub fn read(self) -> Result<Filter, Problem> {
        if self.not_active_for.is_some_and(|days| !(1..=SHOWN_DAYS).contains(&days)) {
            return Err(Problem::bad_request(format!(
                "not_active_for: a number of days from 1 to {SHOWN_DAYS}."
            )));
        }
        Ok(Filter {
            search: query::search(self.search)?,
            source: self.source,
            role: self.role,
            not_active_for: self.not_active_for,
            reaches_organizations: self.reaches_organizations,
        })
    }
}

async fn list(
    admin: Administrator<ReadBilling>,
    Query(wanted): Query<Wanted>,
    paging: Paged,
) -> Shown<Licences> {
    let (filter, now) = (wanted.read()?, admin.now());
    let (from, limit) = paging.place(filter.search.as_ref())?;
    let (listing, total) = admin
        .read_page(move |conn, account| Licences::read(conn, account, now, &filter, (&from, limit)))
        .await?;
    Ok(Json(Licences { list: paging.listing(listing, Licence::from), total }))
}

async fn remove(
    admin: Administrator<Smaller<ManageMembers>>,
    id: Path<String>,
) -> Result<NoContent, Problem> {
    let manages_owners = admin.may(Operation::ManageOwners);
    admin
        .end(move |transaction, account| members::remove(transaction, account, &id, manages_owners))
        .await
}

/// The licences to remove.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LicencesToRemove {
    /// The ids of members and of pending invitations, at most 500.
    ids: Vec<String>,
}

async fn remove_several(
    admin: Administrator<ManageMembers>,
    Body(chosen): Body<LicencesToRemove>,
) -> Shown<RemovalResults> {
    let manages_owners = admin.may(Operation::ManageOwners);
    admin
        .change(move |transaction, account| {
            licences::remove_several(transaction, account, &chosen.ids, manages_owners)
        })
        .await
}
