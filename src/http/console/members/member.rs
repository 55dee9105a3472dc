//! One member: who it is, what it reaches and how, and what was changed about it.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::{PATH, TITLE, last_active, name_of, path_of, role, source, state};
use crate::administration::invitations::{self, Filter};
use crate::administration::listing::Position;
use crate::administration::sso::identities;
use crate::administration::{AdministrationError, audit, member_list, members};
use crate::enterprise::permissions::Operation;
use crate::enterprise::search::Search;
use crate::enterprise::{AccountPk, MemberSource, Role, Timestamp, address, audit_actions, owner};
use crate::http::admin::permits::ReadAccount;
use crate::http::base::problem::Problem;
use crate::http::console::routing::shown;
use crate::http::console::sso;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::words::Label;
use crate::http::pages::parts::{Column, Table, Tone, badge, card, dialog, facts, link, moment};
use crate::store::Conn;
use crate::store::audit::AuditFilter;
use crate::views::audit::AuditEntry;
use crate::views::invitations::ListedInvitation;
use crate::views::members::{EffectiveAccess, ListedMember, Member, MemberState};

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(shown("/enterprise/members/{id}", show));
}

/// The number of organizations that are shown.
const MOST_ORGANIZATIONS: usize = 100;
/// The number of entries of the audit log, and of invitations.
const MOST_ENTRIES: i64 = 10;

/// Everything that the page shows.
struct Known {
    listed: ListedMember,
    access: Vec<EffectiveAccess>,
    invitations: Vec<ListedInvitation>,
    entries: Vec<AuditEntry>,
    has_more_entries: bool,
    identities: Vec<identities::Known>,
}

/// Returns the member with this id, as the list shows it.
pub async fn read<P>(visit: &Visit<P>, id: &str) -> Result<ListedMember, Problem> {
    let (id, now) = (id.to_owned(), visit.frame.now);
    let read = move |conn: &mut _, account| member_list::get(conn, account, &id, now);
    visit.admin.read(read).await.map(ListedMember::from)
}

fn know(
    conn: &mut Conn,
    account: AccountPk,
    id: &str,
    now: Timestamp,
) -> Result<Known, AdministrationError> {
    let listed = ListedMember::from(member_list::get(conn, account, id, now)?);
    let access = members::effective_access(conn, account, id)?;
    let filter = AuditFilter { target: Some(id.to_owned()), ..AuditFilter::default() };
    let (entries, more) = audit::list(conn, account, &filter, None, MOST_ENTRIES)?;
    Ok(Known {
        invitations: invited(conn, account, &listed.member, now)?,
        listed,
        access: access.into_iter().map(EffectiveAccess::from).collect(),
        entries: entries.into_iter().map(AuditEntry::from).collect(),
        has_more_entries: more.is_some(),
        identities: identities::of_member(conn, account, id)?,
    })
}

/// Returns the invitations to the member's address.
fn invited(
    conn: &mut Conn,
    account: AccountPk,
    member: &Member,
    now: Timestamp,
) -> Result<Vec<ListedInvitation>, AdministrationError> {
    let Some(email) = &member.email else { return Ok(Vec::new()) };
    let filter = Filter { search: Search::parse(email), ..Filter::default() };
    let from = (&Position::default(), MOST_ENTRIES);
    let found = invitations::list(conn, account, now, &filter, from)?;
    let is_to =
        |item: &invitations::Listed| address::key(&item.invitation.email) == address::key(email);
    let own = found.items.into_iter().filter(is_to);
    Ok(own.map(|item| ListedInvitation::at(item, now)).collect())
}

/// `GET /app/enterprise/members/{id}`.
async fn show(visit: Visit<ReadAccount>, id: Path<String>) -> Answer {
    let now = visit.frame.now;
    let read = move |conn: &mut _, account| know(conn, account, &id, now);
    let known = visit.admin.read_page(read).await?;
    let member = &known.listed.member;
    let name = name_of(member).to_owned();
    let content = html! {
        header {
            div {
                h1 { (name) }
                p.lead { (member.email.as_deref().unwrap_or("no address")) }
            }
            (acts(&visit, member))
        }
        (sso::waiting(&visit, &member.id, &known.identities))
        div.grid {
            (profile(&known.listed))
            (role::card_of(&visit, member))
        }
        (organizations(&visit, &known))
        (teams(&visit, &known.listed))
        @if !known.invitations.is_empty() { (invitations_of(&known.invitations)) }
        (log(&visit, &known))
    };
    Ok(visit.show(&name, &[(TITLE, PATH)], &content))
}

/// Returns whether the visitor may change or remove the member.
pub fn may_change<P>(visit: &Visit<P>, member: &Member) -> bool {
    visit.admin.may(Operation::ManageOwners) || !owner::governs(member.role)
}

fn acts(visit: &Visit<ReadAccount>, member: &Member) -> Markup {
    let at = |rest: &str| visit.at(&path_of(&member.id, rest));
    let is_manual = member.source == MemberSource::Manual;
    html! {
        @if may_change(visit, member) {
            div.actions {
                @if is_manual {
                    (dialog("Edit", &at("/edit")))
                    @match member.state {
                        MemberState::Active => (dialog("Deactivate", &at("/deactivate"))),
                        MemberState::Inactive => (dialog("Reactivate", &at("/reactivate"))),
                    }
                }
                (link("Merge with another member", &at("/merge")))
                (dialog("Remove from account", &at("/remove")))
            }
        }
    }
}

fn profile(listed: &ListedMember) -> Markup {
    let member = &listed.member;
    let kept = |instead: &str| {
        html! {
            span.muted { " Kept by the identity provider: " (instead) " there." }
        }
    };
    let is_provisioned = member.source == MemberSource::Scim;
    card(
        "Profile",
        &facts(&[
            (
                "Name",
                html! {
                    (name_of(member)) @if is_provisioned { (kept("change name and address")) }
                },
            ),
            ("Address", html! { (member.email.as_deref().unwrap_or("none")) }),
            ("User name", html! { (member.user_name) }),
            ("Source", source(member.source)),
            (
                "State",
                html! {
                    (state(member))
                    @if is_provisioned && member.state == MemberState::Active {
                        (kept("unassign the person to deactivate them"))
                    }
                },
            ),
            (
                "Joined",
                html! {
                    @match member.claimed_at {
                        Some(at) => { "A person signed in as this member at " (moment(at)) }
                        None => "Nobody has signed in as this member yet",
                    }
                },
            ),
            ("Added", moment(member.created_at)),
            (
                "Seat since",
                html! {
                    @match member.seat_since { Some(at) => (moment(at)), None => "holds no seat", }
                },
            ),
            ("Last active", last_active(listed.last_active.as_deref())),
            ("Note", html! { (member.note.as_deref().unwrap_or("none")) }),
        ]),
    )
}

fn organizations(visit: &Visit<ReadAccount>, known: &Known) -> Markup {
    let row = |access: &EffectiveAccess| {
        let own = format!("/app/dashboard/organizations/{}", access.organization_id);
        vec![
            html! { a.thing href=(visit.at(&own)) { (access.organization_name) } },
            html! { (access.role.label()) },
            html! {
                @if access.via.iter().any(|way| way == "direct") {
                    @if known.listed.member.role == Role::Owner {
                        (badge(Tone::Accent, "Owner of the account")) " "
                    } @else { (badge(Tone::Neutral, "Direct")) " " }
                }
                @for team in &access.via_teams { (badge(Tone::Info, &format!("Team {}", team.name))) " " }
            },
        ]
    };
    let more = known.access.len().saturating_sub(MOST_ORGANIZATIONS);
    html! {
        section.stack {
            h2 { "Organizations" }
            @if known.access.is_empty() {
                p.muted {
                    @match known.listed.member.state {
                        MemberState::Active => "Reaches no organization.",
                        MemberState::Inactive => "Reaches no organization while deactivated.",
                    }
                }
            } @else {
                (Table {
                    caption: "Organizations that the member reaches",
                    columns: &[
                        Column::text("Organization"),
                        Column::text("Role"),
                        Column::text("Ways"),
                    ],
                    nothing: "",
                    rows: known.access.iter().take(MOST_ORGANIZATIONS).map(row).collect(),
                    next: None,
                }.render())
                @if more > 0 { p.muted { "and " (more) " more" } }
            }
        }
    }
}

fn teams(visit: &Visit<ReadAccount>, listed: &ListedMember) -> Markup {
    let more = listed.team_count - i64::try_from(listed.teams.len()).unwrap_or(0);
    card(
        "Teams",
        &html! {
            @if listed.teams.is_empty() {
                p.muted { "Is in no team." }
            } @else {
                ul.chips {
                    @for team in &listed.teams {
                        li { a.button.small href=(visit.at(&format!("/app/enterprise/team/{}", team.id))) {
                            (team.name)
                        } }
                    }
                    @if more > 0 { li.muted { "and " (more) " more" } }
                }
            }
        },
    )
}

fn invitations_of(all: &[ListedInvitation]) -> Markup {
    card(
        "Invitations",
        &html! {
            ul {
                @for listed in all {
                    li {
                        (moment(listed.invitation.created_at)) ": " (listed.invitation.state.as_str())
                        @if let Some(by) = &listed.invited_by { ", invited by " (by) }
                        @let targets: Vec<&str> = listed.organizations.iter()
                            .map(|one| one.organization_name.as_str())
                            .chain(listed.teams.iter().map(|one| one.team_name.as_str()))
                            .collect();
                        @if !targets.is_empty() { ", to " (targets.join(", ")) }
                    }
                }
            }
        },
    )
}

fn log(visit: &Visit<ReadAccount>, known: &Known) -> Markup {
    let member = &known.listed.member;
    let all = format!("/app/enterprise/audit-log?target={}", member.id);
    card(
        "What was changed",
        &html! {
            @if known.entries.is_empty() {
                p.muted { "The audit log has no entries about this member." }
            } @else {
                ul {
                    @for entry in &known.entries {
                        li { (moment(entry.at)) ": " (meaning(&entry.action)) ", by " (entry.actor.name) }
                    }
                }
                @if known.has_more_entries { p { a href=(visit.at(&all)) { "All entries" } } }
            }
        },
    )
}

/// Returns the text of an action.
fn meaning(action: &str) -> &str {
    let actions = audit_actions::ACTIONS;
    let found = actions.binary_search_by_key(&action, |(known, _)| known);
    found.ok().and_then(|at| actions.get(at)).map_or(action, |(_, text)| text)
}
