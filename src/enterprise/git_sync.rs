//! Git Sync on the Essentials plan (DOMAIN.md §1): at most three active users.

use super::plan::Plan;

/// Maximum number of active users for Git Sync on the Essentials plan.
pub const ESSENTIALS_LIMIT: i64 = 3;

/// The availability of Git Sync for an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GitSync {
    /// Git Sync can be used.
    Available,
    /// An administrator switched it off.
    Disabled,
    /// The account has more active users than its plan allows.
    TooManyUsers {
        /// The number of active users.
        active: i64,
    },
}

impl GitSync {
    /// Checks whether Git Sync is available on this plan with this many active users.
    pub const fn of(plan: Plan, enabled: bool, active: i64) -> Self {
        if !enabled {
            Self::Disabled
        } else if matches!(plan, Plan::Essentials) && active > ESSENTIALS_LIMIT {
            Self::TooManyUsers { active }
        } else {
            Self::Available
        }
    }

    /// Returns why Git Sync is unavailable and what to do, or `None` if it is available.
    pub fn reason(self) -> Option<String> {
        match self {
            Self::Available => None,
            Self::Disabled => Some("Git Sync is switched off for this account.".to_owned()),
            Self::TooManyUsers { active } => Some(format!(
                "The Essentials plan includes Git Sync for at most {ESSENTIALS_LIMIT} active users, \
                 and there are {active}. Either reduce the active users to {ESSENTIALS_LIMIT}, or \
                 disable Git Sync."
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn essentials_serves_three_users_and_names_both_ways_out_beyond() {
        assert_eq!(GitSync::of(Plan::Essentials, true, 3), GitSync::Available);
        let beyond = GitSync::of(Plan::Essentials, true, 4);
        assert_eq!(beyond, GitSync::TooManyUsers { active: 4 });
        let reason = beyond.reason().unwrap();
        assert!(reason.contains("reduce the active users to 3, or disable Git Sync"), "{reason}");
        assert_eq!(GitSync::of(Plan::Essentials, false, 4), GitSync::Disabled);
    }

    #[test]
    fn other_plans_serve_everybody() {
        for plan in [Plan::Pro, Plan::Enterprise, Plan::Trial] {
            assert_eq!(GitSync::of(plan, true, 1000), GitSync::Available);
        }
    }
}
