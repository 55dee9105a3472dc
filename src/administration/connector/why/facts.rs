//! What is known about a user: a few rows of each kind, by index.

use crate::administration::connector::Result;
use crate::administration::listing::Position;
use crate::administration::{audit, connector, member_list, members as administered, plans};
use crate::enterprise::audit::ActorKind;
use crate::enterprise::connector::ConnectorStatus;
use crate::enterprise::idp::Idp;
use crate::enterprise::search::Search;
use crate::enterprise::seats::Seats;
use crate::enterprise::{AccountPk, MemberSource, Timestamp, address, name, naming};
use crate::store::audit::AuditFilter;
use crate::store::member_lookups::{self, MemberLookup};
use crate::store::members::MemberRow;
use crate::store::scim_requests::{self, RequestRow};
use crate::store::{Conn, invitations, member_lists, seats};

/// The number of members that are told about.
const MEMBERS: i64 = 5;
/// The number of refused requests that are told about.
const REQUESTS: i64 = 3;
/// The number of removals among which the user is looked for.
const REMOVALS: i64 = 500;

/// What is known about a user.
#[derive(Clone, Debug)]
pub struct Facts {
    /// What was asked about.
    pub about: String,
    /// Whether the account's plan has not ended.
    pub is_active: bool,
    /// The state of the connector.
    pub status: ConnectorStatus,
    /// When the identity provider last sent anything.
    pub last_request: Option<Timestamp>,
    /// The number of days for which requests are kept.
    pub kept_days: i64,
    /// The account's seats.
    pub seats: Seats,
    /// The members that match.
    pub members: Vec<Known>,
    /// Requests that named the user in vain, newest first.
    pub requests: Vec<Named>,
    /// The pending invitation of the address, and until when it lasts.
    pub invitation: Option<(String, Timestamp)>,
    /// The last removal of a member of this name.
    pub removal: Option<Event>,
}

/// A member that matches.
#[derive(Clone, Debug)]
pub struct Known {
    /// The member's id.
    pub id: String,
    /// What the account calls the member.
    pub name: String,
    /// Who keeps the member.
    pub source: MemberSource,
    /// Whether the member is active.
    pub active: bool,
    /// How often provisioning or administrators changed the state, newest first.
    pub last: Option<Event>,
    /// The names of the first teams, and the number of all.
    pub teams: (Vec<String>, i64),
    /// The names of the organizations that the member reaches.
    pub organizations: Vec<String>,
    /// The last request about the member that was refused.
    pub refused: Option<Named>,
}

/// Something that was done.
#[derive(Clone, Debug)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What, as a word of the audit log.
    pub action: String,
    /// By whom.
    pub by: String,
}

/// A request that named the user.
#[derive(Clone, Debug)]
pub struct Named {
    /// The id in the request log.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// Who sent it.
    pub idp: Idp,
    /// The HTTP method.
    pub method: String,
    /// The HTTP status.
    pub status: i64,
    /// What the identity provider was told.
    pub detail: String,
}

impl From<RequestRow> for Named {
    fn from(row: RequestRow) -> Self {
        let RequestRow { id, at, idp, method, status, error_detail, .. } = row;
        Self { id, at, idp, method, status, detail: error_detail.unwrap_or_default() }
    }
}

/// Reads what is known about the user.
pub fn gather(
    conn: &mut Conn,
    enterprise: AccountPk,
    about: &str,
    now: Timestamp,
) -> Result<Facts> {
    let page = connector::page(conn, enterprise, now)?;
    let plan = plans::get(conn, enterprise)?;
    let rows = matching(conn, enterprise, about)?;
    let mut known = Vec::new();
    for row in rows {
        known.push(describe(conn, enterprise, row)?);
    }
    let sign = naming::sign(enterprise, about);
    let requests = scim_requests::naming(conn, enterprise, &sign, REQUESTS)?;
    let pending = invitations::pending_for(conn, enterprise, &[address::key(about)])?;
    let invitation = pending.into_iter().find(|one| one.expires_at > now);
    let connector = page.connector.as_ref();
    Ok(Facts {
        about: about.to_owned(),
        is_active: plan.is_active(now),
        status: page.status,
        last_request: connector.and_then(|row| row.last_request_at),
        kept_days: connector.map_or(0, |row| row.log_days),
        seats: seats::now(conn, enterprise, now)?,
        removal: if known.is_empty() { removal(conn, enterprise, about)? } else { None },
        members: known,
        requests: requests.into_iter().map(Named::from).collect(),
        invitation: invitation.map(|one| (one.email, one.expires_at)),
    })
}

/// Returns the members of this id, external id, user name or address and, if there are none, those
/// whose names begin so.
fn matching(conn: &mut Conn, enterprise: AccountPk, about: &str) -> Result<Vec<MemberRow>> {
    let mut found: Vec<MemberRow> = Vec::new();
    for lookup in [
        MemberLookup::Id(about.to_owned()),
        MemberLookup::ExternalId(about.to_owned()),
        MemberLookup::UserName(name::user_key(about)),
        MemberLookup::Email(address::key(about)),
    ] {
        for row in member_lookups::find(conn, enterprise, &lookup, 0, MEMBERS)? {
            if found.iter().all(|known| known.pk != row.pk) {
                found.push(row);
            }
        }
    }
    if found.is_empty()
        && let Some(search) = Search::parse(about)
    {
        let filter = member_list::Filter { search: Some(search), ..member_list::Filter::default() };
        found =
            member_list::rows(conn, enterprise, &filter, (&Position::default(), MEMBERS))?.items;
    }
    found.truncate(usize::try_from(MEMBERS).unwrap_or(usize::MAX));
    Ok(found)
}

fn describe(conn: &mut Conn, enterprise: AccountPk, row: MemberRow) -> Result<Known> {
    let teams = member_lists::teams_of(conn, &[row.pk])?.remove(&row.pk).unwrap_or_default();
    let access = administered::effective_access(conn, enterprise, &row.id)?;
    let refused = scim_requests::naming(conn, enterprise, &row.id, REQUESTS)?;
    Ok(Known {
        last: last_change(conn, enterprise, &row)?,
        name: row.display_name.unwrap_or(row.user_name),
        id: row.id,
        source: row.source,
        active: row.active,
        teams: (teams.first.into_iter().map(|(_, name)| name).collect(), teams.count),
        organizations: access.into_iter().map(|one| one.subject.name).collect(),
        refused: refused.into_iter().find(|one| one.status >= 400).map(Named::from),
    })
}

/// The changes of a member's state.
const CHANGES: [&str; 9] = [
    "user.provisioned",
    "user.adopted",
    "user.deactivated",
    "user.reactivated",
    "member.deactivated",
    "member.reactivated",
    "member.added",
    "member.joined",
    "member.captured",
];

fn last_change(conn: &mut Conn, enterprise: AccountPk, row: &MemberRow) -> Result<Option<Event>> {
    let actions = CHANGES.iter().map(|action| (*action).to_owned()).collect();
    let filter = AuditFilter {
        target: Some(row.id.clone()),
        actions: Some(actions),
        ..AuditFilter::default()
    };
    let (rows, _) = audit::list(conn, enterprise, &filter, None, 1)?;
    Ok(rows.into_iter().next().map(event))
}

fn event(row: crate::store::audit::AuditRow) -> Event {
    let by = match row.actor_kind {
        ActorKind::Member | ActorKind::Person | ActorKind::IdentityProvider => row.actor_name,
        ActorKind::Operator => "the operator".to_owned(),
        ActorKind::Billing => "the billing system".to_owned(),
        ActorKind::System => "the server".to_owned(),
    };
    Event { at: row.at, action: row.action, by }
}

fn removal(conn: &mut Conn, enterprise: AccountPk, about: &str) -> Result<Option<Event>> {
    let key = name::user_key(about);
    let actions = ["user.deleted", "member.removed", "member.left"];
    let actions = Some(actions.map(str::to_owned).to_vec());
    let filter = AuditFilter { actions, ..AuditFilter::default() };
    let (rows, _) = audit::list(conn, enterprise, &filter, None, REMOVALS)?;
    Ok(rows.into_iter().find(|row| name::user_key(&row.target_name) == key).map(event))
}
