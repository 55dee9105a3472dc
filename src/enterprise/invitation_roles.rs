//! How much of an invitation a provisioned user is given (DOMAIN.md §7).
//!
//! An identity provider may say any further address of a user, and often the users say it
//! themselves. An invitation to such an address makes them members of what it leads to, but no
//! administrators.

use super::{TeamRole, address};

/// How much of an invitation is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// All that it promises.
    Whole,
    /// No role above member.
    AsMember,
}

impl Extent {
    /// What a provisioned user is given of an invitation to this address: all of it where the
    /// address is the user name or the primary e-mail address.
    pub fn to_provisioned(invited: &str, user_name: &str, primary: Option<&str>) -> Self {
        let invited = address::key(invited);
        let is_first = [Some(user_name), primary]
            .into_iter()
            .flatten()
            .any(|one| address::key(one) == invited);
        if is_first { Self::Whole } else { Self::AsMember }
    }

    /// The role that is given in an organization for the one that is promised.
    pub const fn role(self, promised: TeamRole) -> TeamRole {
        match self {
            Self::Whole => promised,
            Self::AsMember => TeamRole::Member,
        }
    }

    /// Whether a team with this role is joined. Its role is not the invitation's to lower.
    pub const fn admits(self, team: TeamRole) -> bool {
        matches!((self, team), (Self::Whole, _) | (_, TeamRole::Member))
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
        assert!(Extent::Whole.admits(TeamRole::Admin) && Extent::AsMember.admits(TeamRole::Member));
        assert!(!Extent::AsMember.admits(TeamRole::Admin));
    }
}
