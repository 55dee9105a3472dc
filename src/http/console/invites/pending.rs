//! All invitations of the account; those that are pending unless another state is chosen.

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::{PENDING, TITLE, views};
use crate::administration::invitations;
use crate::enterprise::delivery::DeliveryState;
use crate::enterprise::invitation::InvitationState;
use crate::http::admin::invitation_delivery::WantedInvitations;
use crate::http::admin::list::Paged;
use crate::http::admin::permits::ReadAccount;
use crate::http::console::routing::shown;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::Wanted;
use crate::http::console::words::Label;
use crate::http::pages::parts::{
    Column, Filter, Table, Tone, act, badge, date, empty, search, small_dialog,
};
use crate::views::invitations::ListedInvitation;
use crate::views::list::List;

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(shown("/enterprise/invite/pending", list));
}

/// `GET /app/enterprise/invite/pending`.
async fn list(
    visit: Visit<ReadAccount>,
    wanted: Wanted<WantedInvitations>,
    paging: Paged,
) -> Answer {
    let mut filter = wanted.query.clone().read()?;
    filter.state = filter.state.or(Some(InvitationState::Pending));
    let (from, limit) = paging.place(filter.search.as_ref())?;
    let now = visit.frame.now;
    let found = visit
        .admin
        .read_page(move |conn, account| {
            invitations::list(conn, account, now, &filter, (&from, limit))
        })
        .await?;
    let invitations = paging.listing(found, |item| ListedInvitation::at(item, now));
    let content = html! {
        header { div {
            h1 { (TITLE) }
            p.lead { "A pending invitation holds a seat until it is accepted, revoked or expired." }
        } }
        (views(&visit, PENDING))
        @if invitations.items.is_empty() && !wanted.narrows() {
            (empty(
                "No pending invitations",
                "Invite people to an organization or to a team; until they accept, they are here.",
                None,
            ))
        } @else {
            (search("Search addresses", wanted.text("search"), &filters(&wanted)))
            (table(&visit, &wanted, invitations))
        }
    };
    Ok(visit.show("Pending invitations", &[(TITLE, super::PATH)], &content))
}

fn filters(wanted: &Wanted<WantedInvitations>) -> [Filter<'_>; 3] {
    [
        Filter {
            name: "state",
            label: "State",
            values: &[
                ("", "Pending"),
                ("accepted", "Accepted"),
                ("declined", "Declined"),
                ("revoked", "Revoked"),
                ("expired", "Expired"),
            ],
            chosen: wanted.text("state"),
        },
        Filter {
            name: "role",
            label: "Role",
            values: &[("", "All"), ("member", "Member"), ("admin", "Admin")],
            chosen: wanted.text("role"),
        },
        Filter {
            name: "delivery",
            label: "Mail",
            values: &[
                ("", "All"),
                ("waiting", "Waiting"),
                ("sent", "Sent"),
                ("failed", "Refused or given up"),
            ],
            chosen: wanted.text("delivery"),
        },
    ]
}

fn table(
    visit: &Visit<ReadAccount>,
    wanted: &Wanted<WantedInvitations>,
    invitations: List<ListedInvitation>,
) -> Markup {
    let next = wanted.next(&visit.at(PENDING), invitations.next_cursor);
    Table {
        caption: "The account's invitations",
        columns: &[
            Column::text("Address"),
            Column::text("Leads to"),
            Column::text("State"),
            Column::text("Mail"),
            Column::text("Expires"),
            Column::text(""),
        ],
        nothing: "No invitation is found.",
        rows: invitations.items.iter().map(|one| row(visit, one)).collect(),
        next,
    }
    .render()
}

fn row(visit: &Visit<ReadAccount>, one: &ListedInvitation) -> Vec<Markup> {
    let invitation = &one.invitation;
    vec![
        html! {
            strong { (invitation.email) }
            @if let Some(by) = &one.invited_by { span.sub { "by " (by) } }
        },
        html! {
            @if let Some(role) = invitation.account_role { (badge(Tone::Accent, role.label())) " " }
            @for target in &one.organizations {
                (badge(Tone::Neutral, &format!("{}: {}", target.organization_name, target.role.label()))) " "
            }
            @for team in &one.teams {
                (badge(Tone::Info, &format!("Team {}: {}", team.team_name, team.role.label()))) " "
            }
        },
        html! { (invitation.state.label()) },
        mail(one),
        date(invitation.expires_at),
        acts(visit, one),
    ]
}

/// Renders what has become of the mail.
fn mail(one: &ListedInvitation) -> Markup {
    let Some(delivery) = &one.invitation.delivery else { return html! { span.muted { "–" } } };
    let tone = match delivery.state {
        DeliveryState::Sent => Tone::Good,
        DeliveryState::Waiting => Tone::Neutral,
        DeliveryState::Refused | DeliveryState::GivenUp => Tone::Bad,
    };
    html! {
        (badge(tone, delivery.state.label()))
        @if let Some(detail) = &delivery.detail { span.sub { (detail) } }
        @if let Some(advice) = one.advice { span.sub { (advice) } }
    }
}

fn acts(visit: &Visit<ReadAccount>, one: &ListedInvitation) -> Markup {
    if one.invitation.state != InvitationState::Pending {
        return html! {};
    }
    let path =
        |rest: &str| visit.at(&format!("/app/enterprise/invite/{}/{rest}", one.invitation.id));
    html! {
        div.actions {
            (act(&path("resend"), "Resend", &[]))
            @if !one.organizations.is_empty() || !one.teams.is_empty() {
                (small_dialog("Change role", &path("role")))
            }
            (small_dialog("Revoke", &path("revoke")))
        }
    }
}
