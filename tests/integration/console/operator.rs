//! The operator's pages: entering, codes, accounts, and the way out of a broken single sign-on.

use serde_json::json;

use super::{signed_in, words};
use crate::single_sign_on::{Connected, client, start};
use crate::support::{
    Account, App, Browser, Client, OPERATOR, Options, Visit, link_in, on_both_databases,
    on_both_migrated_databases, text,
};
use insomnia_scim::http::base::secrets::Secrets;

const OWNER: &str = "owner@kongair.example";

/// The operator at a browser.
struct Operator {
    browser: Browser,
    server: String,
}

impl Operator {
    fn of(app: &App) -> Self {
        Self { browser: Browser::new(), server: app.url.clone() }
    }

    async fn entered(app: &App) -> Self {
        let mut operator = Self::of(app);
        operator.send("/sign-in", &[("token", OPERATOR)]).await.leads_to();
        operator
    }

    async fn get(&mut self, path: &str) -> Visit {
        self.browser.get(&format!("{}/operator{path}", self.server)).await
    }

    async fn says(&mut self, path: &str) -> String {
        words(&self.get(path).await.page(200))
    }

    async fn send(&mut self, path: &str, fields: &[(&str, &str)]) -> Visit {
        let url = format!("{}/operator{path}", self.server);
        self.browser.submit(&url, &self.server.clone(), fields).await
    }

    async fn done(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        let target = self.send(path, fields).await.leads_to();
        words(&self.browser.get(&target).await.page(200))
    }
}

/// A client of the API.
fn api(app: &App, token: &str) -> Client {
    Client::new(format!("{}/api/v1", app.url), token.to_owned())
}

fn path_of(account: &Account) -> String {
    format!("/accounts/{}", account.made.account_id)
}

on_both_databases! {
    async fn the_token_opens_the_pages_until_the_browser_is_closed(app: App) {
        let account = app.account(9).await;
        let mut operator = Operator::of(&app);
        let asked = operator.get("/activation-codes?search=a").await.leads_to();
        let expected = "/operator/sign-in?return_to=%2Foperator%2Factivation-codes%3Fsearch%3Da";
        assert_eq!(asked, format!("{}{expected}", app.url));
        // Neither a wrong token, nor an administrator's, nor a session.
        for token in ["wrong-token-of-nobody", account.made.admin_token.as_str(), ""] {
            let refused = operator.send("/sign-in", &[("token", token)]).await.page(403);
            assert!(refused.contains("id=\"field-token-told\" role=\"alert\""), "{refused}");
            assert!(token.is_empty() || !refused.contains(token), "it is not shown again");
        }
        let mut owner = Operator { browser: signed_in(&app, OWNER).await, server: app.url.clone() };
        assert!(owner.get("/accounts").await.leads_to().contains("/operator/sign-in"));

        let fields = [("token", OPERATOR), ("return_to", "/operator/activation-codes")];
        let entered = operator.send("/sign-in", &fields).await;
        assert_eq!(entered.leads_to(), format!("{}/operator/activation-codes", app.url));
        let [cookie] = &entered.cookies[..] else { panic!("{:?}", entered.cookies) };
        assert!(cookie.contains("HttpOnly; SameSite=Strict"), "{cookie}");
        assert!(!cookie.contains("Max-Age") && !cookie.contains(OPERATOR), "{cookie}");
        assert!(operator.get("").await.leads_to().ends_with("/operator/accounts"));
        assert!(operator.says("/accounts").await.contains("KongAir"));
        // It opens nothing else, and other sites' forms do nothing.
        let app_page = operator.browser.get(&format!("{}/app", app.url)).await;
        assert!(app_page.leads_to().contains("/sign-in?"), "{}", app_page.leads_to());
        let url = format!("{}/operator/activation-codes/new", app.url);
        let fields = [("customer", "Evil"), ("seats", "9"), ("days", "9")];
        let forged = operator.browser.submit(&url, "https://evil.example", &fields).await;
        assert!(words(&forged.page(403)).contains("another site"));

        app.clock.advance(12 * 60 * 60 * 1000);
        assert!(operator.get("/accounts").await.leads_to().contains("/operator/sign-in"));
        let mut operator = Operator::entered(&app).await;
        operator.send("/sign-out", &[]).await.leads_to();
        assert!(operator.get("/accounts").await.leads_to().contains("/operator/sign-in"));
    }

    async fn guessing_the_token_is_slowed(app: App) {
        let mut operator = Operator::of(&app);
        for _ in 0..20 {
            operator.send("/sign-in", &[("token", "a-guess-of-somebody")]).await.page(403);
        }
        let slowed = operator.send("/sign-in", &[("token", "a-guess-of-somebody")]).await;
        assert!(words(&slowed.page(429)).contains("Too many wrong attempts"));
        Operator::entered(&app).await;
    }

    async fn a_code_is_issued_shown_once_entered_or_revoked(app: App) {
        let account = app.account(9).await;
        let mut operator = Operator::entered(&app).await;
        let said = operator.says("/activation-codes").await;
        assert!(said.contains("No code yet"), "{said}");
        let wrong = [("customer", "Acme Air"), ("seats", "many"), ("days", "30")];
        let refused = operator.send("/activation-codes/new", &wrong).await.page(422);
        assert!(refused.contains("id=\"field-seats-told\" role=\"alert\""), "{refused}");
        assert!(refused.contains("value=\"Acme Air\""), "what was typed is kept");
        let fields = [("customer", "Acme Air"), ("seats", "30"), ("days", "90")];
        let shown = operator.send("/activation-codes/new", &fields).await.page(200);
        let (_, rest) = shown.split_once("id=\"code\"").unwrap();
        let code = rest.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let listed = operator.says("/activation-codes?search=acme").await;
        assert!(listed.contains("Acme Air Issued 30 90"), "{listed}");
        assert!(!listed.contains(&code), "a secret is shown once");
        assert!(operator.says("/activation-codes?search=zzz").await.contains("Clear filters"));

        // For an account that is there, from its page.
        let own = format!("/activation-codes/new?account={}", account.made.account_id);
        assert!(operator.says(&own).await.contains("Only KongAir can enter it."));
        let fields = [("account", account.made.account_id.as_str()), ("seats", "70"), ("days", "365")];
        let shown = operator.send("/activation-codes/new", &fields).await.page(200);
        let (_, rest) = shown.split_once("id=\"code\"").unwrap();
        let further = rest.split("value=\"").nth(1).unwrap().split('"').next().unwrap();
        let plan = account.admin.post("/plan/activations", json!({"code": further})).await.expect(200);
        assert_eq!(plan["seats"], 70);
        assert!(operator.says(&path_of(&account)).await.contains("1 of 70 seats used"));

        let codes = api(&app, OPERATOR).items("/operator/activation-codes").await;
        let id = text(codes.iter().find(|one| one["customer"] == "Acme Air").unwrap(), "id");
        let revoke = format!("/activation-codes/{id}/revoke");
        assert!(operator.says(&revoke).await.contains("Revoke this activation code?"));
        assert!(operator.done(&revoke, &[]).await.contains("The code is revoked."));
        let again = operator.send(&revoke, &[]).await.page(404);
        assert!(again.contains("role=\"alert\""), "{again}");
        let new = json!({"code": code, "account_name": "Acme Air", "owner_email": "a@acme.example"});
        api(&app, "").post("/activations", new).await.expect(403);
    }

    async fn who_cannot_sign_in_any_more_is_helped(app: App) {
        let account = app.account(9).await;
        let connected = Connected::on(&app, &account).await;
        let mut operator = Operator::entered(&app).await;
        let own = path_of(&account);
        let said = operator.says(&own).await;
        for part in ["Olive Owner", OWNER, "kongair.example Verified", "Single sign-on was switched on"] {
            assert!(said.contains(part), "{part}: {said}");
        }
        let ask = format!("{own}/recovery?owner={OWNER}");
        assert!(operator.says(&ask).await.contains("You do not see it."));
        let said = operator.done(&format!("{own}/recovery"), &[("owner", OWNER)]).await;
        assert!(said.contains("on its way to the owner"), "{said}");
        app.background().await;
        let mails = app.mailbox.to(OWNER);
        let mail = mails.iter().find(|mail| mail.subject.contains("past single sign-on")).unwrap();
        let link = link_in(mail);
        assert!(link.contains("/recover/") && !said.contains(&link), "{link}");
        let nobody = operator.send(&format!("{own}/recovery"), &[("owner", "eve@evil.example")]).await;
        assert!(words(&nobody.page(404)).contains("No active owner"));

        let off = format!("{own}/sso/{}/off", connected.id);
        let refused = operator.send(&off, &[("confirm", "kongair")]).await.page(422);
        assert!(words(&refused).contains("type kongair.example to confirm"), "{refused}");
        let said = operator.done(&off, &[("confirm", "kongair.example")]).await;
        assert!(said.contains("Single sign-on is off"), "{said}");
        let path = format!("/sso-connections/{}", connected.id);
        assert_eq!(account.admin.get(&path).await.expect(200)["state"], "verified");
        let log = account.admin.items("/audit-log").await;
        assert_eq!(log[0]["action"], "sso-connection.switched-off");
        assert_eq!(log[0]["actor"]["kind"], "operator");
        operator.get("/accounts/ent_none").await.page(404);
        operator.get(&format!("{own}/sso/sso_none/off")).await.page(404);
    }

    async fn another_identity_of_a_member_is_confirmed_by_clicking(app: App) {
        let account = app.account(9).await;
        account.add_member("carol@elsewhere.example", "co-owner").await;
        let (email, domain) = ("amelia@kongair.example", "kongair.example");
        let amelia = account.provision(email).await;
        let connected = Connected::on(&app, &account).await;
        let arrives = async |subject: &str| {
            let mut browser = Browser::new();
            let (request, mut claims) = connected.begin(&app, &mut browser, &start(&app), email).await;
            claims["sub"] = json!(subject);
            connected.come_back(&app, &mut browser, &request, &claims).await;
            client(&app, &browser).is_some()
        };
        assert!(arrives("00u1").await && !arrives("00u2").await);
        // Her address is of no domain of the account, so she is asked whether it is she.
        let joining = app.signed_in("carol@elsewhere.example").await;
        let waiting = joining.get("/session").await.expect(200)["waiting"][0].clone();
        let join = format!("/session/memberships/{}/join", text(&waiting, "member_id"));
        joining.post(&join, json!({})).await.expect(200);
        let mut carol = signed_in(&app, "carol@elsewhere.example").await;
        let base = format!("{}/app/enterprise", app.url);
        let list = carol.get(&format!("{base}/sso/{}/people", connected.id)).await.page(200);
        assert!(words(&list).contains("00u1") && words(&list).contains("00u2"), "{list}");
        let member = carol.get(&format!("{base}/members/{amelia}")).await.page(200);
        assert!(words(&member).contains(&format!("identity provider of {domain} tried")), "{member}");
        let ask = format!("{base}/sso/{}/people/{amelia}/confirm", connected.id);
        assert!(member.contains(&format!("/sso/{}/people/{amelia}/confirm", connected.id)));
        let said = words(&carol.get(&ask).await.page(200));
        assert!(said.contains("Is this amelia@kongair.example?") && said.contains("00u2"), "{said}");
        let target = carol.submit(&ask, &app.url, &[]).await.leads_to();
        let said = words(&carol.get(&target).await.page(200));
        assert!(said.contains("signs in as the member from now on"), "{said}");
        assert!(!said.contains("was refused"), "{said}");
        assert!(arrives("00u2").await && !arrives("00u1").await);
        // The next one waits in turn; another member has none.
        let owner = format!("{base}/sso/{}/people/{}/confirm", connected.id, account.made.owner_id);
        let nothing = words(&carol.get(&owner).await.page(200));
        assert!(nothing.contains("There is nothing to confirm"), "{nothing}");
        carol.submit(&owner, &app.url, &[]).await.page(403);
    }
}

on_both_migrated_databases! {
    async fn without_a_token_the_page_says_what_opens_it(database: Database) {
        let options = Options { secrets: Secrets::new(None, Vec::new()), ..Options::default() };
        let app = App::start_with(database, options);
        let mut operator = Operator::of(&app);
        let closed = words(&operator.get("/sign-in").await.page(403));
        assert!(closed.contains("INSOMNIA_SCIM_OPERATOR_TOKEN"), "{closed}");
        operator.send("/sign-in", &[("token", "")]).await.page(403);
        assert!(operator.get("/accounts").await.leads_to().contains("/operator/sign-in"));
    }
}
