//! Plans: activation, trial, downgrade, the inactive state, reactivation (docs/domain.md §1).

mod activation;
pub mod billing;
mod contacts;
mod ending;
mod git_sync;
mod onboarding;
mod smaller;
mod trial;

use serde_json::{Value, json};

use crate::support::{Account, App, Client, OPERATOR, text};

pub const DAY: i64 = 24 * 60 * 60 * 1000;

/// The operator's client.
pub fn operator(app: &App) -> Client {
    Client::new(format!("{}/api/v1/operator", app.url), OPERATOR.to_owned())
}

/// Issues a code for a customer who has no account yet.
pub async fn code(app: &App, customer: &str, seats: i64, days: i64) -> String {
    let new = json!({"customer": customer, "seats": seats, "days": days});
    text(&operator(app).post("/activation-codes", new).await.expect(201), "code")
}

/// Issues a code for an account.
pub async fn code_for(app: &App, account: &Account, seats: i64, days: i64) -> String {
    let new = json!({"account_id": account.made.account_id, "seats": seats, "days": days});
    text(&operator(app).post("/activation-codes", new).await.expect(201), "code")
}

/// Somebody without a token.
pub fn nobody(app: &App) -> Client {
    Client::new(format!("{}/api/v1", app.url), String::new())
}

/// The owner of an account made of a code.
pub async fn activated(app: &App, name: &str, code: &str) -> Client {
    let new = json!({"code": code, "account_name": name, "owner_email": "olive@kongair.example"});
    let made = nobody(app).post("/activations", new).await.expect(201);
    nobody(app).with_token(&text(&made, "admin_token"))
}

/// The plan as its owner sees it.
pub async fn plan(owner: &Client) -> Value {
    owner.get("/plan").await.expect(200)
}
