//! My account: what is the person's own, in whichever account they act, and what they hold there.

mod addresses;
mod memberships;
mod profile;
mod recovery;
mod sessions;
mod tokens;

use actix_web::web::ServiceConfig;
use maud::{Markup, html};

use super::frame::Frame;
use crate::enterprise::Role;
use crate::http::pages::parts::{Tab, tabs};

pub use memberships::invitations;

const TITLE: &str = "My account";
const PATH: &str = "/app/account";
const TOKENS: &str = "/app/account/tokens";
const RECOVERY: &str = "/app/account/recovery";
const SESSIONS: &str = "/app/account/sessions";

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    config
        .configure(profile::routes)
        .configure(addresses::routes)
        .configure(memberships::routes)
        .configure(tokens::routes)
        .configure(recovery::routes)
        .configure(sessions::routes);
}

/// Renders the head of the pages: title and tabs. Tokens are a member's, so they need an account.
fn head(frame: &Frame, current: &str) -> Markup {
    let mut pages = vec![("Profile", PATH)];
    if frame.account().is_some() {
        pages.push(("Personal tokens", TOKENS));
    }
    if frame.role() == Some(Role::Owner) {
        pages.push(("Recovery links", RECOVERY));
    }
    pages.push(("Sessions", SESSIONS));
    let links: Vec<String> = pages.iter().map(|(_, path)| frame.link(path)).collect();
    let all: Vec<Tab<'_>> = pages
        .iter()
        .zip(&links)
        .map(|((label, path), href)| Tab { label, href, is_current: *path == current })
        .collect();
    html! {
        header {
            div {
                h1 { (TITLE) }
                p.lead { "You are signed in as " (frame.email()) "." }
            }
        }
        (tabs(TITLE, &all))
    }
}
