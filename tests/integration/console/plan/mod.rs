//! Home, Plan & billing, the way to Enterprise, and the banners.

mod banners;
mod billing;
mod home;
mod subscription;

use serde_json::json;

use crate::support::{Account, App, Browser, Client, OPERATOR, Visit, text};

const DAY: i64 = 24 * 60 * 60 * 1000;
const OWNER: &str = "owner@kongair.example";

/// Somebody at the console.
struct Reader {
    browser: Browser,
    server: String,
}

impl Reader {
    /// Signs in by mail.
    async fn sign_in(app: &App, email: &str) -> Self {
        let link = format!("{}/sign-in/{}", app.url, app.sign_in_link(email).await);
        let mut browser = Browser::new();
        browser.submit(&link, &app.url, &[]).await.leads_to();
        Self { browser, server: app.url.clone() }
    }

    async fn get(&mut self, path: &str) -> Visit {
        self.browser.get(&format!("{}{path}", self.server)).await
    }

    /// A page that is there.
    async fn page(&mut self, path: &str) -> String {
        self.get(path).await.page(200)
    }

    /// Sends the form of a page.
    async fn submit(&mut self, path: &str, fields: &[(&str, &str)]) -> Visit {
        let (url, server) = (format!("{}{path}", self.server), self.server.clone());
        self.browser.submit(&url, &server, fields).await
    }

    /// The same, and goes where it leads; gives the page there.
    async fn done(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        let sent = self.submit(path, fields).await;
        sent.leads_to();
        let server = self.server.clone();
        self.browser.stay_at(&server, sent).await.page(200)
    }
}

/// Checks that a page says all of these.
#[track_caller]
fn says(page: &str, texts: &[&str]) {
    for text in texts {
        assert!(page.contains(text), "{text:?} is missing: {page}");
    }
}

/// Checks that a page says none of these.
#[track_caller]
fn is_silent_on(page: &str, texts: &[&str]) {
    for text in texts {
        assert!(!page.contains(text), "{text:?} is there: {page}");
    }
}

/// What a page says of a field: its hint, or the refusal.
#[track_caller]
fn told(page: &str, field: &str) -> String {
    let from = format!("id=\"field-{field}-told\"");
    let (_, rest) = page.split_once(&from).unwrap_or_else(|| panic!("no {from}: {page}"));
    let (_, rest) = rest.split_once('>').unwrap();
    rest.split('<').next().unwrap().to_owned()
}

/// Adds a member with this role, and signs them in.
async fn with_role(app: &App, account: &Account, role: &str) -> Reader {
    let email = format!("{role}@kongair.example");
    account.add_member(&email, role).await;
    Reader::sign_in(app, &email).await
}

/// Issues an activation code: for this account, or for a new customer.
async fn code(app: &App, account: Option<&Account>, seats: i64) -> String {
    let operator = Client::new(format!("{}/api/v1/operator", app.url), OPERATOR.to_owned());
    let new = match account {
        Some(account) => {
            json!({"account_id": account.made.account_id, "seats": seats, "days": 365})
        }
        None => json!({"customer": "KongAir", "seats": seats, "days": 365}),
    };
    text(&operator.post("/activation-codes", new).await.expect(201), "code")
}
