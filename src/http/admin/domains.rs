//! `/api/v1/domains`.

use actix_web::{HttpResponse, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::administrator::{Administrator, ManageDomains, ReadAccount};
use super::api::Api;
use super::body::Body;
use super::creation::Creation;
use super::list::{List, Paged, Paging};
use crate::administration::AdministrationError;
use crate::administration::domains::{self, Question, Verdict};
use crate::enterprise::permissions::Operation;
use crate::enterprise::{Timestamp, domain_check};
use crate::http::base::in_order::InOrder;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::domains::DomainRow;
use crate::store::{Cost, Transaction};

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    api.get("/domains", "domains.list", list)
        .summary("The account's domains, in order of creation")
        .needs(Operation::ReadAccount)
        .query::<Paging>()
        .answers::<List<Domain>>(200);
    api.post("/domains", "domains.create", create)
        .summary("Adds a domain; the answer has the TXT record to publish")
        .description(
            "Below a domain that the account has verified it is verified at once. Otherwise publish \
             the TXT record, then verify.",
        )
        .needs(Operation::ManageDomains)
        .body::<NewDomain>()
        .idempotent()
        .answers::<Domain>(201);
    api.get("/domains/{id}", "domains.read", read)
        .summary("A domain, with the TXT record that verifies it")
        .needs(Operation::ReadAccount)
        .answers::<Domain>(200);
    api.patch("/domains/{id}", "domains.change", change)
        .summary("Switches capture and lock of a verified domain")
        .needs(Operation::ManageDomains)
        .body::<Change>()
        .answers::<Domain>(200)
        .refuses(&[409]);
    api.post("/domains/{id}/verify", "domains.verify", verify)
        .summary("Looks the TXT record up in DNS now")
        .needs(Operation::ManageDomains)
        .answers::<Domain>(200)
        .refuses(&[409]);
    api.delete("/domains/{id}", "domains.remove", remove)
        .summary("Removes a domain, unless it is the last verified one and something needs one")
        .needs(Operation::ManageDomains)
        .answers_nothing(204)
        .refuses(&[409]);
}

/// A domain as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Domain {
    id: String,
    /// In the canonical form, ASCII.
    name: String,
    /// As people of its language write it.
    display_name: String,
    /// `pending` or `verified`.
    state: &'static str,
    /// `unique_record`, `root_record` or `operator`; null while pending.
    verified_by: Option<String>,
    verified_at: Option<String>,
    txt_record: TxtRecord,
    /// What came of the last look-up; null before the first.
    last_check: Option<Check>,
    /// Since when DNS says that the record which verified it is not there; null while it is.
    lost_since: Option<String>,
    /// Whether capture, lock and single sign-on rest because the record has been lost for seven days.
    rests: bool,
    /// New sign-ups with an address in the domain join the account.
    capture: bool,
    /// Who has an address in the domain and is not invited gets no access.
    locked: bool,
    created_at: String,
}

/// The record to publish.
#[derive(Debug, JsonSchema, Serialize)]
struct TxtRecord {
    name: String,
    value: String,
}

/// A look-up.
#[derive(Debug, JsonSchema, Serialize)]
struct Check {
    at: String,
    /// `verified`, `wrong_record`, `no_record`, `no_such_name`, `server_failure` or `timeout`.
    result: String,
}

impl Domain {
    /// As shown at this time.
    fn of(row: DomainRow, now: Timestamp) -> Self {
        let name = domains::name_of(&row);
        let time = |at: i64| Timestamp(at).to_rfc3339();
        Self {
            display_name: name.unicode(),
            txt_record: TxtRecord { name: name.challenge(), value: row.challenge },
            id: row.id,
            name: row.name,
            state: if row.verified_at.is_some() { "verified" } else { "pending" },
            verified_by: row.method,
            verified_at: row.verified_at.map(time),
            last_check: row
                .checked_at
                .zip(row.check_result)
                .map(|(at, result)| Check { at: time(at), result }),
            lost_since: row.lost_since.map(time),
            rests: domain_check::rests(row.lost_since, now),
            capture: row.capture,
            locked: row.locked,
            created_at: time(row.created_at),
        }
    }
}

/// `GET /api/v1/domains`.
async fn list(
    service: web::Data<Service>,
    admin: Administrator<ReadAccount>,
    paging: Paged,
) -> Result<web::Json<List<Domain>>, Problem> {
    let (after, limit) = paging.range()?;
    let page = service
        .store
        .read(Cost::Page(admin.enterprise), move |conn| {
            domains::list(conn, admin.enterprise, after, limit)
        })
        .await?;
    let now = service.store.clock().now();
    Ok(web::Json(paging.list(page, |row| Domain::of(row, now))))
}

/// What is said of a new domain.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDomain {
    /// In any spelling: internationalised or as punycode.
    name: String,
}

/// `POST /api/v1/domains`.
async fn create(
    service: web::Data<Service>,
    creation: Creation<ManageDomains, NewDomain>,
) -> Result<HttpResponse, Problem> {
    let (enterprise, new) = (creation.admin.enterprise, creation.body.clone());
    let work = move |transaction: &mut Transaction<'_>| {
        let now = transaction.now();
        domains::add(transaction, enterprise, &new.name).map(|row| Domain::of(row, now))
    };
    creation.create(&service, work).await
}

/// `GET /api/v1/domains/{id}`.
async fn read(
    service: web::Data<Service>,
    admin: Administrator<ReadAccount>,
    id: web::Path<String>,
) -> Result<web::Json<Domain>, Problem> {
    let domain = service
        .store
        .read(Cost::Point, move |conn| domains::require(conn, admin.enterprise, &id))
        .await?;
    Ok(web::Json(Domain::of(domain, service.store.clock().now())))
}

/// What is to be switched; what is not given stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Change {
    capture: Option<bool>,
    locked: Option<bool>,
}

/// `PATCH /api/v1/domains/{id}`.
async fn change(
    service: web::Data<Service>,
    asked: InOrder<Administrator<ManageDomains>, Body<Change>>,
    id: web::Path<String>,
) -> Result<web::Json<Domain>, Problem> {
    let InOrder(admin, Body(change)) = asked;
    let domain = service
        .store
        .write(admin.by(), move |transaction| {
            let (capture, locked) = (change.capture, change.locked);
            domains::change(transaction, admin.enterprise, &id, capture, locked)
        })
        .await?;
    Ok(web::Json(Domain::of(domain, service.store.clock().now())))
}

/// `POST /api/v1/domains/{id}/verify`.
async fn verify(
    service: web::Data<Service>,
    admin: Administrator<ManageDomains>,
    id: web::Path<String>,
) -> Result<web::Json<Domain>, Problem> {
    let (enterprise, id) = (admin.enterprise, id.into_inner());
    let asked = id.clone();
    let question = service
        .store
        .read(Cost::Point, move |conn| domains::question(conn, enterprise, &asked))
        .await?;
    let domain = match question {
        Question::Verified(domain) => domain,
        Question::BelowRoot => {
            service
                .store
                .write(admin.by(), move |transaction| {
                    domains::verify_by_root(transaction, enterprise, &id)
                })
                .await?
        }
        Question::LookUp(name) => {
            let lookup = service.dns.txt(&name).await;
            let verdict = service
                .store
                .write(admin.by(), move |transaction| {
                    domains::conclude(transaction, enterprise, &id, &lookup)
                })
                .await?;
            match verdict {
                Verdict::Verified(domain) => domain,
                Verdict::Refused(refusal) => return Err(AdministrationError::from(refusal).into()),
            }
        }
    };
    Ok(web::Json(Domain::of(domain, service.store.clock().now())))
}

/// `DELETE /api/v1/domains/{id}`.
async fn remove(
    service: web::Data<Service>,
    admin: Administrator<ManageDomains>,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    service
        .store
        .write(admin.by(), move |transaction| domains::remove(transaction, admin.enterprise, &id))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
