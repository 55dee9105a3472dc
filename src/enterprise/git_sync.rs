//! Git Sync on the Essentials plan (docs/domain.md §1): at most three active users.

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

/// One more active user is refused, because Git Sync would then have more than the plan serves.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GitSyncFull {
    /// The account has as many users as Git Sync serves.
    #[error(
        "The Essentials plan includes Git Sync for at most {ESSENTIALS_LIMIT} active users, and this \
         account has {0}, pending invitations included. {WAYS_OUT}"
    )]
    Account(i64),
    /// The organization has as many users as Git Sync serves.
    #[error(
        "The Essentials plan includes Git Sync for at most {ESSENTIALS_LIMIT} active users of an \
         organization, and \"{name}\" has {users}, pending invitations included. {WAYS_OUT}"
    )]
    Organization {
        /// The organization's name.
        name: String,
        /// The number of active users who reach it, and of pending invitations to it.
        users: i64,
    },
}

const WAYS_OUT: &str = "Either reduce the active users by removing members on the Licenses page or \
     revoking invitations, or disable Git Sync on the page Plan & billing (PATCH /api/v1/plan with \
     git_sync_enabled: false).";

/// Returns `true` if this number of active users is the most that the Essentials plan's Git Sync
/// serves, or more.
pub const fn is_full(users: i64) -> bool {
    users >= ESSENTIALS_LIMIT
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
    fn a_refusal_names_both_ways_out() {
        assert!(!is_full(2) && is_full(3) && is_full(4));
        let of_one = GitSyncFull::Organization { name: "Cargo".to_owned(), users: 3 };
        for refusal in [GitSyncFull::Account(3), of_one] {
            let text = refusal.to_string();
            assert!(text.contains("reduce the active users"), "{text}");
            assert!(text.contains("or disable Git Sync"), "{text}");
        }
    }

    #[test]
    fn other_plans_serve_everybody() {
        for plan in [Plan::Pro, Plan::Enterprise, Plan::Trial] {
            assert_eq!(GitSync::of(plan, true, 1000), GitSync::Available);
        }
    }
}
