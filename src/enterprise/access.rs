//! Effective access to organizations (docs/domain.md §2, §3): combines direct grants with grants
//! through teams. Removing one grant leaves the others in place.

use super::OrganizationRole;

/// How a grant reaches a member.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Via {
    /// Direct membership of the organization, or ownership of it with the account.
    Direct,
    /// Membership of a team.
    Team {
        /// The team's id.
        id: String,
        /// The team's name.
        name: String,
    },
}

impl Via {
    /// Returns `direct` or the team's id.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Direct => "direct",
            Self::Team { id, .. } => id,
        }
    }
}

/// One grant of access. `K` is the key of the organization or of the member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant<K> {
    /// The organization that is accessed, or the member who has access.
    pub subject: K,
    /// The role that this grant gives.
    pub role: OrganizationRole,
    /// How the grant reaches the member.
    pub via: Via,
}

/// The effective access: all grants of one subject combined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access<K> {
    /// The organization that is accessed, or the member who has access.
    pub subject: K,
    /// The highest role of all grants.
    pub role: OrganizationRole,
    /// All paths to this access, without duplicates.
    pub via: Vec<Via>,
}

/// Combines the grants per subject, in the order in which subjects first appear.
pub fn effective<K: PartialEq>(grants: Vec<Grant<K>>) -> Vec<Access<K>> {
    let mut all: Vec<Access<K>> = Vec::new();
    for grant in grants {
        match all.iter_mut().find(|access| access.subject == grant.subject) {
            Some(access) => {
                access.role = access.role.max(grant.role);
                if !access.via.contains(&grant.via) {
                    access.via.push(grant.via);
                }
            }
            None => {
                all.push(Access { subject: grant.subject, role: grant.role, via: vec![grant.via] })
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_role_counts_and_every_way_is_shown() {
        let team = Via::Team { id: "team_1".to_owned(), name: "Flight".to_owned() };
        let grant = |subject, role, via: &Via| Grant { subject, role, via: via.clone() };
        let access = effective(vec![
            grant("cargo", OrganizationRole::Member, &Via::Direct),
            grant("cargo", OrganizationRole::Admin, &team),
            grant("passengers", OrganizationRole::Member, &team),
            grant("passengers", OrganizationRole::Member, &team),
        ]);
        assert_eq!(access.len(), 2);
        assert_eq!(access[0].role, OrganizationRole::Admin);
        assert_eq!(access[0].via, vec![Via::Direct, team.clone()]);
        assert_eq!(access[1].via, vec![team]);
        let ways: Vec<&str> = access[0].via.iter().map(Via::as_str).collect();
        assert_eq!(ways, ["direct", "team_1"]);
    }
}
