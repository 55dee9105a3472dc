//! Effective access to organizations (DOMAIN.md §2, §3): what comes directly and what comes
//! through teams, put together. Taking one way away leaves the others.

use super::OrganizationRole;

/// The way a grant comes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Via {
    /// The person itself is in the organization, or owns it with the account.
    Direct,
    /// Through this team.
    Team(String),
}

impl Via {
    /// As shown: `direct`, or the team's id.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Direct => "direct",
            Self::Team(id) => id,
        }
    }
}

/// One reason why somebody reaches something: `K` is the organization, or the member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant<K> {
    /// What is reached, or who reaches it.
    pub subject: K,
    /// With which role.
    pub role: OrganizationRole,
    /// By which way.
    pub via: Via,
}

/// All reasons together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access<K> {
    /// What is reached, or who reaches it.
    pub subject: K,
    /// The greatest role of all ways.
    pub role: OrganizationRole,
    /// Every way, each once.
    pub via: Vec<Via>,
}

/// Puts the grants together, in the order in which the subjects first appear.
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
        let team = Via::Team("team_1".to_owned());
        let grant = |subject, role, via: &Via| Grant { subject, role, via: via.clone() };
        let access = effective(vec![
            grant("cargo", OrganizationRole::Member, &Via::Direct),
            grant("cargo", OrganizationRole::Admin, &team),
            grant("passengers", OrganizationRole::Member, &team),
        ]);
        assert_eq!(access.len(), 2);
        assert_eq!(access[0].role, OrganizationRole::Admin);
        assert_eq!(access[0].via, vec![Via::Direct, team.clone()]);
        assert_eq!(access[1].via, vec![team]);
    }
}
