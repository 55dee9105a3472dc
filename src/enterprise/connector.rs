//! The connector (docs/domain.md §7): prerequisites for enabling it, lifetimes of its tokens, and
//! expiry warnings.

use super::Timestamp;
use super::words::words;

words! {
    /// What was found out about a user.
    FindingKind {
        /// Provisioning does not run.
        NotRunning = "not_running",
        /// The user was provisioned and is active.
        Arrived = "arrived",
        /// A member is there whom no identity provider keeps.
        Manual = "manual",
        /// Several members match.
        Several = "several",
        /// The user was deactivated.
        Deactivated = "deactivated",
        /// A request about the user was refused.
        Refused = "refused",
        /// The identity provider looked for the user, and did not go on.
        LookedFor = "looked_for",
        /// The user is invited.
        Invited = "invited",
        /// The user was removed.
        Removed = "removed",
        /// Nothing is known of the user.
        NeverNamed = "never_named",
    }
}

words! {
    /// The lifetime chosen for a token.
    TokenExpiry {
        /// Expires after 30 days.
        Days30 = "30_days",
        /// Expires after 90 days.
        Days90 = "90_days",
        /// Expires after 180 days.
        Days180 = "180_days",
        /// Expires after 365 days.
        Year = "1_year",
        /// Expires after 730 days.
        Years2 = "2_years",
        /// Never expires.
        Never = "never",
    }
}

impl TokenExpiry {
    /// Returns when a token issued now expires, or `None` if it never does.
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
    /// The status of a connector.
    ConnectorStatus {
        /// Provisioning is switched off.
        Disabled = "disabled",
        /// The connector has valid credentials.
        Valid = "valid",
        /// The token expires within 20 days.
        ExpiringSoon = "expiring_soon",
        /// The token has expired, so provisioning has stopped.
        Expired = "expired",
    }
}

words! {
    /// A condition for enabling the connector.
    Prerequisite {
        /// An active Enterprise plan or trial.
        Plan = "plan",
        /// At least one verified domain.
        VerifiedDomain = "verified_domain",
        /// Single sign-on.
        Sso = "sso",
    }
}

impl Prerequisite {
    /// Tells administrators what is missing and how to fix it.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::Plan => {
                "the Enterprise plan or the trial is not active: activate it on the Plan page"
            }
            Self::VerifiedDomain => {
                "no domain is verified: add one on the Domains page and verify it by its TXT record"
            }
            Self::Sso => {
                "single sign-on is not configured: set up a connection for a verified domain, and \
                 verify it by signing in"
            }
        }
    }
}

/// Which prerequisites an account meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Prerequisites {
    /// An Enterprise plan or a trial is active.
    pub plan: bool,
    /// At least one domain is verified.
    pub domain: bool,
    /// Single sign-on is on.
    pub sso: bool,
}

impl Prerequisites {
    /// Returns all prerequisites that are not met.
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

/// Days before its expiry from which a token counts as expiring soon.
pub const SOON_DAYS: i64 = 20;

/// Days before expiry at which owners and co-owners are warned, first to last.
pub const WARNINGS: [i64; 4] = [SOON_DAYS, 10, 5, 1];

/// The credentials of a connector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// A token with this expiry, if it has one.
    Token(Option<Timestamp>),
    /// No token, but OAuth clients that fetch their own access tokens.
    ClientsOnly,
    /// No credentials at all.
    Nothing,
}

/// Returns the status of a connector at this time.
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

/// Returns the warning that is due for a token that expires at `end`: one of the days in
/// [`WARNINGS`], or 0 once it has expired. Returns `None` if the warning was already sent
/// (`warned`) or it is too early.
pub fn warning_due(end: Timestamp, warned: Option<i64>, now: Timestamp) -> Option<i64> {
    let due = if end <= now {
        Some(0)
    } else {
        WARNINGS.into_iter().filter(|days| end <= now.plus_days(*days)).min()
    };
    due.filter(|days| warned.is_none_or(|warned| *days < warned))
}

/// Default number of hours for which a superseded token stays valid.
pub const DEFAULT_GRACE_HOURS: i64 = 24;
/// Maximum number of hours for which a superseded token can stay valid.
pub const LONGEST_GRACE_HOURS: i64 = 168;

/// Returns when a token expires that is superseded now: after the grace period, but never later
/// than its own expiry (`own`).
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
        let nothing = Prerequisites { plan: false, domain: false, sso: false };
        assert_eq!(nothing.missing(), Prerequisite::ALL);
        assert!(Prerequisites { plan: true, domain: true, sso: true }.missing().is_empty());
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

    #[test]
    fn a_token_lasts_as_long_as_was_chosen() {
        let days = [Some(30), Some(90), Some(180), Some(365), Some(730), None];
        for (expiry, days) in TokenExpiry::ALL.iter().zip(days) {
            assert_eq!(expiry.end(NOW), days.map(|days| NOW.plus_days(days)), "{expiry}");
        }
    }

    #[test]
    fn each_prerequisite_says_what_is_missing_and_where_to_get_it() {
        for (prerequisite, missing, place) in [
            (Prerequisite::Plan, "plan", "Plan page"),
            (Prerequisite::VerifiedDomain, "no domain is verified", "Domains page"),
            (Prerequisite::Sso, "single sign-on is not configured", "set up a connection"),
        ] {
            let advice = prerequisite.advice();
            assert!(advice.contains(missing) && advice.contains(place), "{advice}");
        }
    }
}
