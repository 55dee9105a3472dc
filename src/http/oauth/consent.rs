//! The page that asks an administrator for consent.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use maud::html;

use crate::administration::oauth::Asked;
use crate::http::pages::{Page, hidden, post_form};

/// Returns the page, with the error of the last answer if there was one.
pub fn page(client: &str, asked: &Asked, state: &str, refusal: Option<&str>) -> HttpResponse {
    let fields = [
        ("response_type", asked.response_type.as_str()),
        ("client_id", &asked.client_id),
        ("redirect_uri", &asked.redirect_uri),
        ("scope", &asked.scope),
        ("code_challenge", &asked.challenge),
        ("code_challenge_method", &asked.challenge_method),
        ("state", state),
    ];
    let target = asked.redirect_uri.split(['?', '#']).next().unwrap_or_default();
    let form = html! {
        @for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
            (hidden(name, value))
        }
        label {
            "Your personal token"
            small { "Not needed where you are signed in." }
            input type="password" name="token" autocomplete="off";
        }
        button name="decision" value="allow" { "Allow" }
        button.quiet name="decision" value="deny" { "Deny" }
    };
    let content = html! {
        @if let Some(text) = refusal { p role="alert" { (text) } }
        p {
            strong { (client) }
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

/// Returns an error page, for errors that must not be sent to the client.
pub fn error(status: StatusCode, text: &str) -> HttpResponse {
    Page::saying("This cannot be authorized", text).with_status(status).respond()
}
