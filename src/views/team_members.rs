//! The members of a team.

use schemars::JsonSchema;
use serde::Serialize;

use crate::enterprise::{MemberSource, TeamRole};
use crate::store::team_members::Membership;

/// A member of a team.
#[derive(Debug, JsonSchema, Serialize)]
pub struct TeamMember {
    /// The id of the member, for the paths below `/members`.
    pub id: String,
    /// The member's address; null if the identity provider gave none.
    pub email: Option<String>,
    /// The member's user name, often an address; unique in the account.
    pub user_name: String,
    /// The member's name for people to read; null if it is unknown.
    pub display_name: Option<String>,
    /// Who put the member into the team: `manual` if by hand, `scim` if only a SCIM group did.
    pub source: MemberSource,
    /// The role that the place gives in the organizations that the team is linked to.
    pub role: TeamRole,
    /// The role that was given to this place alone; null if it has the team's.
    pub own_role: Option<TeamRole>,
}

impl From<Membership> for TeamMember {
    fn from(membership: Membership) -> Self {
        Self {
            role: membership.role(),
            own_role: membership.own_role,
            id: membership.member_id,
            email: membership.email,
            user_name: membership.user_name,
            display_name: membership.display_name,
            source: if membership.by_hand { MemberSource::Manual } else { MemberSource::Scim },
        }
    }
}
