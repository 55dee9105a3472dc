//! Domains, invites, storage, reports and the audit log.

mod audit_log;
mod domains;
mod invites;
mod storage;
mod unclaimed;

use crate::support::{
    Account, App, Browser, Database, DnsServer, Options, Visit, on_both_databases,
};
use insomnia_scim::outside::dns::Dns;
use serde_json::Value;

const OWNER: &str = "owner@kongair.example";

/// Somebody who is signed in, in a browser.
struct Visitor {
    browser: Browser,
    url: String,
}

impl Visitor {
    async fn sign_in(app: &App, email: &str) -> Self {
        let link = format!("{}/sign-in/{}", app.url, app.sign_in_link(email).await);
        let mut browser = Browser::new();
        browser.get(&link).await.page(200);
        browser.submit(&link, &app.url, &[]).await.leads_to();
        Self { browser, url: app.url.clone() }
    }

    /// Opens a page.
    async fn get(&mut self, path: &str) -> Visit {
        self.browser.get(&format!("{}{path}", self.url)).await
    }

    /// The same for a page that is there.
    async fn page(&mut self, path: &str) -> String {
        self.get(path).await.page(200)
    }

    /// Sends a form.
    async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Visit {
        let origin = self.url.clone();
        self.browser.submit(&format!("{}{path}", self.url), &origin, fields).await
    }

    /// Sends a form that does something; gives the page that it leads to, and its path.
    async fn done(&mut self, path: &str, fields: &[(&str, &str)]) -> (String, String) {
        let target = self.send(path, fields).await.leads_to();
        let page = self.browser.get(&target).await.page(200);
        (page, target.strip_prefix(&self.url).unwrap().split('?').next().unwrap().to_owned())
    }
}

/// Checks that a page says all of this.
#[track_caller]
fn says(page: &str, texts: &[&str]) {
    for text in texts {
        assert!(page.contains(text), "no {text:?} in {page}");
    }
}

/// Checks that a refusal stands at a field.
#[track_caller]
fn refuses(page: &str, field: &str, text: &str) {
    let (_, rest) = page
        .split_once(&format!("id=\"field-{field}-told\" role=\"alert\">"))
        .unwrap_or_else(|| panic!("no refusal at {field} in {page}"));
    let said = rest.split('<').next().unwrap();
    assert!(said.contains(text), "{said}");
}

/// A server that asks a name server of the test's own.
async fn start(database: Database) -> (App, DnsServer) {
    let server = DnsServer::start().await;
    let dns = Dns { resolvers: vec![server.address], ..Dns::default() };
    (App::start_with(database, Options { dns, ..Options::default() }), server)
}

/// The rule of invite control.
async fn rule(account: &Account) -> Value {
    account.admin.get("/invite-control").await.expect(200)
}

const PAGES: [&str; 11] = [
    "/app/enterprise/domains/list",
    "/app/enterprise/domains/new",
    "/app/enterprise/invite",
    "/app/enterprise/invite/non-compliant",
    "/app/enterprise/invite/pending",
    "/app/enterprise/invite/remove",
    "/app/enterprise/storage",
    "/app/enterprise/storage/edit/organizations",
    "/app/enterprise/storage/organizations/add",
    "/app/enterprise/reports",
    "/app/enterprise/audit-log",
];

on_both_databases! {
    async fn owners_and_co_owners_find_the_pages_and_others_are_told_whom_to_ask(app: App) {
        let account = app.account(9).await;
        for (email, role, status) in [
            ("carol@kongair.example", "co-owner", 200),
            ("mia@kongair.example", "member", 403),
            ("bill@kongair.example", "billing-only", 403),
        ] {
            account.add_member(email, role).await;
            let mut visitor = Visitor::sign_in(&app, email).await;
            for path in PAGES {
                let page = visitor.get(path).await.page(status);
                assert_eq!(page.contains("You may not do this"), status == 403, "{path}: {page}");
            }
            let forms = [
                ("/app/enterprise/domains/new", vec![("verify_using", "unique_record"), ("name", "x.example")]),
                ("/app/enterprise/storage/edit/organizations", vec![("organizations", "git_sync")]),
                ("/app/enterprise/invite", vec![("rule", "off")]),
            ];
            if status == 403 {
                for (path, fields) in forms {
                    visitor.send(path, &fields).await.page(403);
                }
            }
        }
        assert_eq!(account.admin.items("/domains").await.len(), 1);
        assert_eq!(rule(&account).await["rule"], "all_domains");
    }

    async fn a_plan_without_them_shows_what_is_there_and_changes_nothing(app: App) {
        let account = app.account(9).await;
        let mut owner = Visitor::sign_in(&app, OWNER).await;
        app.database.execute("UPDATE enterprises SET plan = 'pro'");
        for path in ["/app/enterprise/domains/list", "/app/enterprise/storage", "/app/enterprise/invite"] {
            owner.page(path).await;
        }
        let fields = [("verify_using", "unique_record"), ("name", "x.example")];
        let page = owner.send("/app/enterprise/domains/new", &fields).await.page(403);
        says(&page, &["Your plan does not include this", "Start 14 day trial"]);
        assert_eq!(account.admin.items("/domains").await.len(), 1);
    }
}
