//! Accounts of people who were no customers before, and the owners of new ones.

mod letters;
mod newcomers;
mod ownership;

use serde_json::json;

use crate::support::{App, Client, link_in, text};

/// Somebody without credentials.
fn nobody(app: &App) -> Client {
    Client::new(format!("{}/api/v1", app.url), String::new())
}

/// Signs up and confirms the address; gives the answer.
async fn join(app: &App, email: &str) -> serde_json::Value {
    let public = nobody(app);
    public.post("/sign-ups", json!({"email": email, "name": "Amelia Earhart"})).await.expect(202);
    app.background().await;
    let mails = app.mailbox.to(email);
    let mail = mails.iter().rfind(|mail| mail.subject == "Confirm your address").unwrap();
    let token = link_in(mail).rsplit_once("token=").unwrap().1.to_owned();
    public.post("/sign-ups/confirm", json!({"token": token})).await.expect(200)
}

/// The newest link in a mail to this address whose subject begins so.
fn newest_link(app: &App, email: &str, subject: &str) -> String {
    let mails = app.mailbox.to(email);
    let mail = mails.iter().rfind(|mail| mail.subject.starts_with(subject));
    let mail = mail.unwrap_or_else(|| panic!("no {subject} for {email}"));
    link_in(mail).rsplit_once('/').unwrap().1.to_owned()
}

/// Lets the session act in this account.
async fn act_in(session: &Client, account: &str) {
    session.patch("/session", json!({"account_id": account})).await.expect(200);
}

/// The accounts that a session can act in, by id.
async fn accounts_of(session: &Client) -> Vec<String> {
    let shown = session.get("/session").await.expect(200);
    shown["accounts"].as_array().unwrap().iter().map(|one| text(one, "account_id")).collect()
}
