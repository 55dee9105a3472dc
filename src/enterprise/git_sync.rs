//! Git Sync under Essentials (DOMAIN.md §1): for at most three active users.

use super::plan::Plan;

/// Active users that Essentials serves Git Sync to.
pub const ESSENTIALS_LIMIT: i64 = 3;

/// Whether an account has Git Sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GitSync {
    /// It has.
    Available,
    /// It was switched off.
    Disabled,
    /// The plan serves fewer users than there are.
    TooManyUsers {
        /// Active users.
        active: i64,
    },
}

impl GitSync {
    /// Whether Git Sync works under this plan, with so many active users.
    pub const fn of(plan: Plan, enabled: bool, active: i64) -> Self {
        if !enabled {
            Self::Disabled
        } else if matches!(plan, Plan::Essentials) && active > ESSENTIALS_LIMIT {
            Self::TooManyUsers { active }
        } else {
            Self::Available
        }
    }

    /// Why there is none, and what to do; nothing where there is.
    pub fn reason(self) -> Option<String> {
        match self {
            Self::Available => None,
            Self::Disabled => Some("Git Sync is switched off for this account.".to_owned()),
            Self::TooManyUsers { active } => Some(format!(
                "The plan essentials serves Git Sync to at most {ESSENTIALS_LIMIT} active users, \
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
