//! Refusals about domains.

use crate::administration::{Class, Refusal};
use crate::enterprise::domain_name::InvalidDomain;
use crate::store::domains::Dependants;

/// Why nothing was done with a domain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DomainError {
    /// Not a domain that somebody can own.
    #[error("name: {0}.")]
    Invalid(InvalidDomain),
    /// The account has it.
    #[error(
        "The domain \"{0}\" is in this account already. Spelling and letter case make no difference."
    )]
    AlreadyAdded(String),
    /// Another account has it.
    #[error(
        "The domain \"{0}\" is verified in another account, and a domain can be verified in one \
         account only. Remove it there, then verify it here."
    )]
    Taken(String),
    /// Too many.
    #[error(
        "The account has {} domains, which is the most. Remove one that is not needed.",
        super::MOST
    )]
    TooMany,
    /// It waits for its record.
    #[error("The domain \"{0}\" is not verified yet. Publish its TXT record and verify it first.")]
    NotVerified(String),
    /// It is the last one, and something needs one.
    #[error(
        "\"{name}\" is the account's last verified domain, and {} a verified domain. Verify another \
         domain first, or turn {} off.", needing(.by), them(.by)
    )]
    Needed {
        /// The domain.
        name: String,
        /// What needs it.
        by: Dependants,
    },
    /// People sign in through its connection.
    #[error(
        "The domain \"{0}\" has a single sign-on connection. Remove the connection first, so that it \
         is clear to everybody how they sign in afterwards."
    )]
    HasConnection(String),
    /// DNS knows nothing of the name.
    #[error(
        "DNS has nothing at {name} (NXDOMAIN). Publish a TXT record there with the value {value}. If \
         that was done a moment ago, wait until your name servers have it, then verify again."
    )]
    NoSuchName {
        /// The record's name.
        name: String,
        /// What it has to say.
        value: String,
    },
    /// The name is there, but no TXT record is.
    #[error(
        "{name} is in DNS, but has no TXT record. Publish one there with the value {value}, then \
         verify again."
    )]
    NoRecord {
        /// The record's name.
        name: String,
        /// What it has to say.
        value: String,
    },
    /// The TXT records say something else.
    #[error(
        "The TXT records at {name} are {found}; none is {value}. Correct the record or add one, then \
         verify again. Records of other purposes can stay."
    )]
    WrongRecord {
        /// The record's name.
        name: String,
        /// What it has to say.
        value: String,
        /// What there is instead.
        found: String,
    },
    /// The name servers failed.
    #[error(
        "{name} could not be looked up: the name servers failed ({failure}). Check the domain's \
         delegation and DNSSEC at your DNS provider, then verify again."
    )]
    ServerFailure {
        /// The record's name.
        name: String,
        /// How they failed.
        failure: String,
    },
    /// Nobody answered.
    #[error(
        "{0} could not be looked up: no name server answered in time. Check that the domain's name \
         servers are reachable, then verify again."
    )]
    Timeout(String),
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
            // What DNS says is about the domain, also where it is that name servers fail: this
            // server works, and asking it again at once changes nothing.
            _ => Class::Conflict,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Invalid(_) => "invalid-domain",
            Self::AlreadyAdded(_) => "domain-exists",
            Self::Taken(_) => "domain-taken",
            Self::TooMany => "too-many-domains",
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
