//! The first steps of the onboarding document, as a list in which nothing is ticked by hand.

use maud::{Markup, html};

use crate::administration::first_steps::{FirstSteps, Progress};
use crate::enterprise::connector::Prerequisite;
use crate::http::console::frame::Frame;
use crate::http::pages::parts::{Tone, badge, link, main_link, steps};
use crate::http::pages::{hidden, post_form};

/// The number of names that are shown of those that wait.
const MOST_NAMES: usize = 3;

/// A step: its name, a sentence, and what leads on unless it is done.
type Step<'a> = (&'a str, Markup, Option<Markup>);

/// Renders the list, folded away if the reader has hidden it or everything is done.
pub fn list(frame: &Frame, far: &FirstSteps, is_hidden: bool) -> Markup {
    if is_hidden {
        return html! {
            div.row {
                span.muted { "The first steps are hidden." }
                (toggle(frame, false, "Show first steps"))
            }
        };
    }
    let mut all = begin(frame, far);
    all.extend(go_on(frame, far));
    let list = html! { section.card.flush { (steps(&all)) } };
    html! {
        div.row.apart {
            h2 { "First steps" }
            (toggle(frame, true, "Hide"))
        }
        @if far.are_done() {
            details.stack {
                summary { "Everything is set up. Show the steps" }
                (list)
            }
        } @else { (list) }
    }
}

fn toggle(frame: &Frame, hide: bool, label: &str) -> Markup {
    let fields = html! {
        (hidden("hidden", if hide { "true" } else { "false" }))
        button.small { (label) }
    };
    post_form(&frame.link("/app/first-steps"), &fields)
}

/// Steps 1 to 4.
fn begin<'a>(frame: &Frame, far: &FirstSteps) -> Vec<Step<'a>> {
    // The first step that is not done is the main one.
    let mut main = true;
    let mut open = |done: bool, label: &str, path: &str| {
        let is_main = !done && std::mem::take(&mut main);
        (!done).then(|| way(frame, is_main, label, path))
    };
    vec![
        (
            "Activate",
            html! { "Enter the activation code of the sales team, or start the trial." },
            open(far.plan, "Upgrade", "/app/subscription/update"),
        ),
        (
            "Create organizations",
            html! { "An organization is what people work in, such as Cargo and Passengers of KongAir." },
            open(far.organizations, "New organization", "/app/dashboard/organizations/new"),
        ),
        (
            "Create teams",
            html! { "A team gives its members a role in every organization it is linked to." },
            open(far.teams, "Create Team", "/app/enterprise/team/new"),
        ),
        (
            "Invite users",
            html! { "Invite people to an organization or to a team; each takes a seat." },
            open(far.people, "Invite", "/app/dashboard/organizations"),
        ),
    ]
}

/// Steps 5 to 9.
fn go_on<'a>(frame: &Frame, far: &FirstSteps) -> Vec<Step<'a>> {
    let open =
        |done: bool, label: &str, path: &str| (!done).then(|| way(frame, false, label, path));
    let is_waiting = matches!(far.domains, Progress::Begun(_));
    let (verify, domains) = if is_waiting {
        ("Verify Domain", "/app/enterprise/domains/list")
    } else {
        ("New Domain", "/app/enterprise/domains/new")
    };
    // Enabled, what is left is done at the identity provider.
    let (connect, scim) = if is_enabled(far) {
        ("How to connect", "/app/enterprise/scim/guides")
    } else {
        ("Enable SCIM", "/app/enterprise/scim")
    };
    vec![
        (
            "Add a domain",
            html! {
                "Prove that a domain is yours, for single sign-on and SCIM."
                (waiting("Not verified yet: ", &far.domains))
            },
            open(far.domains == Progress::Done, verify, domains),
        ),
        (
            "Enable SSO",
            html! {
                "Let your people sign in at your identity provider, by SAML or OpenID Connect."
                (waiting("Under way: ", &far.sso))
            },
            open(far.sso == Progress::Done, "Create Connection", "/app/enterprise/sso/list"),
        ),
        (
            "Enable SCIM",
            html! { "Let your identity provider add and remove people by itself." (lacking(far)) },
            open(far.scim, connect, scim),
        ),
        (
            "Storage",
            html! { "Say where content may be kept. Everything is allowed until you save a rule." },
            open(far.storage, "Edit", "/app/enterprise/storage"),
        ),
        (
            "Import content",
            html! {
                "Projects, collections and API descriptions from Postman and elsewhere. This server keeps \
                 no content yet: Import comes with the page Content of your organizations."
            },
            Some(badge(Tone::Neutral, "Comes later")),
        ),
    ]
}

fn way(frame: &Frame, is_main: bool, label: &str, path: &str) -> Markup {
    let href = frame.link(path);
    if is_main { main_link(label, &href) } else { link(label, &href) }
}

fn waiting(lead: &str, progress: &Progress) -> Markup {
    html! {
        @if let Progress::Begun(names) = progress {
            " " (lead)
            (names.iter().take(MOST_NAMES).map(String::as_str).collect::<Vec<_>>().join(", "))
            @if names.len() > MOST_NAMES { " and more" }
            "."
        }
    }
}

/// Says what SCIM lacks, or that only the first request is missing.
fn lacking(far: &FirstSteps) -> Markup {
    let page = &far.connector;
    html! {
        @if is_enabled(far) && !far.scim {
            @if page.connector.as_ref().is_some_and(|row| row.last_request_at.is_none()) {
                " It is enabled; no request has come yet."
            }
        } @else if !far.scim && !page.missing.is_empty() {
            " It needs "
            (page.missing.iter().map(|what| needed(*what)).collect::<Vec<_>>().join(", "))
            " first."
        }
    }
}

fn is_enabled(far: &FirstSteps) -> bool {
    far.connector.connector.as_ref().is_some_and(|row| row.enabled)
}

const fn needed(what: Prerequisite) -> &'static str {
    match what {
        Prerequisite::Plan => "Enterprise or the trial",
        Prerequisite::VerifiedDomain => "a verified domain",
        Prerequisite::Sso => "SSO",
    }
}
