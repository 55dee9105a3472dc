//! A server of the test's own, and accounts in it.

use std::net::TcpListener;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use insomnia_scim::administration::accounts::{self, BootstrappedAccount, NewAccount};
use insomnia_scim::administration::plans::BillingContacts;
use insomnia_scim::background::requests::Requests;
use insomnia_scim::background::{self, Work};
use insomnia_scim::enterprise::secret::{Keyring, SecretKey};
use insomnia_scim::enterprise::{Clock, Timestamp};
use insomnia_scim::http::{
    self, Connections, Patience, Secrets, ServerLimits, Service, TrustedProxies,
};
use insomnia_scim::outside::dns::Dns;
use insomnia_scim::outside::mail::Transport;
use insomnia_scim::outside::network::Networks;
use insomnia_scim::provisioning::search;
use insomnia_scim::store::{Opening, Scope, Sizes, Store};

use super::{Client, Database, Mailbox};

/// 2026-01-01T00:00:00Z.
const START: Timestamp = Timestamp(1_767_225_600_000);

/// The operator's token of every test's server.
pub const OPERATOR: &str = "operator-of-the-test";
/// What every test's server seals with.
pub const SECRET_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
/// What the billing system signs with.
pub const BILLING: &str = "billing-of-the-test";

/// Few connections: many servers run at once.
const SIZES: Sizes = Sizes { readers: 3, scanners: 2, writers: 4 };

/// What differs from test to test.
pub struct Options {
    pub limits: ServerLimits,
    pub secrets: Secrets,
    pub clock: Clock,
    pub secret_key: Option<SecretKey>,
    /// Where mail goes that is not told otherwise.
    pub mailbox: Mailbox,
    /// How mail is sent instead of being put into the mailbox.
    pub mail: Option<Arc<dyn Transport>>,
    /// How the server is known outside, if not by its own address.
    pub public_url: Option<String>,
    /// How names are looked up.
    pub dns: Dns,
    /// Where identity providers may be that is not public: those of tests are on this machine.
    pub idp_networks: Networks,
    /// Whose word counts of where a request came from.
    pub proxies: TrustedProxies,
    pub billing: BillingContacts,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            limits: ServerLimits {
                max_body: 8 * 1024 * 1024,
                patience: Patience::default(),
                connections: 4096,
                bulk_operations: 1000,
                search: search::Limits { default_page: 100, max_page: 1000, cursor_timeout: 3600 },
                rate: None,
            },
            secrets: Secrets::new(Some(OPERATOR), vec![BILLING.to_owned()]),
            clock: Clock::fixed(START),
            secret_key: SecretKey::parse(SECRET_KEY).ok(),
            mailbox: Mailbox::default(),
            mail: None,
            public_url: None,
            dns: Dns::default(),
            idp_networks: Networks::new(vec!["127.0.0.0/8".parse().unwrap()]),
            proxies: TrustedProxies::default(),
            billing: BillingContacts::default(),
        }
    }
}

/// A running server on a database of its own. It stops, and its database goes, with the value.
pub struct App {
    pub clock: Clock,
    pub store: Store,
    pub url: String,
    /// The mail that was sent, by whichever node.
    pub mailbox: Mailbox,
    // Fields go in this order: the server before its database.
    node: Node,
    pub database: Database,
}

/// One server. It stops with the value, if it is the value's own.
pub struct Node {
    pub store: Store,
    pub url: String,
    work: Work,
    running: Option<(ServerHandle, JoinHandle<()>)>,
}

impl App {
    pub fn start(database: Database) -> Self {
        Self::start_with(database, Options::default())
    }

    pub fn start_with(database: Database, options: Options) -> Self {
        let (clock, mailbox) = (options.clock.clone(), options.mailbox.clone());
        let node = Node::start(&database, options);
        let (store, url) = (node.store.clone(), node.url.clone());
        Self { clock, store, url, mailbox, node, database }
    }

    /// A node that is at work at the same time as this one. A file of SQLite has one server only, so
    /// there it is the same server once more.
    pub fn peer(&self) -> Node {
        if self.database.is_file() { self.node.shared() } else { self.second_node() }
    }

    /// The same, known outside by the name of the first, as behind a load balancer.
    pub fn peer_of_this_name(&self) -> Node {
        if self.database.is_file() { self.node.shared() } else { self.second_node_of_this_name() }
    }

    /// One more server on the same database, with the same clock, for what is done by one after the
    /// other. What both do at once is for [`Self::peer`].
    pub fn second_node(&self) -> Node {
        self.node_known_as(None)
    }

    /// The same, known outside by the name of the first, as behind a load balancer.
    pub fn second_node_of_this_name(&self) -> Node {
        self.node_known_as(Some(self.url.clone()))
    }

    fn node_known_as(&self, public_url: Option<String>) -> Node {
        self.node_with(Options { public_url, ..Options::default() })
    }

    /// The same with options of its own, but for the clock and the mail.
    pub fn node_with(&self, options: Options) -> Node {
        let options = Options {
            clock: self.clock.clone(),
            mailbox: self.mailbox.clone(),
            mail: self.node.work.mail.clone(),
            ..options
        };
        Node::start(&self.database, options)
    }

    /// Does once what the server does by itself, by the test's clock: jobs that are due, then mail.
    pub async fn background(&self) {
        self.node.background().await;
    }

    /// A new account with this many seats, of which its owner takes one.
    pub async fn account(&self, seats: i64) -> Account {
        self.account_named("KongAir", "kongair.example", seats).await
    }

    /// A new account of this name, whose owner is `owner@` the domain.
    pub async fn account_named(&self, name: &str, domain: &str, seats: i64) -> Account {
        self.founded(NewAccount {
            name: name.to_owned(),
            owner: format!("owner@{domain}"),
            owner_name: Some(("Olive".to_owned(), "Owner".to_owned())),
            domains: vec![domain.to_owned()],
            seats,
        })
        .await
    }

    /// A new account of this name with an owner whose address is in no domain of it.
    pub async fn account_owned_by(&self, name: &str, owner: &str) -> Account {
        self.founded(NewAccount {
            name: name.to_owned(),
            owner: owner.to_owned(),
            owner_name: None,
            domains: Vec::new(),
            seats: 9,
        })
        .await
    }

    async fn founded(&self, new: NewAccount) -> Account {
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
}

impl Node {
    fn start(database: &Database, options: Options) -> Self {
        let store = Store::open(&database.url, Opening::Create, SIZES, options.clock).unwrap();
        let keys = options.secret_key.map(|key| Arc::new(Keyring::from(key)));
        if let Some(keys) = &keys {
            store.seal_with(Arc::clone(keys));
        }
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mail = options.mail.unwrap_or_else(|| Arc::new(options.mailbox));
        let public_url = options.public_url.unwrap_or_else(|| url.clone());
        let requests = Requests::default();
        let work = Work {
            store: store.clone(),
            public_url: public_url.clone(),
            mail: Some(mail),
            dns: Arc::new(options.dns.clone()),
            requests,
        };
        let service = Service::new(store.clone(), public_url, options.limits)
            .with_secrets(options.secrets)
            .with_billing(options.billing)
            .with_secret_key(keys)
            .with_dns(options.dns)
            .with_idp_networks(options.idp_networks)
            .with_proxies(options.proxies)
            .with_requests(work.requests.clone());
        let (send, receive) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new()
                .block_on(async move {
                    let server = http::serve(service, listener, 2, Connections::default()).unwrap();
                    send.send(server.handle()).unwrap();
                    server.await
                })
                .unwrap();
        });
        let handle = receive.recv().unwrap();
        Self { store, url, work, running: Some((handle, thread)) }
    }

    /// The same server once more.
    fn shared(&self) -> Self {
        let (store, url, work) = (self.store.clone(), self.url.clone(), self.work.clone());
        Self { store, url, work, running: None }
    }

    /// The same as [`App::background`], on this node.
    pub async fn background(&self) {
        background::run_due(&self.work).await.unwrap();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some((handle, thread)) = self.running.take() {
            // The stop is carried out by the server's own thread; nothing has to poll this future.
            drop(handle.stop(false));
            let _ = thread.join();
        }
    }
}

/// An account, with a client for its identity provider and one for its owner.
#[derive(Clone)]
pub struct Account {
    pub scim: Client,
    pub admin: Client,
    pub made: BootstrappedAccount,
}

impl Account {
    /// Seats in use, and seats there are.
    pub async fn seats(&self) -> (i64, i64) {
        let seats = self.admin.get("/seats").await.expect(200);
        (seats["used"].as_i64().unwrap(), seats["total"].as_i64().unwrap())
    }

    /// Provisions a user; gives its id.
    pub async fn provision(&self, address: &str) -> String {
        let user = self.scim.post("/Users", super::user(address)).await.expect(201);
        user["id"].as_str().unwrap().to_owned()
    }
}
