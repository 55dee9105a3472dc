//! The page that asks an administrator for consent.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use maud::{Markup, html};

use super::visitor::Visitor;
use crate::administration::oauth::Asked;
use crate::http::pages::{Page, hidden, post_form};

/// What the client asks for, with the parameters that the page's form sends on.
pub struct Question<'a> {
    /// The client's name.
    pub client: &'a str,
    /// The parameters of the request.
    pub asked: &'a Asked,
    /// The client's `state`.
    pub state: &'a str,
}

/// Returns the parameters of a request, in the order in which clients send them.
pub fn parameters<'a>(asked: &'a Asked, state: &'a str) -> [(&'static str, &'a str); 7] {
    [
        ("response_type", &asked.response_type),
        ("client_id", &asked.client_id),
        ("redirect_uri", &asked.redirect_uri),
        ("scope", &asked.scope),
        ("code_challenge", &asked.challenge),
        ("code_challenge_method", &asked.challenge_method),
        ("state", state),
    ]
}

/// Returns the page for this visitor.
pub fn page(question: &Question<'_>, visitor: &Visitor) -> HttpResponse {
    let (choice, refusal) = choice(visitor);
    let sent_on = parameters(question.asked, question.state);
    let target = question.asked.redirect_uri.split(['?', '#']).next().unwrap_or_default();
    let form = html! {
        @for (name, value) in sent_on.iter().filter(|(_, value)| !value.is_empty()) {
            (hidden(name, value))
        }
        (choice)
        button name="decision" value="deny" { "Deny" }
    };
    let content = html! {
        @if let Some(text) = refusal { p role="alert" { (text) } }
        p {
            strong { (question.client) }
            " asks to provision users and groups into your Insomnia account. It will create, \
             change, deactivate and remove members and teams."
        }
        p { "The answer goes to " (target) "." }
        (post_form("authorize", &form))
    };
    let status = if refusal.is_none() { StatusCode::OK } else { StatusCode::FORBIDDEN };
    // The form's answer is a redirect to the client, whatever its host.
    Page::new("Allow provisioning?", content).with_status(status).leading_anywhere().respond()
}

/// Returns what the visitor can do besides denying, and why they cannot allow.
fn choice(visitor: &Visitor) -> (Markup, Option<&str>) {
    match visitor {
        Visitor::Admin { account, email, .. } => {
            let allow = html! {
                p { "You are signed in as " (email) ", for the account " strong { (account) } "." }
                button.main name="decision" value="allow" { "Allow" }
            };
            (allow, None)
        }
        Visitor::Stranger => (html! {}, None),
        Visitor::Stale { text } => {
            let again = html! { button.main name="decision" value="sign-in-again" { "Confirm that it is you" } };
            (again, Some(text))
        }
        Visitor::Refused { text } => (html! {}, Some(text)),
    }
}

/// Returns an error page, for errors that must not be sent to the client.
pub fn error(status: StatusCode, text: &str) -> HttpResponse {
    Page::saying("This cannot be authorized", text).with_status(status).respond()
}
