//! Domains, and the people in them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::domains;
use crate::enterprise::domain_check::{CheckResult, VerificationMethod, VerifyUsing};
use crate::enterprise::{Timestamp, domain_check};
use crate::store::domains::DomainRow;

/// A domain of the account.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Domain {
    /// The id of the domain, `dom_…`, for the paths below `/domains`.
    pub id: String,
    /// The domain name in its canonical form: ASCII (punycode), lower case.
    pub name: String,
    /// The domain name in Unicode, as people of its language write it.
    pub display_name: String,
    /// `pending` until the account has shown that the domain is its own, then `verified`.
    pub state: DomainState,
    /// How the account wants the domain to be verified; null if that was left to the server.
    pub verify_using: Option<VerifyUsing>,
    /// How the domain was verified; null while it is pending.
    pub verified_by: Option<VerificationMethod>,
    /// When the domain was verified; null while it is pending.
    pub verified_at: Option<Timestamp>,
    /// The TXT record to publish in DNS, which verifies the domain.
    pub txt_record: TxtRecord,
    /// The result of the last look-up in DNS; null before the first.
    pub last_check: Option<DomainCheck>,
    /// Since when DNS lacks the record that verified the domain; null while it is there.
    pub lost_since: Option<Timestamp>,
    /// Whether capture, lock and single sign-on rest: the record has been lost for seven days.
    pub rests: bool,
    /// Whether people who sign up with an address in the domain become members, with a seat.
    pub capture: bool,
    /// Whether people with an address in the domain get in only if they are invited.
    pub locked: bool,
    /// When the domain was added to the account.
    pub created_at: Timestamp,
}

/// The TXT record that verifies a domain.
#[derive(Debug, JsonSchema, Serialize)]
pub struct TxtRecord {
    /// The DNS name at which to publish the record, below the domain itself.
    pub name: String,
    /// The text of the record, made for this domain.
    pub value: String,
}

/// A look-up of a domain's TXT record in DNS.
#[derive(Debug, JsonSchema, Serialize)]
pub struct DomainCheck {
    /// When the record was looked up.
    pub at: Timestamp,
    /// What DNS answered.
    pub result: CheckResult,
}

/// Whether the account has proved that it owns a domain.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DomainState {
    /// It has not: the TXT record is still to be found.
    Pending,
    /// It has.
    Verified,
}

impl Domain {
    /// Makes the answer as of this time.
    pub fn of(row: DomainRow, now: Timestamp) -> Self {
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

/// How many people have an address in the account's verified domains.
#[derive(Debug, JsonSchema, Serialize)]
pub struct DomainUsers {
    /// The number of managed users: active members with an address in one of the domains.
    pub managed: i64,
    /// The number of unclaimed accounts: people who have proved such an address and are no members.
    pub unclaimed_accounts: i64,
    /// The numbers for each verified domain.
    pub domains: Vec<UsersOfDomain>,
}

/// How many people have an address in one domain.
#[derive(Debug, JsonSchema, Serialize)]
pub struct UsersOfDomain {
    /// The id of the domain, for the paths below `/domains`.
    pub domain_id: String,
    /// The domain name in its canonical form: ASCII (punycode), lower case.
    pub name: String,
    /// The number of active members with an address in the domain.
    pub managed: i64,
    /// The number of people who have proved an address in the domain and are no members.
    pub unclaimed_accounts: i64,
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
