//! Single sign-on, signing in by mail, and sessions (docs/domain.md §6).

mod browsers;
mod claims;
mod connections;
mod forged;
mod keys;
mod mail;
mod network;
mod onboarding;
mod recovery;
mod resting;
mod second_proof;
mod sessions;
mod switching;

use serde_json::{Value, json};

use crate::support::{Account, App, Browser, Client, Issuer, Key, Visit, parameter, text};

/// The domain that accounts have in these tests.
const DOMAIN: &str = "kongair.example";

/// Makes a connection for a domain; gives its id.
async fn connect(account: &Account, domain: &str, entry: &Value) -> String {
    let mut new = json!({"domain": domain});
    new.as_object_mut().unwrap().extend(entry.as_object().unwrap().clone());
    text(&account.admin.post("/sso-connections", new).await.expect(201), "id")
}

/// Asks for the link that verifies a connection.
async fn verification(account: &Account, id: &str) -> String {
    let path = format!("/sso-connections/{id}/verification");
    text(&account.admin.post(&path, json!({})).await.expect(201), "url")
}

/// A connection as its administrators see it.
async fn connection(account: &Account, id: &str) -> Value {
    account.admin.get(&format!("/sso-connections/{id}")).await.expect(200)
}

/// An identity provider of the test's own, at a connection that is on.
pub(crate) struct Connected {
    issuer: Issuer,
    key: Key,
    pub(crate) id: String,
}

impl Connected {
    pub(crate) async fn on(app: &App, account: &Account) -> Self {
        let connected = Self::verified(app, account).await;
        let path = format!("/sso-connections/{}/activation", connected.id);
        account.admin.put(&path, json!({})).await.expect(200);
        connected
    }

    async fn verified(app: &App, account: &Account) -> Self {
        let connected = Self::entered(account, DOMAIN).await;
        let url = verification(account, &connected.id).await;
        let owner = format!("owner@{DOMAIN}");
        connected.answer(app, &mut Browser::new(), &url, &owner).await.page(200);
        connected
    }

    async fn entered(account: &Account, domain: &str) -> Self {
        let key = Key::new("one");
        let issuer = Issuer::start(&key);
        let id = connect(account, domain, &issuer.entry()).await;
        Self { issuer, key, id }
    }

    /// The same connection at a provider that is met for the first time.
    async fn entered_again(account: &Account, id: &str) -> Self {
        let key = Key::new("one");
        let issuer = Issuer::start(&key);
        let path = format!("/sso-connections/{id}");
        account.admin.put(&path, issuer.entry()).await.expect(200);
        Self { issuer, key, id: id.to_owned() }
    }

    /// Goes there and comes back as this person.
    async fn answer(&self, app: &App, browser: &mut Browser, url: &str, email: &str) -> Visit {
        let (request, claims) = self.begin(app, browser, url, email).await;
        self.come_back(app, browser, &request, &claims).await
    }

    /// Comes back with these claims.
    pub(crate) async fn come_back(
        &self,
        app: &App,
        browser: &mut Browser,
        request: &str,
        claims: &Value,
    ) -> Visit {
        self.issuer.give(&self.key.sign(claims));
        browser.get(&callback(app, request)).await
    }

    /// What the identity provider says of somebody, signed.
    pub(crate) fn assertion(&self, claims: &Value) -> String {
        self.key.sign(claims)
    }

    /// Goes there; gives the request, and claims that would be believed.
    pub(crate) async fn begin(
        &self,
        app: &App,
        browser: &mut Browser,
        url: &str,
        email: &str,
    ) -> (String, Value) {
        let request = browser.get(url).await.leads_to();
        assert!(request.starts_with(&self.issuer.url), "{request}");
        let claims = self.issuer.claims(email, &parameter(&request, "nonce"), app.clock.now());
        (request, claims)
    }
}

/// The answer to a request, as the browser brings it.
fn callback(app: &App, request: &str) -> String {
    let redirect = parameter(request, "redirect_uri");
    assert!(redirect.starts_with(&app.url), "{redirect}");
    format!("{redirect}?code=code&state={}", parameter(request, "state"))
}

/// Where users of the domain begin.
pub(crate) fn start(app: &App) -> String {
    format!("{}/sso/start?domain={DOMAIN}", app.url)
}

/// Whoever the browser is signed in as, with the secret of its cookie.
pub(crate) fn client(app: &App, browser: &Browser) -> Option<Client> {
    let secret = browser.cookie(&app.url, "insomnia_session")?;
    Some(Client::new(format!("{}/api/v1", app.url), secret))
}
