//! Which roles of a pending invitation a provisioned user receives (docs/domain.md §7).
//!
//! An identity provider can assert any secondary address of a user, and often users edit these
//! addresses themselves. Therefore an invitation to a secondary address makes the user a member of
//! the organizations and teams it names, but never an administrator.

use super::{TeamRole, address};

/// Which part of an invitation applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The roles as promised.
    Whole,
    /// The memberships, but no role above member.
    AsMember,
}

impl Extent {
    /// Returns [`Extent::Whole`] if the invitation went to the user name or the primary e-mail
    /// address of the provisioned user.
    pub fn to_provisioned(invited: &str, user_name: &str, primary: Option<&str>) -> Self {
        let invited = address::key(invited);
        let is_first = [Some(user_name), primary]
            .into_iter()
            .flatten()
            .any(|one| address::key(one) == invited);
        if is_first { Self::Whole } else { Self::AsMember }
    }

    /// Returns the role in an organization, given the one that the invitation promises.
    pub const fn role(self, promised: TeamRole) -> TeamRole {
        match self {
            Self::Whole => promised,
            Self::AsMember => TeamRole::Member,
        }
    }

    /// Returns the own role of the place in a team with this role, given the one that the invitation
    /// promises, or nothing if the user is kept out of the team: the invitation made its place that
    /// of an administrator by the team's role, which it cannot lower.
    pub fn place(self, team: TeamRole, own: Option<TeamRole>) -> Option<Option<TeamRole>> {
        match (self, own.unwrap_or(team), team) {
            (Self::Whole, ..) | (_, TeamRole::Member, _) => Some(own),
            // Without a role of its own, the place has the team's, which is no more than promised.
            (Self::AsMember, TeamRole::Admin, TeamRole::Member) => Some(None),
            (Self::AsMember, TeamRole::Admin, TeamRole::Admin) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_user_name_or_the_primary_address_takes_all_of_an_invitation() {
        for (user_name, primary, expected) in [
            ("Amelia@KongAir.example", None, Extent::Whole),
            ("ae", Some("amelia@kongair.example"), Extent::Whole),
            ("ae@kongair.example", Some("AMELIA@kongair.example"), Extent::Whole),
            ("ae@kongair.example", Some("a.e@kongair.example"), Extent::AsMember),
            ("ae", None, Extent::AsMember),
        ] {
            let extent = Extent::to_provisioned("amelia@kongair.example", user_name, primary);
            assert_eq!(extent, expected, "{user_name} {primary:?}");
        }
    }

    #[test]
    fn a_further_address_makes_nobody_an_admin() {
        assert_eq!(Extent::Whole.role(TeamRole::Admin), TeamRole::Admin);
        assert_eq!(Extent::AsMember.role(TeamRole::Admin), TeamRole::Member);
        assert_eq!(Extent::AsMember.role(TeamRole::Member), TeamRole::Member);
        let (member, admin) = (TeamRole::Member, TeamRole::Admin);
        for (extent, team, own, place) in [
            (Extent::Whole, admin, None, Some(None)),
            (Extent::Whole, member, Some(admin), Some(Some(admin))),
            (Extent::AsMember, member, None, Some(None)),
            (Extent::AsMember, member, Some(admin), Some(None)),
            (Extent::AsMember, admin, Some(member), Some(Some(member))),
            (Extent::AsMember, admin, None, None),
        ] {
            assert_eq!(extent.place(team, own), place, "{extent:?} {team} {own:?}");
        }
    }
}
