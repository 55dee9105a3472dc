//! Inviting: the form that takes many addresses, what became of each of them, and the invitations to
//! an organization or a team. Both have the same pages; what differs stands in [`Place`].

mod listed;
mod results;

use maud::{Markup, html};

use super::frame::Frame;
use super::words::Label;
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::{Role, TeamRole};
use crate::http::pages::parts::{Choice, Field, Filled, Form, Input, confirmation, search};
use crate::views::invitations::ListedInvitation;

pub use listed::{FEW, latest};
pub use results::{Line, each, invited};

/// The end of the path to which the form is sent.
pub const INVITE: &str = "/invite";
/// The end of the path to which members are added who cannot be invited.
pub const ADD: &str = "/add";
/// The end of the path of the invitations.
pub const INVITATIONS: &str = "/invitations";

/// What people are invited to.
pub struct Place<'a> {
    /// What surrounds the page.
    pub frame: &'a Frame,
    /// The path of its page.
    pub path: &'a str,
    /// Its id.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// The role of its members; `None` for an organization, which has none of its own.
    pub team_role: Option<TeamRole>,
}

impl Place<'_> {
    /// Returns the address of a page of the place.
    pub fn at(&self, rest: &str) -> String {
        self.frame.link(&format!("{}{rest}", self.path))
    }

    /// Returns what is said of adding members.
    fn adding(&self) -> &'static str {
        if self.team_role.is_some() { "Add to team" } else { "Add to this organization" }
    }

    /// Returns the roles that can be given here, the usual one first: values and labels.
    fn roles(&self) -> [(&'static str, String); 2] {
        match self.team_role {
            None => [
                (TeamRole::Member.as_str(), TeamRole::Member.label().to_owned()),
                (TeamRole::Admin.as_str(), TeamRole::Admin.label().to_owned()),
            ],
            Some(role) => {
                let other = match role {
                    TeamRole::Member => TeamRole::Admin,
                    TeamRole::Admin => TeamRole::Member,
                };
                [
                    ("team", format!("{}, as the team", role.label())),
                    (other.as_str(), other.label().to_owned()),
                ]
            }
        }
    }

    /// Returns the value by which a role is chosen here.
    fn value_of(&self, role: TeamRole) -> &'static str {
        if self.team_role == Some(role) { "team" } else { role.as_str() }
    }

    /// Returns how many seats are free, for those who see the account's seats.
    fn free_seats(&self) -> Option<String> {
        let account = self.frame.account().filter(|account| account.acting.role != Role::Member)?;
        let (total, used) = (account.seats.total, account.seats.used());
        Some(format!("{} of {total} seats are free.", (total - used).max(0)))
    }

    /// Returns a form in which nothing is filled in but the usual role.
    pub fn nothing(&self) -> Filled {
        let [(usual, _), _] = self.roles();
        Filled::new().with("role", usual)
    }
}

/// Renders the form. It is typed into at once if `has_focus` holds.
pub fn form(place: &Place<'_>, filled: &Filled, has_focus: bool) -> Markup {
    let free = place.free_seats().unwrap_or_default();
    let hint = format!(
        "Several are separated by commas, semicolons, blanks or lines. Each invitation takes a seat. \
         {free}"
    );
    let roles = place.roles();
    let choices = roles.each_ref().map(|(value, label)| Choice { value, label, hint: "" });
    let about = match place.team_role {
        None => "An admin also administers the organization.",
        Some(_) => {
            "Counts in all organizations that the team is linked to. Another role than the team's is \
             this person's alone; to change it for all, edit the team."
        }
    };
    let fields = [
        Field::text("emails", "E-mail addresses")
            .takes(Input::Addresses)
            .hint(hint.trim_end())
            .answers(&["no-free-seat", "not-invitable"])
            .focused(has_focus),
        Field::text("role", "Role").takes(Input::Select(&choices)).hint(about),
    ];
    Form::new(&place.at(INVITE), &fields, "Invite").creating().render(filled)
}

/// Renders the page of the form, without the frame.
pub fn asking(place: &Place<'_>, filled: &Filled) -> Markup {
    html! {
        (head(place, "Invite to"))
        section.card {
            h2 { "Invite" }
            (form(place, filled, true))
        }
    }
}

fn head(place: &Place<'_>, what: &str) -> Markup {
    html! {
        header {
            h1 { (what) " " (place.name) }
            a.button href=(place.at("")) { "Back to " (place.name) }
        }
    }
}

/// Renders the page that answers the form, without the frame: what became of each address, and the
/// form again with those that were refused.
pub fn answered(place: &Place<'_>, role: &str, lines: &[Line], rest: &[String]) -> Markup {
    let mut again: Vec<String> = rest.to_vec();
    again.extend(lines.iter().filter(|line| line.is_refused()).map(|line| line.email.clone()));
    let filled = Filled::new().with("role", role).with("emails", again.join("\n"));
    html! {
        (head(place, "Invite to"))
        (results::results(place, role, lines, rest))
        section.card {
            h2 { @if again.is_empty() { "Invite more" } @else { "Not invited yet" } }
            (form(place, &filled, false))
        }
    }
}

/// Renders the page of the invitations in a state, without the frame.
pub fn listed(
    place: &Place<'_>,
    (state, searched): (InvitationState, &str),
    items: &[ListedInvitation],
    next: Option<String>,
) -> Markup {
    html! {
        (head(place, "Invitations to"))
        (listed::tabs_of(place, state))
        @if state == InvitationState::Expired {
            (listed::expired(place, items, next))
        } @else {
            (search("Search addresses", searched, &[]))
            (listed::pending(place, items, next))
        }
    }
}

/// Renders the question whether an invitation is to be revoked.
pub fn revoking(place: &Place<'_>, id: &str) -> Markup {
    let (action, back) = (place.at(&format!("{INVITATIONS}/{id}/revoke")), place.at(""));
    let form = Form::new(&action, &[], "Revoke").dangerous().or_back(&back).render(&Filled::new());
    let what = html! {
        p { "The link in its mail stops working. Its seat is free at once, unless it leads elsewhere, too." }
    };
    confirmation("Revoke the invitation?", &what, &form)
}
