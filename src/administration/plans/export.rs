//! The export of all data of an account (docs/domain.md §1), as lines of JSON, section by section.

use serde_json::{Value, json};

use super::{Result, shown};
use crate::administration::{members, teams};
use crate::enterprise::{AccountPk, MemberPk, Timestamp};
use crate::store::{
    Conn, access, domains, invitations, organizations, plans, team_members, teams as team_rows,
};

/// The progress of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// At the start.
    Account,
    /// After this organization's row.
    Organizations(i64),
    /// After this member's row.
    Members(i64),
    /// After this team's row.
    Teams(i64),
    /// In the first team after this row, after this member's row.
    TeamMembers(i64, i64),
    /// After this invitation's row.
    Invitations(i64),
}

/// The number of rows read by one query.
const SECTION: i64 = 500;

/// Returns the lines at this position, and the next position.
pub fn section(
    conn: &mut Conn,
    enterprise: AccountPk,
    at: Position,
) -> Result<(Vec<Value>, Option<Position>)> {
    match at {
        Position::Account => account(conn, enterprise),
        Position::Organizations(after) => {
            let rows = organizations::find(conn, enterprise, after, SECTION)?;
            let next = match rows.last().filter(|_| is_full(rows.len())) {
                Some(last) => Position::Organizations(last.pk.0),
                None => Position::Members(0),
            };
            let line = |row: organizations::OrganizationRow| {
                json!({"kind": "organization", "id": row.id, "name": row.name,
                    "created_at": time(row.created_at)})
            };
            Ok((rows.into_iter().map(line).collect(), Some(next)))
        }
        Position::Members(after) => members_section(conn, enterprise, after),
        Position::Teams(after) => {
            let page = teams::list(conn, enterprise, after, SECTION)?;
            let next = page.next.map_or(Position::TeamMembers(0, 0), Position::Teams);
            let line = |linked: teams::LinkedTeam| {
                let organizations: Vec<String> =
                    linked.organizations.into_iter().map(|one| one.id).collect();
                json!({"kind": "team", "id": linked.team.id, "name": linked.team.name,
                    "description": linked.team.description, "role": linked.team.role,
                    "source": linked.team.source, "organizations": organizations,
                    "created_at": time(linked.team.created_at)})
            };
            Ok((page.items.into_iter().map(line).collect(), Some(next)))
        }
        Position::TeamMembers(team, after) => memberships(conn, enterprise, team, after),
        Position::Invitations(after) => {
            let rows = invitations::find(conn, enterprise, after, SECTION)?;
            let next = rows.last().filter(|_| is_full(rows.len()));
            let next = next.map(|last| Position::Invitations(last.pk.0));
            let line = |row: invitations::InvitationRow| {
                json!({"kind": "invitation", "id": row.id, "email": row.email, "state": row.state,
                    "created_at": time(row.created_at), "expires_at": time(row.expires_at)})
            };
            Ok((rows.into_iter().map(line).collect(), next))
        }
    }
}

fn is_full(rows: usize) -> bool {
    rows as i64 == SECTION
}

fn time(at: Timestamp) -> String {
    at.to_rfc3339()
}

fn account(conn: &mut Conn, enterprise: AccountPk) -> Result<(Vec<Value>, Option<Position>)> {
    let row = plans::get(conn, enterprise)?;
    let mut line = shown(&row);
    line["kind"] = "account".into();
    line["id"] = row.id.into();
    line["name"] = row.name.into();
    line["domains"] = domains::of_enterprise(conn, enterprise)?.into();
    Ok((vec![line], Some(Position::Organizations(0))))
}

fn members_section(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
) -> Result<(Vec<Value>, Option<Position>)> {
    let page = members::list(conn, enterprise, after, SECTION)?;
    let pks: Vec<MemberPk> = page.items.iter().map(|one| one.member.pk).collect();
    let mut direct: std::collections::HashMap<MemberPk, Vec<Value>> =
        std::collections::HashMap::new();
    for (member, grant) in access::of_members(conn, &pks)? {
        if grant.via == crate::enterprise::access::Via::Direct {
            let organization = json!({"id": grant.subject.id, "role": grant.role.as_str()});
            direct.entry(member).or_default().push(organization);
        }
    }
    let next = page.next.map_or(Position::Teams(0), Position::Members);
    let line = |one: members::ClaimedMember| {
        let row = one.member;
        // The document was written by this server, so it should be JSON. If it is damaged, export
        // it as text rather than fail.
        let document: Value =
            serde_json::from_str(&row.document).unwrap_or_else(|_| row.document.clone().into());
        json!({"kind": "member", "id": row.id, "email": row.email, "user_name": row.user_name,
            "display_name": row.display_name, "role": row.role, "source": row.source,
            "active": row.active, "note": row.note, "attributes": document,
            "organizations": direct.remove(&row.pk).unwrap_or_default(),
            "created_at": time(row.created_at)})
    };
    Ok((page.items.into_iter().map(line).collect(), Some(next)))
}

/// Returns a section of one team's memberships, and the position in that team or the next.
fn memberships(
    conn: &mut Conn,
    enterprise: AccountPk,
    before: i64,
    after: i64,
) -> Result<(Vec<Value>, Option<Position>)> {
    let Some(team) = team_rows::all(conn, enterprise, before, 1)?.pop() else {
        return Ok((Vec::new(), Some(Position::Invitations(0))));
    };
    let rows = team_members::addresses(conn, team.pk, after, SECTION)?;
    let next = match rows.last().filter(|_| is_full(rows.len())) {
        Some(last) => Position::TeamMembers(before, last.member_pk.0),
        None => Position::TeamMembers(team.pk.0, 0),
    };
    let line = |row: team_members::Membership| {
        json!({"kind": "team_member", "team_id": team.id, "member_id": row.member_id,
            "role": row.role(),
            "source": if row.by_hand { "manual" } else { "scim" }})
    };
    Ok((rows.into_iter().map(line).collect(), Some(next)))
}
