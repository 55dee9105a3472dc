//! Plans (DOMAIN.md §1).

use super::Timestamp;
use super::words::words;

words! {
    /// What an account has bought.
    Plan {
        /// The free plan.
        Essentials = "essentials",
        /// The small paid plan.
        Pro = "pro",
        /// The plan with domains, SSO and SCIM.
        Enterprise = "enterprise",
        /// Enterprise for a limited time.
        Trial = "trial",
    }
}

/// Days of a trial.
pub const TRIAL_DAYS: i64 = 14;
/// Seats of a trial.
pub const TRIAL_SEATS: i64 = 50;

/// Whether the plan's operations are on at this time. What has an end is over at it, whether or not
/// the scheduler has come by.
pub fn is_active(marked: bool, ends_at: Option<Timestamp>, now: Timestamp) -> bool {
    marked && ends_at.is_none_or(|end| now < end)
}

impl Plan {
    /// Whether the plan includes the advanced operations (DOMAIN.md §1): domains, single sign-on,
    /// provisioning, teams, invite and storage control.
    pub const fn includes_advanced(self) -> bool {
        matches!(self, Self::Enterprise | Self::Trial)
    }

    /// Whether the plan includes provisioning.
    pub const fn includes_scim(self) -> bool {
        matches!(self, Self::Enterprise | Self::Trial)
    }
}
