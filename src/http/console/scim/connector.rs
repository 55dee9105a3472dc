//! The connector: off, on, or what is missing to switch it on.

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::{PATH, clients, tokens, views};
use crate::administration::connector;
use crate::administration::oauth::clients as stored;
use crate::enterprise::connector::{ConnectorStatus, Prerequisite};
use crate::http::admin::permits::{ManageConnector, Reading};
use crate::http::console::routing::shown;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::words::Label;
use crate::http::pages::parts::{
    Tone, badge, banner, card, dialog, facts, link, main_link, moment, secret, steps,
};
use crate::views::connector::{Connector, ProvisioningRefusal};
use crate::views::oauth_clients::OAuthClient;

/// The number of OAuth clients that are shown: all that a connector can have.
const CLIENTS: i64 = 20;

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(shown("/enterprise/scim", show));
}

/// `GET /app/enterprise/scim`.
async fn show(visit: Visit<Reading<ManageConnector>>) -> Answer {
    let now = visit.admin.now();
    let url = visit.admin.service.public_url.clone();
    let (page, clients) = visit
        .admin
        .read(move |conn, account| {
            let page = connector::page(conn, account, now)?;
            let is_on = page.status != ConnectorStatus::Disabled;
            let clients =
                if is_on { stored::list(conn, account, 0, CLIENTS)?.items } else { Vec::new() };
            Ok((page, clients))
        })
        .await?;
    let clients: Vec<OAuthClient> =
        clients.into_iter().map(|row| OAuthClient::of(&url, row)).collect();
    let connector = Connector::of(&url, page);
    let content = html! {
        header {
            div {
                h1 { "SCIM" }
                p.lead { "Your identity provider creates, changes and deactivates members and teams." }
            }
            (status(connector.status))
        }
        (views(&visit, ""))
        @for warning in &connector.warnings { (banner(Tone::Warn, &html! { (warning) }, None)) }
        @match connector.status {
            ConnectorStatus::Disabled => (off(&visit, &connector)),
            _ => {
                (address(&visit, &connector))
                (tokens::block(&visit, &connector))
                (clients::block(&visit, &clients))
                (settings(&visit, &connector))
                (refusals(&visit, &connector.refusals))
                section.card {
                    header { h2 { "Disable SCIM" } }
                    p {
                        "Every token is refused at once, and provisioning stops. Members, teams and \
                         seats stay as they are."
                    }
                    div.actions { (dialog("Disable SCIM", &visit.at(&format!("{PATH}/disable")))) }
                }
            }
        }
    };
    Ok(visit.show("SCIM", &[], &content))
}

/// Renders the state of the connector.
pub(super) fn status(status: ConnectorStatus) -> Markup {
    let tone = match status {
        ConnectorStatus::Valid => Tone::Good,
        ConnectorStatus::ExpiringSoon => Tone::Warn,
        ConnectorStatus::Expired => Tone::Bad,
        ConnectorStatus::Disabled => Tone::Neutral,
    };
    badge(tone, status.label())
}

type Page = Visit<Reading<ManageConnector>>;

/// Renders what is to be done before SCIM can be enabled, or how to enable it.
fn off(visit: &Page, connector: &Connector) -> Markup {
    let step = |what: Prerequisite, name, text: &str, label, path: &str| {
        let is_missing = connector.missing_prerequisites.contains(&what);
        (name, html! { (text) }, is_missing.then(|| link(label, &visit.at(path))))
    };
    let needed = [
        step(
            Prerequisite::Plan,
            "Enterprise or the trial",
            "SCIM is part of the Enterprise plan.",
            "Plan & billing",
            "/app/billing",
        ),
        step(
            Prerequisite::VerifiedDomain,
            "A verified domain",
            "It shows that the people are yours.",
            "Domains",
            "/app/enterprise/domains/list",
        ),
        step(
            Prerequisite::Sso,
            "Single sign-on",
            "People sign in with the same provider that provisions them.",
            "SSO",
            "/app/enterprise/sso/list",
        ),
    ];
    if !connector.missing_prerequisites.is_empty() {
        return html! {
            section.card.flush { header { h2 { "Before SCIM can be enabled" } } (steps(&needed)) }
        };
    }
    html! {
        section.card {
            header { h2 { "Choose how the identity provider signs in" } }
            div.grid {
                div.choice.tile { div {
                    strong { "Bearer Token" }
                    p.muted { "A token that you enter once, and refresh before it ends. Okta and \
                        Microsoft Entra ID both take it." }
                    (main_link("Enable SCIM", &visit.at(&format!("{PATH}/enable"))))
                } }
                div.choice.tile { div {
                    strong { "OAuth 2.0" }
                    p.muted { "The provider fetches its tokens by itself. Enable SCIM, then add an OAuth \
                        client on this page; the bearer token can be ended afterwards." }
                    (link("Enable SCIM with OAuth 2.0", &visit.at(&format!("{PATH}/enable?by=oauth"))))
                } }
            }
        }
    }
}

fn address(visit: &Page, connector: &Connector) -> Markup {
    let last = match connector.last_request_at {
        Some(at) => moment(at),
        None => html! {
            "None yet: press " em { "Test Connection" } " in Microsoft Entra ID, or "
            em { "Test Connector Configuration" } " in Okta. "
            a href=(visit.at(&format!("{PATH}/guides"))) { "Guides" }
        },
    };
    card(
        "Connector",
        &html! {
            (secret("connector-url", "Connector URL", connector.scim_base_url.as_deref().unwrap_or_default()))
            p.muted { "The URL never changes." }
            (facts(&[("Last request", last)]))
        },
    )
}

fn settings(visit: &Page, connector: &Connector) -> Markup {
    let yes = |on: bool| if on { "Yes" } else { "No" };
    html! {
        section.card {
            header {
                h2 { "Settings" }
                (dialog("Edit settings", &visit.at(&format!("{PATH}/settings"))))
            }
            (facts(&[
                ("Invite control binds SCIM", html! { (yes(connector.invite_control_binds_scim)) }),
                ("Request log keeps personal values", html! { (yes(connector.log_personal_values)) }),
                ("Requests are kept for", html! { (connector.log_days) " days" }),
            ]))
        }
    }
}

fn refusals(visit: &Page, refusals: &[ProvisioningRefusal]) -> Markup {
    html! {
        section.card {
            header {
                h2 { "What provisioning could not do" }
                (link("Show requests", &visit.at(&format!("{PATH}/requests?status=4xx"))))
            }
            @if refusals.is_empty() { p.muted { "Nothing was refused in the last 30 days." } }
            @for refusal in refusals {
                p {
                    (badge(Tone::Bad, refusal.kind.label())) " "
                    (refusal.occurrences) " times, last " (moment(refusal.last_at)) " for "
                    (refusal.last_subject) ": " (refusal.last_detail)
                }
            }
            @if !refusals.is_empty() {
                div.actions { (link("Licenses", &visit.at("/app/enterprise/licenses"))) }
            }
        }
    }
}
