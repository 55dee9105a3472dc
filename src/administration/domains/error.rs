//! Errors of the use cases for domains.

use crate::administration::{Class, Refusal};
use crate::enterprise::domain_name::InvalidDomain;
use crate::store::domains::Dependants;

/// Why a change to a domain is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DomainError {
    /// The name is not a domain that can be registered.
    #[error("name: {0}.")]
    Invalid(InvalidDomain),
    /// The account already has this domain.
    #[error(
        "The domain \"{0}\" is in this account already. Spelling and letter case make no difference."
    )]
    AlreadyAdded(String),
    /// Another account has verified this domain.
    #[error(
        "The domain \"{0}\" is verified in another account, and a domain can be verified in one \
         account only. Remove it there, then verify it here."
    )]
    Taken(String),
    /// The account has the maximum number of domains.
    #[error(
        "The account has {} domains, which is the most. Remove one that is not needed.",
        super::MOST
    )]
    TooMany,
    /// No domain above verifies it.
    #[error("verify_using: root_record does not fit \"{name}\": {reason}")]
    NoRoot {
        /// The domain's name.
        name: String,
        /// Why none does.
        reason: NoRoot,
    },
    /// The domain is not verified yet.
    #[error("The domain \"{0}\" is not verified yet. Publish its TXT record and verify it first.")]
    NotVerified(String),
    /// The domain is the last verified one, and a feature needs one.
    #[error(
        "\"{name}\" is the account's last verified domain, and {} a verified domain. Verify another \
         domain first, or turn {} off.", needing(.by), them(.by)
    )]
    Needed {
        /// The domain's name.
        name: String,
        /// The features that need it.
        by: Dependants,
    },
    /// The domain has a single sign-on connection.
    #[error(
        "The domain \"{0}\" has a single sign-on connection. Remove the connection first, so that it \
         is clear to everybody how they sign in afterwards."
    )]
    HasConnection(String),
    /// The name does not exist in DNS (NXDOMAIN).
    #[error(
        "DNS has nothing at {name} (NXDOMAIN). Publish a TXT record there with the value {value}. If \
         that was done a moment ago, wait until your name servers have it, then verify again."
    )]
    NoSuchName {
        /// The name of the TXT record.
        name: String,
        /// The expected value.
        value: String,
    },
    /// The name exists in DNS, but has no TXT record.
    #[error(
        "{name} is in DNS, but has no TXT record. Publish one there with the value {value}, then \
         verify again."
    )]
    NoRecord {
        /// The name of the TXT record.
        name: String,
        /// The expected value.
        value: String,
    },
    /// No TXT record has the expected value.
    #[error(
        "The TXT records at {name} are {found}; none is {value}. Correct the record or add one, then \
         verify again. Records of other purposes can stay."
    )]
    WrongRecord {
        /// The name of the TXT record.
        name: String,
        /// The expected value.
        value: String,
        /// The values that DNS returned.
        found: String,
    },
    /// The name servers returned an error.
    #[error(
        "{name} could not be looked up: the name servers failed ({failure}). Check the domain's \
         delegation and DNSSEC at your DNS provider, then verify again."
    )]
    ServerFailure {
        /// The name of the TXT record.
        name: String,
        /// The error that they returned.
        failure: String,
    },
    /// No name server answered in time.
    #[error(
        "{0} could not be looked up: no name server answered in time. Check that the domain's name \
         servers are reachable, then verify again."
    )]
    Timeout(String),
}

/// Why a domain cannot be verified by the record of a domain above it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRoot {
    /// The account has no domain above it.
    #[error("it is below none of the account's verified domains{}. {OWN_RECORD}", named(.0))]
    NoneAbove(Vec<String>),
    /// The domain above it is not verified.
    #[error("\"{0}\" is not verified yet. Verify \"{0}\" first. {OWN_RECORD}")]
    Pending(String),
    /// The record of the domain above it is missing in DNS.
    #[error(
        "the record that verified \"{0}\" is missing in DNS. Publish it again, and verify \"{0}\". \
         {OWN_RECORD}"
    )]
    Lost(String),
}

const OWN_RECORD: &str =
    "Or choose unique_record: the domain then has a TXT record of its own to publish.";

/// How many verified domains a refusal names.
const NAMED: usize = 10;

fn named(verified: &[String]) -> String {
    if verified.is_empty() {
        return String::new();
    }
    let more = if verified.len() > NAMED { ", …" } else { "" };
    let first: Vec<&str> = verified.iter().take(NAMED).map(String::as_str).collect();
    format!(" ({}{more})", first.join(", "))
}

fn needing(dependants: &Dependants) -> &'static str {
    match (dependants.sso, dependants.scim) {
        (true, true) => "single sign-on and SCIM need",
        (true, false) => "single sign-on needs",
        (false, _) => "SCIM needs",
    }
}

fn them(dependants: &Dependants) -> &'static str {
    match (dependants.sso, dependants.scim) {
        (true, true) => "both",
        _ => "it",
    }
}

impl Refusal for DomainError {
    fn class(&self) -> Class {
        match self {
            Self::Invalid(_) => Class::Invalid,
            // A DNS answer is a fact about the domain, even when its name servers fail. This is not
            // a 5xx error: this server works, and an immediate retry gives the same answer.
            _ => Class::Conflict,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid-domain",
            Self::AlreadyAdded(_) => "domain-exists",
            Self::Taken(_) => "domain-taken",
            Self::TooMany => "too-many-domains",
            Self::NoRoot { .. } => "domain-no-root",
            Self::NotVerified(_) => "domain-not-verified",
            Self::Needed { .. } | Self::HasConnection(_) => "domain-needed",
            Self::NoSuchName { .. } => "domain-no-such-name",
            Self::NoRecord { .. } => "domain-no-record",
            Self::WrongRecord { .. } => "domain-wrong-record",
            Self::ServerFailure { .. } => "domain-dns-failure",
            Self::Timeout(_) => "domain-dns-timeout",
        }
    }
}
