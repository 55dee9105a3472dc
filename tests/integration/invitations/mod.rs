//! Inviting users, and invite control (docs/domain.md §4).

mod acceptance;
mod compliance;
mod control;
mod delivery;
mod inviting;
mod onboarding;
mod organizations;
mod own;
mod races;
mod signing_in;
mod time;

use serde_json::{Value, json};

use crate::support::{Account, App, Client, Response, link_in};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Somebody without credentials.
fn anybody(app: &App) -> Client {
    Client::new(format!("{}/api/v1", app.url), String::new())
}

/// The token in the link of the newest mail to an address, after mail has gone out.
async fn token_of(app: &App, email: &str) -> String {
    app.background().await;
    let mails = app.mailbox.to(email);
    let newest = mails.last().unwrap_or_else(|| panic!("no mail to {email}"));
    let link = link_in(newest);
    let (before, token) = link.split_once("?token=").unwrap();
    assert_eq!(before, format!("{}/invitations/accept", app.url));
    assert!(token.starts_with("insomnia_invitation_"), "{token}");
    token.to_owned()
}

/// Accepts by a link's token.
async fn accept(app: &App, token: &str) -> Response {
    anybody(app).post("/invitations/accept", json!({"token": token})).await
}

/// Looks at what a link offers.
async fn look(app: &App, token: &str) -> Response {
    anybody(app).get(&format!("/invitation-acceptance?token={token}")).await
}

/// What the audit log says that was done, newest first: action, actor's kind, target's name.
async fn log(account: &Account, action: &str) -> Vec<(Value, Value)> {
    let path = format!("/audit-log?action={action}");
    let page = account.admin.get(&path).await.expect(200);
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| (item["actor"].clone(), item["target"].clone())).collect()
}

/// Sets the account's rule.
async fn rule(account: &Account, rule: &str, domains: &[&str]) {
    let wanted = json!({"rule": rule, "domains": domains});
    assert_eq!(account.admin.put("/invite-control", wanted.clone()).await.expect(200), wanted);
    assert_eq!(account.admin.get("/invite-control").await.expect(200), wanted);
}
