//! `/api/v1/domains`.

use actix_web::web::{Json, Path};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::acting::Shown;
use super::administrator::Administrator;
use super::answers::{Created, NoContent};
use super::api::Api;
use super::creation::Creation;
use super::list::{List, Paged};
use super::permits::{ManageDomains, ReadAccount, Smaller};
use super::weighing::{Weighed, Weighing};
use crate::administration::AdministrationError;
use crate::administration::domains::{self, Question, Verdict};
use crate::enterprise::domain_check::{CheckResult, VerificationMethod, VerifyUsing};
use crate::enterprise::permissions::Effect;
use crate::enterprise::{Timestamp, domain_check};
use crate::http::base::problem::Problem;
use crate::store::domains::DomainRow;

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

/// A domain of the account.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Domain {
    /// The id of the domain, `dom_…`, for the paths below `/domains`.
    id: String,
    /// The domain name in its canonical form: ASCII (punycode), lower case.
    name: String,
    /// The domain name in Unicode, as people of its language write it.
    display_name: String,
    /// `pending` until the account has shown that the domain is its own, then `verified`.
    state: DomainState,
    /// How the account wants the domain to be verified; null if that was left to the server.
    verify_using: Option<VerifyUsing>,
    /// How the domain was verified; null while it is pending.
    verified_by: Option<VerificationMethod>,
    /// When the domain was verified; null while it is pending.
    verified_at: Option<Timestamp>,
    /// The TXT record to publish in DNS, which verifies the domain.
    txt_record: TxtRecord,
    /// The result of the last look-up in DNS; null before the first.
    last_check: Option<DomainCheck>,
    /// Since when DNS lacks the record that verified the domain; null while it is there.
    lost_since: Option<Timestamp>,
    /// Whether capture, lock and single sign-on rest: the record has been lost for seven days.
    rests: bool,
    /// Whether people who sign up with an address in the domain become members, with a seat.
    capture: bool,
    /// Whether people with an address in the domain get in only if they are invited.
    locked: bool,
    /// When the domain was added to the account.
    created_at: Timestamp,
}

/// The TXT record that verifies a domain.
#[derive(Debug, JsonSchema, Serialize)]
struct TxtRecord {
    /// The DNS name at which to publish the record, below the domain itself.
    name: String,
    /// The text of the record, made for this domain.
    value: String,
}

/// A look-up of a domain's TXT record in DNS.
#[derive(Debug, JsonSchema, Serialize)]
struct DomainCheck {
    /// When the record was looked up.
    at: Timestamp,
    /// What DNS answered.
    result: CheckResult,
}

/// Whether the account has proved that it owns a domain.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
enum DomainState {
    /// It has not: the TXT record is still to be found.
    Pending,
    /// It has.
    Verified,
}

impl Domain {
    /// Makes the answer as of this time.
    fn of(row: DomainRow, now: Timestamp) -> Self {
        let name = domains::name_of(&row);
        Self {
            display_name: name.unicode(),
            txt_record: TxtRecord { name: name.challenge(), value: row.challenge },
            id: row.id,
            name: row.name,
            state: if row.verified_at.is_some() {
                DomainState::Verified
            } else {
                DomainState::Pending
            },
            verify_using: row.verify_using,
            verified_by: row.method,
            verified_at: row.verified_at,
            last_check: row
                .checked_at
                .zip(row.check_result)
                .map(|(at, result)| DomainCheck { at, result }),
            lost_since: row.lost_since,
            rests: domain_check::rests(row.lost_since, now),
            capture: row.capture,
            locked: row.locked,
            created_at: row.created_at,
        }
    }
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

/// How many people have an address in the account's verified domains.
#[derive(Debug, JsonSchema, Serialize)]
pub struct DomainUsers {
    /// The number of managed users: active members with an address in one of the domains.
    managed: i64,
    /// The number of unclaimed accounts: people who have proved such an address and are no members.
    unclaimed_accounts: i64,
    /// The numbers for each verified domain.
    domains: Vec<UsersOfDomain>,
}

/// How many people have an address in one domain.
#[derive(Debug, JsonSchema, Serialize)]
struct UsersOfDomain {
    /// The id of the domain, for the paths below `/domains`.
    domain_id: String,
    /// The domain name in its canonical form: ASCII (punycode), lower case.
    name: String,
    /// The number of active members with an address in the domain.
    managed: i64,
    /// The number of people who have proved an address in the domain and are no members.
    unclaimed_accounts: i64,
}

impl From<domains::DomainUsers> for DomainUsers {
    fn from(counted: domains::DomainUsers) -> Self {
        let of_one = |(row, managed, unclaimed_accounts): (DomainRow, i64, i64)| UsersOfDomain {
            domain_id: row.id,
            name: row.name,
            managed,
            unclaimed_accounts,
        };
        Self {
            managed: counted.managed,
            unclaimed_accounts: counted.unclaimed,
            domains: counted.domains.into_iter().map(of_one).collect(),
        }
    }
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
