//! SCIM: the connector, who is let in, and what was asked for.

mod clients;
mod connector;
mod guides;
mod health;
mod lifecycle;
mod preview;
mod requests;
mod settings;
mod tokens;
mod why;

use actix_web::web::ServiceConfig;
use maud::Markup;

use super::visit::Visit;
use crate::http::pages::parts::{Tab, tabs};

/// The path of the SCIM page.
pub const PATH: &str = "/app/enterprise/scim";
/// The SCIM page, above others.
const SCIM: (&str, &str) = ("SCIM", PATH);

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .configure(connector::routes)
        .configure(lifecycle::routes)
        .configure(tokens::routes)
        .configure(clients::routes)
        .configure(settings::routes)
        .configure(requests::routes)
        .configure(health::routes)
        .configure(preview::routes)
        .configure(why::routes)
        .configure(guides::routes);
}

/// The views of the SCIM page.
const TABS: [(&str, &str); 6] = [
    ("Connector", ""),
    ("Health", "/health"),
    ("Request log", "/requests"),
    ("Why did this user not arrive?", "/why"),
    ("Preview a list", "/preview"),
    ("Guides", "/guides"),
];

/// Renders the tabs, with this one shown.
fn views<P>(visit: &Visit<P>, shown: &str) -> Markup {
    let addresses = TABS.map(|(_, path)| visit.at(&format!("{PATH}{path}")));
    let list: Vec<Tab<'_>> = TABS
        .iter()
        .zip(&addresses)
        .map(|((label, path), href)| Tab { label, href, is_current: *path == shown })
        .collect();
    tabs("SCIM", &list)
}
