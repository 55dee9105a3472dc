//! The invitations to an organization or a team: those that are pending, and those that expired.

use maud::{Markup, html};

use super::{INVITATIONS, INVITE, Place};
use crate::enterprise::delivery::DeliveryState;
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::{TeamRole, Timestamp};
use crate::http::console::words::Label;
use crate::http::pages::parts::{Column, Tab, Table, Tone, badge, date, dialog, tabs};
use crate::views::invitations::ListedInvitation;
use crate::views::list::List;

/// One day in milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// How many pending invitations stand on the page of what they lead to.
pub const FEW: i64 = 5;

/// Renders the first pending invitations, for the page of what they lead to.
pub fn latest(place: &Place<'_>, first: &List<ListedInvitation>) -> Markup {
    let all = place.at(INVITATIONS);
    html! {
        section.stack aria-label="Pending invitations" {
            div.row.apart {
                h2 { "Pending invitations" }
                a.button.small href={ (all) "?state=expired" } { "Expired" }
            }
            @if first.items.is_empty() {
                p.muted { "No invitation is pending." }
            } @else {
                (pending(place, &first.items, None))
                @if first.next_cursor.is_some() { p { a href=(all) { "Show all pending invitations" } } }
            }
        }
    }
}

/// Renders pending invitations, and the way to the next page.
pub fn pending(place: &Place<'_>, items: &[ListedInvitation], next: Option<String>) -> Markup {
    Table {
        caption: "Pending invitations",
        columns: &[
            Column::text("Address"),
            Column::text("Role"),
            Column::text("Invited by"),
            Column::text("Expires"),
            Column::text("Mail"),
            Column::text(""),
        ],
        nothing: "No invitation is found.",
        rows: items.iter().map(|one| pending_row(place, one)).collect(),
        next,
    }
    .render()
}

fn pending_row(place: &Place<'_>, one: &ListedInvitation) -> Vec<Markup> {
    let invitation = &one.invitation;
    let path = |rest: &str| place.at(&format!("{INVITATIONS}/{}{rest}", invitation.id));
    vec![
        html! { (invitation.email) },
        role(place, one, &path("/role")),
        by(one),
        html! { (left(invitation.expires_at, place.frame.now)) },
        mail(one),
        html! {
            div.actions {
                @if place.frame.is_active() {
                    form.inline method="post" action=(path("/resend")) { button.small { "Resend" } }
                }
                (dialog("Revoke", &path("/revoke")))
            }
        },
    ]
}

/// Renders expired invitations, and the way to the next page.
pub fn expired(place: &Place<'_>, items: &[ListedInvitation], next: Option<String>) -> Markup {
    Table {
        caption: "Expired invitations",
        columns: &[
            Column::text("Address"),
            Column::text("Role"),
            Column::text("Invited by"),
            Column::text("Expired"),
            Column::text(""),
        ],
        nothing: "No invitation has expired.",
        rows: items.iter().map(|one| expired_row(place, one)).collect(),
        next,
    }
    .render()
}

fn expired_row(place: &Place<'_>, one: &ListedInvitation) -> Vec<Markup> {
    let role = role_of(place, one);
    vec![
        html! { (one.invitation.email) },
        html! { @if let Some(role) = role { (role.label()) } },
        by(one),
        date(one.invitation.expires_at),
        html! {
            @if place.frame.is_active() {
                form.inline method="post" action=(place.at(INVITE)) {
                    input type="hidden" name="emails" value=(one.invitation.email);
                    input type="hidden" name="role"
                        value=(place.value_of(role.unwrap_or(TeamRole::Member)));
                    button.small { "Invite again" }
                }
            }
        },
    ]
}

/// Renders the tabs *Pending* and *Expired*.
pub fn tabs_of(place: &Place<'_>, state: InvitationState) -> Markup {
    let (all, is_expired) = (place.at(INVITATIONS), state == InvitationState::Expired);
    let ended = format!("{all}?state=expired");
    tabs(
        "Invitations",
        &[
            Tab { label: "Pending", href: &all, is_current: !is_expired },
            Tab { label: "Expired", href: &ended, is_current: is_expired },
        ],
    )
}

/// Returns the role that an invitation gives in this place.
fn role_of(place: &Place<'_>, one: &ListedInvitation) -> Option<TeamRole> {
    if place.team_role.is_some() {
        one.teams.iter().find(|team| team.team_id == place.id).map(|team| team.role)
    } else {
        let mut here = one.organizations.iter();
        here.find(|one| one.organization_id == place.id).map(|one| one.role)
    }
}

fn role(place: &Place<'_>, one: &ListedInvitation, action: &str) -> Markup {
    let Some(role) = role_of(place, one) else { return html! {} };
    let chosen = place.value_of(role);
    html! {
        @if place.frame.is_active() {
            form.row-form method="post" action=(action) {
                select name="role" data-sends aria-label={ "Role of " (one.invitation.email) } {
                    @for (value, label) in place.roles() {
                        option value=(value) selected[value == chosen] { (label) }
                    }
                }
                button.small { "Change" }
            }
        } @else { (role.label()) }
    }
}

fn by(one: &ListedInvitation) -> Markup {
    html! {
        @match &one.invited_by { Some(name) => { (name) }, None => { "Unknown" } }
        span.sub { (date(one.invitation.created_at)) }
    }
}

/// Says how long something lasts, in days that have begun.
fn left(end: Timestamp, now: Timestamp) -> String {
    match end.millis_since(now).max(0).saturating_add(DAY - 1) / DAY {
        0 => "today".to_owned(),
        1 => "in 1 day".to_owned(),
        days => format!("in {days} days"),
    }
}

fn mail(one: &ListedInvitation) -> Markup {
    html! {
        @match &one.invitation.delivery {
            Some(mail) => {
                (badge(tone(mail.state), mail.state.label()))
                @if let Some(detail) = &mail.detail { span.sub { (detail) } }
                @if let Some(advice) = one.advice { span.sub { (advice) } }
            },
            None => { "Unknown" },
        }
    }
}

const fn tone(state: DeliveryState) -> Tone {
    match state {
        DeliveryState::Sent => Tone::Good,
        DeliveryState::Waiting => Tone::Neutral,
        DeliveryState::Refused | DeliveryState::GivenUp => Tone::Bad,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_down_to_today() {
        let now = Timestamp(5 * DAY);
        for (end, said) in [
            (35 * DAY - 1, "in 30 days"),
            (6 * DAY, "in 1 day"),
            (5 * DAY + 1, "in 1 day"),
            (0, "today"),
        ] {
            assert_eq!(left(Timestamp(end), now), said);
        }
    }
}
