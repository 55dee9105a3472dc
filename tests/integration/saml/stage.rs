//! An account with a connection to an identity provider, as far as a story wants it set up.

use serde_json::{Value, json};

use super::browser::{Browser, Seen};
use crate::support::{Account, App, Client, Form, SamlIdp, text};

/// See above.
pub struct Stage {
    pub account: Account,
    pub idp: SamlIdp,
    /// The connection's path in the administrators' API.
    pub path: String,
    pub acs: String,
    pub audience: String,
    /// The owner's address.
    pub owner: String,
    now: i64,
}

impl Stage {
    /// A connection that both sides know of, with the identity provider's settings as a draft.
    pub async fn draft(app: &App) -> Option<Self> {
        let idp = SamlIdp::start()?;
        let account = app.account(10).await;
        Some(Self::of(app, account, "kongair.example", idp).await)
    }

    /// The same for this domain of this account.
    pub async fn of(app: &App, account: Account, domain: &str, idp: SamlIdp) -> Self {
        let made = json!({"domain": domain});
        let made = account.admin.post("/sso-connections", made).await.expect(201);
        let published = Browser::new().open(&text(&made, "metadata_url")).await.expect(200).page;
        idp.register(published).await;
        let path = format!("/sso-connections/{}", text(&made, "id"));
        // So that both ways in can be tried.
        let saml = json!({"metadata": idp.metadata().await, "idp_initiated": true});
        let settings = json!({"saml": saml});
        account.admin.put(&path, settings).await.expect(200);
        let (acs, audience) = (text(&made, "acs_url"), text(&made, "audience_uri"));
        let (owner, now) = (format!("owner@{domain}"), app.clock.now().0);
        Self { account, idp, path, acs, audience, owner, now }
    }

    /// A connection that is on.
    pub async fn on(app: &App) -> Option<Self> {
        let stage = Self::draft(app).await?;
        stage.switch_on().await;
        Some(stage)
    }

    /// Verifies the draft by a sign-in of the owner's, and switches the connection on.
    pub async fn switch_on(&self) {
        self.verify().await;
        let activation = format!("{}/activation", self.path);
        self.account.admin.put(&activation, json!({})).await.expect(200);
    }

    /// Verifies the draft by a sign-in of the owner's.
    pub async fn verify(&self) {
        self.sign_in(&self.owner).await;
        let seen = self.try_out().await.expect(200);
        assert!(seen.page.contains("<h1>Verified</h1>"), "{}", seen.page);
    }

    /// Opens the link that tries the draft, and signs in there.
    pub async fn try_out(&self) -> Seen {
        let verification = format!("{}/verification", self.path);
        let link = self.account.admin.post(&verification, json!({})).await.expect(201);
        let mut browser = Browser::new();
        let sent = browser.open(&text(&link, "url")).await.expect(303);
        let form = self.idp.follow(&sent.location).await;
        let seen = browser.answer(&form).await;
        assert!(!browser.is_signed_in());
        seen
    }

    /// Says whom the identity provider signs in next.
    pub async fn sign_in(&self, email: &str) {
        self.behave(email, json!({})).await;
    }

    /// The same with some of it otherwise.
    pub async fn behave(&self, email: &str, otherwise: Value) {
        let mut behaviour = json!({"email": email, "now": self.now});
        for (name, value) in otherwise.as_object().unwrap() {
            behaviour[name] = value.clone();
        }
        self.idp.behave(behaviour).await;
    }

    /// A browser that went to the identity provider, and the answer that it is to bring back.
    pub async fn asked(&self, app: &App) -> (Browser, Form) {
        let mut browser = Browser::new();
        let start = format!("{}/sso/start?domain=kongair.example&return_to=/teams", app.url);
        let sent = browser.open(&start).await.expect(303);
        let form = self.idp.follow(&sent.location).await;
        (browser, form)
    }

    /// The answer of a sign-in that the identity provider begins.
    pub async fn unsolicited(&self) -> Form {
        self.idp.start_at(&self.audience).await
    }

    /// The connection as shown.
    pub async fn shown(&self) -> Value {
        self.account.admin.get(&self.path).await.expect(200)
    }

    /// The last failure that the connection shows; empty where there is none.
    pub async fn last_failure(&self) -> String {
        self.shown().await["last_failure"].as_str().unwrap_or_default().to_owned()
    }
}

/// The session of a browser, as the API tells it.
pub async fn session(app: &App, browser: &Browser) -> Value {
    let secret = browser.cookie("insomnia_session").unwrap();
    let client = Client::new(format!("{}/api/v1", app.url), secret.to_owned());
    client.get("/session").await.expect(200)
}
