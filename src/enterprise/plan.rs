//! Plans (docs/domain.md §1).

use super::Timestamp;
use super::words::words;

words! {
    /// The plan of an account.
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

/// Length of the trial in days.
pub const TRIAL_DAYS: i64 = 14;
/// Number of seats in the trial.
pub const TRIAL_SEATS: i64 = 50;

/// Number of seats of the plan Essentials.
pub const ESSENTIALS_SEATS: i64 = 50;

/// Returns `true` if the plan is active now. A plan with an end ends on time, even if the scheduler
/// has not run since.
pub fn is_active(marked: bool, ends_at: Option<Timestamp>, now: Timestamp) -> bool {
    marked && ends_at.is_none_or(|end| now < end)
}

impl Plan {
    /// Returns `true` if the plan includes the advanced operations (docs/domain.md §1): domains,
    /// single sign-on, provisioning, teams, invite and storage control. On any other plan these
    /// rest: their data is kept, and has no effect.
    pub const fn includes_advanced(self) -> bool {
        matches!(self, Self::Enterprise | Self::Trial)
    }

    /// Returns `true` if the plan includes provisioning.
    pub const fn includes_scim(self) -> bool {
        matches!(self, Self::Enterprise | Self::Trial)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_active_until_it_ends() {
        let now = Timestamp(1_000);
        for (marked, ends_at, active) in [
            (true, None, true),
            (true, Some(1_001), true),
            (true, Some(1_000), false),
            (true, Some(999), false),
            (false, None, false),
            (false, Some(1_001), false),
        ] {
            let found = is_active(marked, ends_at.map(Timestamp), now);
            assert_eq!(found, active, "{marked} {ends_at:?}");
        }
    }

    #[test]
    fn enterprise_and_its_trial_include_the_advanced_operations_and_provisioning() {
        for (plan, included) in [
            (Plan::Essentials, false),
            (Plan::Pro, false),
            (Plan::Enterprise, true),
            (Plan::Trial, true),
        ] {
            assert_eq!(
                (plan.includes_advanced(), plan.includes_scim()),
                (included, included),
                "{plan}"
            );
        }
    }
}
