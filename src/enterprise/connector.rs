//! The connector: what enabling needs, how long its token lasts, and when to warn (DOMAIN.md §7).

use super::Timestamp;
use super::words::words;

words! {
    /// How long a token was chosen to be valid.
    TokenExpiry {
        /// 30 days.
        Days30 = "30_days",
        /// 90 days.
        Days90 = "90_days",
        /// 180 days.
        Days180 = "180_days",
        /// A year of 365 days.
        Year = "1_year",
        /// Two of them.
        Years2 = "2_years",
        /// Without an end.
        Never = "never",
    }
}

impl TokenExpiry {
    /// When a token that begins now ends, if ever.
    pub const fn end(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Days30 => Some(now.plus_days(30)),
            Self::Days90 => Some(now.plus_days(90)),
            Self::Days180 => Some(now.plus_days(180)),
            Self::Year => Some(now.plus_days(365)),
            Self::Years2 => Some(now.plus_days(730)),
            Self::Never => None,
        }
    }
}

words! {
    /// How the connector stands.
    ConnectorStatus {
        /// Nobody is let in.
        Disabled = "disabled",
        /// Its credentials are good.
        Valid = "valid",
        /// Its token ends within 20 days.
        ExpiringSoon = "expiring_soon",
        /// Its token has ended: provisioning has stopped.
        Expired = "expired",
    }
}

words! {
    /// What enabling needs.
    Prerequisite {
        /// The Enterprise plan, or the trial.
        Plan = "plan",
        /// A domain.
        VerifiedDomain = "verified_domain",
        /// Single sign-on.
        Sso = "sso",
    }
}

impl Prerequisite {
    /// What to do about it.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Plan => {
                "the Enterprise plan or the trial is not active: activate it on the Plan page"
            }
            Self::VerifiedDomain => {
                "no domain is verified: add one on the Domains page and verify it by its TXT record"
            }
            Self::Sso => {
                "single sign-on is not configured: enter it for a verified domain, and verify it by a \
                 sign-in"
            }
        }
    }
}

/// What an account has of what enabling needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Enterprise or trial, and not over.
    pub plan: bool,
    /// At least one verified domain.
    pub domain: bool,
    /// Single sign-on.
    pub sso: bool,
}

impl Standing {
    /// What is missing, all of it.
    pub fn missing(self) -> Vec<Prerequisite> {
        [
            (self.plan, Prerequisite::Plan),
            (self.domain, Prerequisite::VerifiedDomain),
            (self.sso, Prerequisite::Sso),
        ]
        .into_iter()
        .filter_map(|(there, what)| (!there).then_some(what))
        .collect()
    }
}

/// Days before the end from which a token is said to expire soon.
pub const SOON_DAYS: i64 = 20;

/// Days before the end at which owners and co-owners are told, first to last.
pub const WARNINGS: [i64; 4] = [SOON_DAYS, 10, 5, 1];

/// The credentials that a connector has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// A token that ends then, if ever.
    Token(Option<Timestamp>),
    /// No token, but clients that fetch their own.
    ClientsOnly,
    /// None.
    Nothing,
}

/// How a connector stands at a time.
pub fn status(enabled: bool, credentials: Credentials, now: Timestamp) -> ConnectorStatus {
    if !enabled {
        return ConnectorStatus::Disabled;
    }
    match credentials {
        Credentials::Token(None) | Credentials::ClientsOnly => ConnectorStatus::Valid,
        Credentials::Nothing => ConnectorStatus::Expired,
        Credentials::Token(Some(end)) if end <= now => ConnectorStatus::Expired,
        Credentials::Token(Some(end)) if end <= now.plus_days(SOON_DAYS) => {
            ConnectorStatus::ExpiringSoon
        }
        Credentials::Token(Some(_)) => ConnectorStatus::Valid,
    }
}

/// The warning that is due for a token that ends then: the days of [`WARNINGS`], or 0 once it has
/// ended. None where it was given already (`warned`), or it is too early.
pub fn warning_due(end: Timestamp, warned: Option<i64>, now: Timestamp) -> Option<i64> {
    let due = if end <= now {
        Some(0)
    } else {
        WARNINGS.into_iter().filter(|days| end <= now.plus_days(*days)).min()
    };
    due.filter(|days| warned.is_none_or(|warned| *days < warned))
}

/// Hours that a token goes on beside the one that takes its place, where nothing is said.
pub const DEFAULT_GRACE_HOURS: i64 = 24;
/// The longest that it may.
pub const LONGEST_GRACE_HOURS: i64 = 168;

/// When a token ends that is superseded now: after the grace period, but no later than it would.
pub fn superseded_end(own: Option<Timestamp>, grace_hours: i64, now: Timestamp) -> Timestamp {
    let end = now.minus_hours(-grace_hours);
    own.map_or(end, |own| own.min(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000);

    #[test]
    fn everything_that_is_missing_is_named() {
        let nothing = Standing { plan: false, domain: false, sso: false };
        assert_eq!(nothing.missing(), Prerequisite::ALL);
        assert!(Standing { plan: true, domain: true, sso: true }.missing().is_empty());
    }

    #[test]
    fn a_token_expires_soon_from_exactly_twenty_days_before() {
        let at = |end| status(true, Credentials::Token(Some(end)), NOW);
        assert_eq!(at(NOW), ConnectorStatus::Expired);
        assert_eq!(at(Timestamp(NOW.0 + 1)), ConnectorStatus::ExpiringSoon);
        assert_eq!(at(NOW.plus_days(20)), ConnectorStatus::ExpiringSoon);
        assert_eq!(at(Timestamp(NOW.plus_days(20).0 + 1)), ConnectorStatus::Valid);
        assert_eq!(status(true, Credentials::Token(None), NOW), ConnectorStatus::Valid);
        assert_eq!(status(false, Credentials::Token(None), NOW), ConnectorStatus::Disabled);
        assert_eq!(status(true, Credentials::Nothing, NOW), ConnectorStatus::Expired);
    }

    #[test]
    fn each_warning_is_given_once_and_those_that_were_missed_are_not_made_up_for() {
        let left = |days, warned| warning_due(NOW.plus_days(days), warned, NOW);
        assert_eq!(left(21, None), None);
        assert_eq!(left(20, None), Some(20));
        assert_eq!(left(19, Some(20)), None);
        assert_eq!(left(10, Some(20)), Some(10));
        assert_eq!(left(1, None), Some(1), "the server was off for long");
        assert_eq!(left(0, Some(1)), Some(0));
        assert_eq!(left(0, Some(0)), None);
    }

    #[test]
    fn grace_never_prolongs_a_token() {
        assert_eq!(superseded_end(None, 24, NOW), NOW.plus_days(1));
        assert_eq!(superseded_end(Some(NOW.plus_millis(5)), 24, NOW), NOW.plus_millis(5));
        assert_eq!(superseded_end(None, 0, NOW), NOW);
    }
}
