//! The ways by which somebody reaches an organization, as they see them (docs/domain.md §2, §3).

use super::words::words;
use super::{OrganizationRole, Role};

words! {
    /// How somebody reaches an organization.
    WayKind {
        /// They own the account, and so the organization.
        Owner = "owner",
        /// They are a co-owner of the account.
        CoOwner = "co-owner",
        /// They are a member of the organization itself.
        Direct = "direct",
        /// A team of theirs is linked to the organization.
        Team = "team",
    }
}

words! {
    /// Why nobody can work in an organization.
    InactiveReason {
        /// The account's Enterprise plan or trial has ended.
        PlanEnded = "plan-ended",
    }
}

/// Returns how a role in the account reaches every organization of it, if it does. The account's
/// owners own its organizations; co-owners may do in each what its admins may.
pub const fn by_account_role(role: Role) -> Option<(WayKind, OrganizationRole)> {
    match role {
        Role::Owner => Some((WayKind::Owner, OrganizationRole::Owner)),
        Role::CoOwner => Some((WayKind::CoOwner, OrganizationRole::Admin)),
        Role::Member | Role::BillingOnly => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permissions::{Operation, Reach, reach};

    #[test]
    fn a_way_by_the_account_is_what_the_permissions_give() {
        for role in Role::ALL {
            let manages = reach(*role, Operation::ManageOrganization) == Some(Reach::Account);
            assert_eq!(by_account_role(*role).is_some(), manages, "{role}");
        }
    }
}
