//! The members of an account.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::collaborators::{teams, ways};
use crate::administration::member_list;
use crate::administration::members::ClaimedMember;
use crate::enterprise::access::Access;
use crate::enterprise::{MemberSource, OrganizationRole, Role, Timestamp};
use crate::store::access::Organization;

/// A member of the account.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Member {
    /// The id of the member, a UUID, for the paths below `/members`.
    pub id: String,
    /// The id of the SCIM User that the member is; the same as `id`.
    pub scim_id: String,
    /// The address that mail goes to; null if the identity provider gave none.
    pub email: Option<String>,
    /// The name by which the identity provider knows the member; unique in the account.
    pub user_name: String,
    /// The member's name for people to read; null if it is unknown.
    pub display_name: Option<String>,
    /// The member's role in the account; roles in organizations are apart.
    pub role: Role,
    /// Who put the member into the account: an administrator or the invited person, or SCIM.
    pub source: MemberSource,
    /// `active`, or `inactive` if deactivated: then the member reaches nothing and holds no seat.
    pub state: MemberState,
    /// Whether the member has an address, without which nobody can sign in as it.
    pub can_sign_in: bool,
    /// Since when a person who has proved an address is this member; null if nobody is yet.
    pub claimed_at: Option<Timestamp>,
    /// A text that the identity provider wrote for administrators; null if it wrote nothing.
    pub note: Option<String>,
    /// Since when the member holds a seat; null if it holds none.
    pub seat_since: Option<Timestamp>,
    /// When the member was added to the account.
    pub created_at: Timestamp,
}

/// Whether a member takes part in the account.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberState {
    /// The member holds a seat.
    Active,
    /// The member was deactivated: it holds no seat and reaches nothing.
    Inactive,
}

impl MemberState {
    /// Tells the state of a member who is active, or not.
    pub const fn of(active: bool) -> Self {
        if active { Self::Active } else { Self::Inactive }
    }
}

impl From<ClaimedMember> for Member {
    fn from(claimed: ClaimedMember) -> Self {
        let ClaimedMember { member, claimed_at } = claimed;
        Self {
            scim_id: member.id.clone(),
            id: member.id,
            can_sign_in: member.email.is_some(),
            email: member.email,
            claimed_at,
            user_name: member.user_name,
            display_name: member.display_name,
            note: member.note,
            role: member.role,
            source: member.source,
            state: MemberState::of(member.active),
            seat_since: member.seat_since,
            created_at: member.created_at,
        }
    }
}

/// A team, by its name.
#[derive(Debug, JsonSchema, Serialize)]
pub struct NamedTeam {
    /// The id of the team, for the paths below `/teams`.
    pub id: String,
    /// The name of the team.
    pub name: String,
}

impl From<(String, String)> for NamedTeam {
    fn from((id, name): (String, String)) -> Self {
        Self { id, name }
    }
}

/// A member of the account, with its teams and its last use.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ListedMember {
    /// The member.
    #[serde(flatten)]
    pub member: Member,
    /// The member's teams, the first ten of them.
    pub teams: Vec<NamedTeam>,
    /// The number of the member's teams.
    pub team_count: i64,
    /// The day, in UTC, on which the member was last active; null past 100 days or if it never was.
    #[schemars(extend("format" = "date"))]
    pub last_active: Option<String>,
}

impl From<member_list::ListedMember> for ListedMember {
    fn from(listed: member_list::ListedMember) -> Self {
        Self {
            member: listed.claimed.into(),
            team_count: listed.teams.count,
            teams: listed.teams.first.into_iter().map(NamedTeam::from).collect(),
            last_active: listed.last_active.map(date),
        }
    }
}

/// Returns a day, counted from 1970, as a date.
pub fn date(day: i64) -> String {
    Timestamp(0).plus_days(day).to_date()
}

/// An organization that a member reaches.
#[derive(Debug, JsonSchema, Serialize)]
pub struct EffectiveAccess {
    /// The id of the organization, for the paths below `/organizations`.
    pub organization_id: String,
    /// The name of the organization.
    pub organization_name: String,
    /// The member's role in the organization: the highest that the ways in `via` give.
    pub role: OrganizationRole,
    /// The ways of access: `direct` (also the account's owner), or the id of a linked team.
    pub via: Vec<String>,
    /// The teams among the ways in `via`, by their names.
    pub via_teams: Vec<NamedTeam>,
}

impl From<Access<Organization>> for EffectiveAccess {
    fn from(access: Access<Organization>) -> Self {
        Self {
            organization_id: access.subject.id,
            organization_name: access.subject.name,
            role: access.role,
            via: ways(&access.via),
            via_teams: teams(access.via),
        }
    }
}
