//! The web console, as a browser without scripts sees it.

mod account;
mod entry;
mod operator;
mod organizations;
mod people;
mod plan;
mod provisioning;
mod refusals;
mod rules;

use crate::support::{App, Browser};

/// A browser in which somebody has signed in by mail.
async fn signed_in(app: &App, email: &str) -> Browser {
    let link = app.sign_in_link(email).await;
    let mut browser = Browser::new();
    browser.submit(&format!("{}/sign-in/{link}", app.url), &app.url, &[]).await.leads_to();
    browser
}

/// The text of a page without its markup, blanks as one.
fn words(page: &str) -> String {
    let parts = page.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    let text: String = parts.collect::<Vec<_>>().join(" ");
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace("&amp;", "&")
}
