//! `/api/v1/domains`.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::Deserialize;

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Created, NoContent};
use super::api::Api;
use super::creation::Creation;
use super::list::Paged;
use super::permits::{ManageDomains, ReadAccount, Smaller};
use super::weighing::{Weighed, Weighing};
use crate::administration::AdministrationError;
use crate::administration::domains::{self, Question, Verdict};
use crate::enterprise::domain_check::VerifyUsing;
use crate::enterprise::permissions::Effect;
use crate::http::base::problem::Problem;
use crate::views::domains::{Domain, DomainUsers};
use crate::views::list::List;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/domains", "domains.list", list)
        .summary("The account's domains, in order of creation");
    api.post("/domains", "domains.create", create)
        .summary("Adds a domain; the answer has the TXT record to publish")
        .description(
            "Below a domain that the account has verified it is verified at once, unless \
             verify_using asks for a record of its own. Otherwise publish the TXT record, then \
             verify.",
        );
    // Must come before the paths of one domain.
    api.get("/domains/users", "domains.get-users", count_users)
        .summary("How many people have an address in the verified domains: members, and others")
        .description(
            "Somebody with addresses in two domains counts in each of them, and once in all: the sum \
             over the domains can be higher.",
        );
    api.get("/domains/{id}", "domains.get", read)
        .formerly("read")
        .summary("A domain, with the TXT record that verifies it");
    api.patch("/domains/{id}", "domains.change", change)
        .summary("Switches capture and lock of a verified domain")
        .refuses(&[409]);
    api.post("/domains/{id}/verify", "domains.verify", verify)
        .summary("Looks the TXT record up in DNS now")
        .refuses(&[409]);
    api.delete("/domains/{id}", "domains.delete", remove)
        .formerly("remove")
        .summary("Removes a domain, unless it is the last verified one and something needs one")
        .refuses(&[409]);
}

async fn list(admin: Administrator<ReadAccount>, paging: Paged) -> Shown<List<Domain>> {
    let (after, limit) = paging.range()?;
    let page =
        admin.read_page(move |conn, account| domains::list(conn, account, after, limit)).await?;
    let now = admin.now();
    Ok(Json(paging.list(page, |row| Domain::of(row, now))))
}

/// A new domain.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDomain {
    /// The domain name in any spelling: Unicode or punycode.
    name: String,
    /// `unique_record` for a TXT record of its own, `root_record` to be verified at once by a
    /// verified domain above it. If left out, `root_record` where it fits, else `unique_record`.
    verify_using: Option<VerifyUsing>,
}

async fn create(creation: Creation<ManageDomains, NewDomain>) -> Result<Created<Domain>, Problem> {
    creation
        .create(|transaction, account, new| {
            let row = domains::add(transaction, account, &new.name, new.verify_using)?;
            Ok(Domain::of(row, transaction.now()))
        })
        .await
}

async fn read(admin: Administrator<ReadAccount>, id: Path<String>) -> Shown<Domain> {
    let row = admin.read(move |conn, account| domains::require(conn, account, &id)).await?;
    Ok(Json(Domain::of(row, admin.now())))
}

async fn count_users(admin: Administrator<ReadAccount>) -> Shown<DomainUsers> {
    Ok(Json(admin.read_page(domains::count_users).await?.into()))
}

/// Changes to a verified domain; fields that are left out stay as they are.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DomainChanges {
    /// Whether people who sign up with an address in the domain become members, with a seat.
    capture: Option<bool>,
    /// Whether people with an address in the domain get in only if they are invited.
    locked: Option<bool>,
}

impl Weighed for DomainChanges {
    fn effect(&self) -> Effect {
        if self.capture == Some(true) || self.locked == Some(true) {
            Effect::Changes
        } else {
            Effect::MakesSmaller
        }
    }
}

async fn change(
    Weighing { admin, body }: Weighing<ManageDomains, DomainChanges>,
    id: Path<String>,
) -> Shown<Domain> {
    let DomainChanges { capture, locked } = body;
    let row = admin
        .write(move |transaction, account| {
            domains::change(transaction, account, &id, capture, locked)
        })
        .await?;
    Ok(Json(Domain::of(row, admin.now())))
}

async fn verify(admin: Administrator<ManageDomains>, id: Path<String>) -> Shown<Domain> {
    let asked = id.clone();
    let question = admin.read(move |conn, account| domains::question(conn, account, &asked));
    let row = match question.await? {
        Question::Verified(row) => row,
        Question::BelowRoot => {
            admin
                .write(move |transaction, account| {
                    domains::verify_by_root(transaction, account, &id)
                })
                .await?
        }
        Question::LookUp(name) => {
            let lookup = admin.service.dns.txt(&name).await;
            let verdict = admin.write(move |transaction, account| {
                domains::conclude(transaction, account, &id, &lookup)
            });
            match verdict.await? {
                Verdict::Verified(row) => row,
                Verdict::Refused(refusal) => return Err(AdministrationError::from(refusal).into()),
            }
        }
    };
    Ok(Json(Domain::of(row, admin.now())))
}

async fn remove(
    admin: Administrator<Smaller<ManageDomains>>,
    id: Path<String>,
) -> Result<NoContent, Problem> {
    admin.end(move |transaction, account| domains::remove(transaction, account, &id)).await
}
