//! One connection: what to tell the identity provider, what it tells, verifying, switching on.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::list::state;
use super::{SSO, path, read};
use crate::enterprise::sso::{ConnectionState, RestReason};
use crate::http::admin::permits::ReadAccount;
use crate::http::console::routing::shown;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::words::Label;
use crate::http::pages::parts::{
    Tone, banner, card, dialog, facts, link, main_dialog, main_link, moment, secret,
};
use crate::views::sso_connections::{ShownSettings, SsoConnection};

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(shown("/enterprise/sso/{id}", show));
}

type Page = Visit<ReadAccount>;

/// `GET /app/enterprise/sso/{id}`.
async fn show(visit: Page, id: Path<String>) -> Answer {
    let connection = read(&visit, &id).await?;
    let content = html! {
        header {
            div {
                h1 { (connection.domain) }
                p.lead { "How people of this domain sign in." }
            }
            (state(connection.state))
        }
        @if let Some(why) = connection.rests_because { (banner(Tone::Warn, &html! { (rests(why)) }, None)) }
        (tell(&connection))
        (told(&visit, &connection))
        (verify(&visit, &connection))
        (switch(&visit, &connection))
        @if connection.verified_at.is_some() {
            section.card {
                header { h2 { "Who signs in" } }
                p { "Members by their names at the identity provider, and people whose identity is to be confirmed." }
                div.actions { (link("Who signs in", &visit.at(&path(&connection.id, "/people")))) }
            }
        }
        @if connection.state != ConnectionState::On {
            section.card {
                header { h2 { "Delete connection" } }
                p { "Its settings go; people of the domain sign in by mail." }
                div.actions { (dialog("Delete connection", &visit.at(&path(&connection.id, "/delete")))) }
            }
        }
    };
    Ok(visit.show(&connection.domain, &[SSO], &content))
}

const fn rests(why: RestReason) -> &'static str {
    match why {
        RestReason::PlanEnded => {
            "The account's plan has ended: people sign in by mail until it is reactivated."
        }
        RestReason::PlanLacks => {
            "The plan does not include single sign-on: people sign in by mail."
        }
        RestReason::DomainLost => {
            "The DNS record of the domain has been missing for too long: people sign in by mail until \
             it is back."
        }
    }
}

/// Renders what the identity provider has to be told.
fn tell(connection: &SsoConnection) -> Markup {
    card(
        "1. Tell your identity provider",
        &html! {
            div.grid {
                div.stack {
                    h3 { "SAML 2.0" }
                    (secret("acs", "Single sign-on URL (Okta) · Reply URL (Microsoft Entra ID)", &connection.acs_url))
                    (secret("audience", "Audience URI (Okta) · Identifier (Microsoft Entra ID)", &connection.audience_uri))
                    (secret("metadata", "Metadata URL", &connection.metadata_url))
                    p.muted { "The attribute " code { "email" } " must be sent." }
                }
                div.stack {
                    h3 { "OpenID Connect" }
                    (secret("redirect", "Sign-in redirect URI", &connection.redirect_url))
                    p.muted { "The claim " code { "email" } " must be sent (scope email)." }
                }
            }
        },
    )
}

/// Renders what the identity provider tells, and the way to enter it.
fn told(visit: &Page, connection: &SsoConnection) -> Markup {
    let at = |rest: &str| visit.at(&path(&connection.id, rest));
    html! {
        section.card {
            header { h2 { "2. Enter what it tells you" } }
            @if let Some(settings) = &connection.settings {
                h3 { "In use" }
                (settings_of(settings))
            }
            @if let Some(draft) = &connection.draft {
                h3 { "Entered, not in use yet" }
                (settings_of(draft))
            }
            @if connection.settings.is_none() && connection.draft.is_none() {
                p.muted { "Nothing is entered yet." }
            }
            div.actions {
                (link("Enter SAML settings", &at("/saml")))
                (link("Enter SAML metadata", &at("/metadata")))
                (link("Enter OpenID Connect settings", &at("/oidc")))
            }
        }
    }
}

fn settings_of(settings: &ShownSettings) -> Markup {
    html! {
        @if let Some(oidc) = &settings.oidc {
            (facts(&[
                ("Protocol", html! { (settings.protocol.label()) }),
                ("Issuer URL", html! { (oidc.issuer) }),
                ("Client ID", html! { code { (oidc.client_id) } }),
                ("Client secret", html! { @if oidc.has_client_secret { "Is set" } @else { "None" } }),
            ]))
        }
        @if let Some(saml) = &settings.saml {
            (facts(&[
                ("Protocol", html! { (settings.protocol.label()) }),
                ("Entity ID", html! { (saml.entity_id) }),
                ("Sign on URL", html! { (saml.sign_on_url) }),
                ("Sign-in from its own start page", html! { @if saml.idp_initiated { "Allowed" } @else { "Refused" } }),
            ]))
            @for certificate in &saml.certificates {
                (facts(&[
                    ("Signing certificate", html! { (certificate.subject.as_deref().unwrap_or("Cannot be read")) }),
                    ("Ends", html! { @if let Some(end) = certificate.expires_at { (moment(end)) } }),
                    ("SHA-256", html! { code { (certificate.fingerprint_sha256.as_deref().unwrap_or_default()) } }),
                ]))
            }
        }
    }
}

fn verify(visit: &Page, connection: &SsoConnection) -> Markup {
    html! {
        section.card data-list data-live="3" {
            header { h2 { "3. Verify" } }
            @if let Some(at) = connection.draft_verified_at {
                p { "A sign-in with what was entered worked " (moment(at)) "; an owner switches it on once more." }
            } @else if connection.draft.is_some() {
                p {
                    "Sign in once through the identity provider, as somebody of the domain. What was \
                     entered takes the place of what is in use when that has worked."
                }
                div.actions { (main_dialog("Verify", &visit.at(&path(&connection.id, "/verify")))) }
            } @else if let Some(at) = connection.verified_at {
                p { "Works: a sign-in has succeeded " (moment(at)) "." }
            } @else {
                p.muted { "Enter the settings first." }
            }
            @if let (Some(text), Some(at)) = (&connection.last_failure, connection.last_failure_at) {
                (banner(Tone::Bad, &html! { "The last sign-in failed " (moment(at)) ": " (text) }, None))
            }
        }
    }
}

fn switch(visit: &Page, connection: &SsoConnection) -> Markup {
    let at = |rest: &str| visit.at(&path(&connection.id, rest));
    let is_on = matches!(connection.state, ConnectionState::On | ConnectionState::Resting);
    html! {
        section.card {
            header { h2 { "4. Switch on" } }
            @if is_on {
                p { "People of " (connection.domain) " sign in by this connection and no other way." }
                (secret("start", "For a tile on the identity provider's dashboard", &connection.sign_in_url))
                p.muted {
                    "If the identity provider is ever gone, the server's operator can let an owner in \
                     by a link, and a recovery link made beforehand does so, too."
                }
                div.actions {
                    @if connection.draft_verified_at.is_some() {
                        (main_link("Put the new settings into use", &at("/on")))
                    }
                    (dialog("Switch off", &at("/off")))
                }
            } @else if connection.state == ConnectionState::Verified {
                p { "From then on people of the domain sign in no other way." }
                div.actions { (main_link("Switch on", &at("/on"))) }
            } @else {
                p.muted { "Possible once a sign-in has worked." }
            }
        }
    }
}
