//! Domains (docs/domain.md §5), against a name server on loopback.

mod capture;
mod lock;
mod names;
mod removal;
mod sign_up;
mod story;
mod unclaimed;
mod verification;
mod watch;

use std::time::Duration;

use insomnia_scim::administration::accounts::{self, NewAccount};
use insomnia_scim::administration::domains::{Entry, entry_rule};
use insomnia_scim::outside::dns::Dns;
use insomnia_scim::store::{Cost, Scope};
use serde_json::{Value, json};

use crate::support::{Account, App, Client, Database, DnsServer, Options, Response, link_in, text};

/// A server that asks a name server of the test's own.
async fn start(database: Database) -> (App, DnsServer) {
    start_patient(database, Duration::from_secs(20)).await
}

/// The same, waiting so long for an answer.
async fn start_patient(database: Database, timeout: Duration) -> (App, DnsServer) {
    let server = DnsServer::start().await;
    let dns = Dns { resolvers: vec![server.address], timeout, ..Dns::default() };
    (App::start_with(database, Options { dns, ..Options::default() }), server)
}

impl App {
    /// A new account that has no domain.
    async fn account_without_domain(&self, name: &str, owner: &str, seats: i64) -> Account {
        let new = NewAccount {
            name: name.to_owned(),
            owner: owner.to_owned(),
            owner_name: None,
            domains: Vec::new(),
            seats,
        };
        let made = self
            .store
            .write(Scope::NONE, move |transaction| accounts::bootstrap(transaction, &new))
            .await
            .unwrap();
        let base = format!("{}/scim/v2/{}", self.url, made.connector_id);
        Account {
            scim: Client::new(base, made.scim_token.clone()),
            admin: Client::new(format!("{}/api/v1", self.url), made.admin_token.clone()),
            made,
        }
    }

    /// A client without credentials.
    fn public(&self) -> Client {
        Client::new(format!("{}/api/v1", self.url), String::new())
    }

    /// Signs up; gives the token in the mail.
    async fn sign_up(&self, email: &str) -> String {
        let wish = json!({"email": email, "name": "Amelia Earhart"});
        self.public().post("/sign-ups", wish).await.expect(202);
        self.background().await;
        let link = link_in(self.mailbox.to(email).last().unwrap());
        link.strip_prefix(&format!("{}/sign-up?token=", self.url)).unwrap().to_owned()
    }

    /// Confirms an address.
    async fn confirm(&self, token: &str) -> Response {
        self.public().post("/sign-ups/confirm", json!({"token": token})).await
    }

    /// Signs up and confirms.
    async fn join(&self, email: &str) -> Response {
        let token = self.sign_up(email).await;
        self.confirm(&token).await
    }

    /// What capture and lock mean for an address.
    async fn entry(&self, email: &str) -> Entry {
        let (email, now) = (email.to_owned(), self.clock.now());
        self.store.read(Cost::Point, move |conn| entry_rule(conn, &email, now)).await.unwrap()
    }
}

impl Account {
    /// Adds a domain.
    async fn add_domain(&self, name: &str) -> Value {
        self.admin.post("/domains", json!({"name": name})).await.expect(201)
    }

    /// Asks to verify it.
    async fn verify(&self, id: &str) -> Response {
        self.admin.post(&format!("/domains/{id}/verify"), json!({})).await
    }

    /// Adds a domain, publishes its record, verifies it; gives its id.
    async fn verified_domain(&self, dns: &DnsServer, name: &str) -> String {
        let domain = self.add_domain(name).await;
        publish(dns, &domain);
        let id = text(&domain, "id");
        self.verify(&id).await.expect(200);
        id
    }

    /// The id of the domain that the account was made with.
    async fn first_domain(&self) -> String {
        text(&self.admin.items("/domains").await[0], "id")
    }

    /// Switches capture and lock.
    async fn set_rule(&self, id: &str, capture: bool, locked: bool) -> Response {
        let rule = json!({"capture": capture, "locked": locked});
        self.admin.patch(&format!("/domains/{id}"), rule).await
    }

    /// The domain's unclaimed accounts, by address.
    async fn unclaimed(&self, id: &str) -> Vec<String> {
        let items = self.admin.items(&format!("/domains/{id}/unclaimed-accounts")).await;
        items.iter().map(|person| text(person, "email")).collect()
    }
}

/// Publishes the record that a domain shows.
fn publish(dns: &DnsServer, domain: &Value) {
    let record = &domain["txt_record"];
    dns.set_texts(&text(record, "name"), &[&text(record, "value")]);
}
