//! What to enter where: Okta and Microsoft Entra ID, with this account's values filled in.

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::{PATH, SCIM, views};
use crate::administration::connector;
use crate::http::admin::permits::{ManageConnector, Reading};
use crate::http::console::routing::shown;
use crate::http::console::visit::{Answer, Visit};
use crate::http::pages::parts::{Tone, banner, card, facts};
use crate::views::connector::Connector;

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(shown("/enterprise/scim/guides", show));
}

/// `GET /app/enterprise/scim/guides`.
async fn show(visit: Visit<Reading<ManageConnector>>) -> Answer {
    let now = visit.admin.now();
    let page = visit.admin.read(move |conn, account| connector::page(conn, account, now)).await?;
    let connector = Connector::of(&visit.admin.service.public_url, page);
    let url = connector.scim_base_url;
    let content = html! {
        header { h1 { "Guides" } }
        (views(&visit, "/guides"))
        @if url.is_none() {
            (banner(
                Tone::Info,
                &html! { "Enable SCIM first: it makes the URL that the identity provider asks for." },
                Some(("SCIM", &visit.at(PATH))),
            ))
        }
        @let url = html! { code { (url.as_deref().unwrap_or("the connector URL")) } };
        div.grid {
            (card("Okta", &okta(&url)))
            (card("Microsoft Entra ID", &entra(&url)))
        }
    };
    Ok(visit.show("Guides", &[SCIM], &content))
}

fn okta(url: &Markup) -> Markup {
    html! {
        ol {
            li { "Application › General › App Settings: Provisioning " em { "SCIM" } ", Save." }
            li { "Provisioning › Integration › Edit:"
                (facts(&[
                    ("SCIM connector base URL", url.clone()),
                    ("Unique identifier field for users", html! { code { "email" } }),
                    ("Supported provisioning actions", html! {
                        "Push New Users, Push Profile Updates, Push Groups"
                    }),
                    ("Authentication Mode", html! { "HTTP Header" }),
                    ("Authorization", html! { "the token" }),
                ]))
            }
            li { em { "Test Connector Configuration" } ", then Save." }
            li { "Provisioning › To App › Edit: Create Users, Update User Attributes, Deactivate Users." }
            li { "Assignments: assign people or groups." }
            li { "Push Groups: each group becomes a team." }
        }
    }
}

fn entra(url: &Markup) -> Markup {
    html! {
        ol {
            li { "Enterprise application › Provisioning › New configuration:"
                (facts(&[
                    ("Tenant URL", html! { (url) " and " code { "?aadOptscim062020" } " at its end" }),
                    ("Secret token", html! { "the token" }),
                ]))
            }
            li { em { "Test Connection" } ", then Create." }
            li { "Users and groups: add who is to be provisioned." }
            li { "Start provisioning. The first cycle takes up to 40 minutes; "
                em { "Provision on demand" } " does one user at once." }
        }
    }
}
