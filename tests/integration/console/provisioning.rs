//! SCIM and single sign-on by clicking: the connector, why somebody did not arrive, lists before a sync.

use serde_json::json;

use super::{signed_in, words};
use crate::support::{App, Browser, on_both_databases, user};

const OWNER: &str = "owner@kongair.example";

struct Owner {
    browser: Browser,
    url: String,
}

impl Owner {
    async fn of(app: &App) -> Self {
        Self { browser: signed_in(app, OWNER).await, url: app.url.clone() }
    }

    async fn page(&mut self, path: &str) -> String {
        self.browser.get(&format!("{}/app/enterprise{path}", self.url)).await.page(200)
    }

    async fn page_of(&mut self, path: &str, status: u16) -> String {
        self.browser.get(&format!("{}/app/enterprise{path}", self.url)).await.page(status)
    }

    async fn says(&mut self, path: &str) -> String {
        words(&self.page(path).await)
    }

    async fn sent(&mut self, path: &str, fields: &[(&str, &str)], status: u16) -> String {
        let url = format!("{}/app/enterprise{path}", self.url);
        self.browser.submit(&url, &self.url.clone(), fields).await.page(status)
    }

    async fn done(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        let url = format!("{}/app/enterprise{path}", self.url);
        let target = self.browser.submit(&url, &self.url.clone(), fields).await.leads_to();
        words(&self.browser.get(&target).await.page(200))
    }
}

on_both_databases! {
    async fn the_connector_is_refreshed_set_up_and_disabled(app: App) {
        let account = app.account(9).await;
        let mut owner = Owner::of(&app).await;
        let said = owner.says("/scim").await;
        assert!(said.contains("Connector URL") && said.contains("Valid"), "{said}");
        let fields = [("key", "k1"), ("expiry", "30_days"), ("label", "Okta"), ("grace_hours", "24")];
        let shown = owner.sent("/scim/refresh", &fields, 200).await;
        let (_, rest) = shown.split_once("id=\"token\"").unwrap();
        let token = rest.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert!(token.starts_with("insomnia_scim_"), "{token}");
        assert!(!owner.page("/scim").await.contains(&token), "a secret is shown once");
        let again = owner.sent("/scim/refresh", &fields, 409).await;
        assert!(words(&again).contains("only once"), "{again}");
        account.scim.with_token(&token).get("/Users").await.expect(200);

        let wrong = [("expiry", "30_days"), ("grace_hours", "many")];
        let refused = owner.sent("/scim/refresh", &wrong, 422).await;
        assert!(refused.contains("id=\"field-grace_hours-told\" role=\"alert\""), "{refused}");

        let settings = [("log_personal_values", "true"), ("log_days", "7")];
        let said = owner.done("/scim/settings", &settings).await;
        assert!(said.contains("7 days"), "{said}");

        let refused = owner.sent("/scim/disable", &[("confirm", "scim")], 422).await;
        assert!(refused.contains("type SCIM to confirm"), "{refused}");
        let said = owner.done("/scim/disable", &[("confirm", "SCIM")]).await;
        assert!(said.contains("SCIM is disabled"), "{said}");
        account.scim.with_token(&token).get("/Users").await.expect(401);
    }

    async fn an_oauth_client_is_made_and_revoked(app: App) {
        let account = app.account(9).await;
        let mut owner = Owner::of(&app).await;
        let shown = owner.sent("/scim/clients/new", &[("name", "Entra"), ("redirect_uris", "")], 200).await;
        let said = words(&shown);
        assert!(said.contains("Client secret") && said.contains("Token endpoint"), "{said}");
        let clients = account.admin.items("/connector/oauth-clients").await;
        let id = clients[0]["id"].as_str().unwrap().to_owned();
        assert!(owner.says("/scim").await.contains("Entra"));
        let said = owner.done(&format!("/scim/clients/{id}/revoke"), &[]).await;
        assert!(said.contains("have ended"), "{said}");
        assert!(account.admin.items("/connector/oauth-clients").await.is_empty());
    }

    async fn why_somebody_did_not_arrive_is_told_with_what_to_do(app: App) {
        let account = app.account(2).await;
        account.scim.post("/Users", user("amelia@kongair.example")).await.expect(201);
        account.scim.post("/Users", user("bea@kongair.example")).await.expect(403);
        account.scim.filter("/Users", "userName eq \"carl@kongair.example\"").await.expect(200);
        app.background().await;
        let mut owner = Owner::of(&app).await;
        for (about, parts) in [
            ("amelia@kongair.example", ["Has arrived", "reaches no organization", "group"]),
            ("BEA@kongair.example", ["Refused", "No licence seat is free: 2 of 2", "Free a seat"]),
            ("carl@kongair.example", ["Only looked for", "has not made one since", "are created"]),
            ("dora@kongair.example", ["Never named", "of the last 30 days", "assigned"]),
            (OWNER, ["Manual member", "no identity provider keeps them", "takes the member over"]),
        ] {
            let said = owner.says(&format!("/scim/why?about={about}")).await;
            for part in parts {
                assert!(said.contains(part), "{about}: no {part:?} in {said}");
            }
        }
        let log = account.admin.items_of("/connector/requests").await;
        assert!(!json!(log).to_string().contains("named:"), "signs are nobody's ids");
        assert!(!json!(log).to_string().contains("bea@"), "the log stays masked");
        let told = account.admin.query("/connector/explanation", &[("about", " ")]).await.expect(422);
        assert_eq!(told["type"], "urn:insomnia:problem:invalid-value");
        let said = owner.says("/scim/health").await;
        assert!(said.contains("Refused for lack of seats") && said.contains("amelia@"), "{said}");
        assert!(owner.says("/scim/requests?status=403").await.contains("403"));
        let page = owner.page("/scim/requests?status=403&user=&from=2026-01-01&to=2026-01-01").await;
        assert!(words(&page).contains("POST /Users"), "{page}");
        let files = "requests.csv?status=403&amp;since=2026-01-01T00%3A00%3A00.000Z&amp;until=2026-01-02";
        assert!(page.contains(files), "{page}");
        let said = owner.says("/scim/requests?from=2025-01-01&to=2025-01-01").await;
        assert!(said.contains("No request is found."), "{said}");
        owner.page_of("/scim/requests?from=yesterday", 400).await;
    }

    async fn a_list_tells_what_it_would_do_and_does_nothing(app: App) {
        let account = app.account(4).await;
        account.scim.post("/Users", user("amelia@kongair.example")).await.expect(201);
        account.scim.post("/Users", user("left@kongair.example")).await.expect(201);
        account.add_member("mia@kongair.example", "member").await;
        account.add_team("Flight", &[]).await;
        let list = "Username,Status,Groups\namelia@kongair.example,ACTIVE,\nmia@kongair.example,ACTIVE,Flight\n\
                    new@kongair.example,ACTIVE,Flight;Crew\nNEW@kongair.example,ACTIVE,\n,ACTIVE,\n";
        let before = account.snapshot().await;
        let told = account.admin.post("/connector/preview", json!({"list": list})).await.expect(200);
        assert_eq!(account.snapshot().await, before);
        assert_eq!((&told["seats_used"], &told["seats_needed"], &told["seats_total"]), (&json!(4), &json!(5), &json!(4)));
        let outcome = |name: &str| {
            let users = told["users"].as_array().unwrap();
            users.iter().find(|user| user["user_name"] == name).map(|user| user["outcome"].clone())
        };
        assert_eq!(outcome("amelia@kongair.example"), None, "nothing changes for her");
        assert_eq!(outcome("mia@kongair.example"), Some(json!("adopted")));
        assert_eq!(outcome("new@kongair.example"), Some(json!("new")));
        assert_eq!(outcome("NEW@kongair.example"), Some(json!("duplicate")));
        assert_eq!(outcome(""), Some(json!("refused")));
        assert_eq!(outcome("left@kongair.example"), Some(json!("missing")));
        let teams: Vec<_> = told["teams"].as_array().unwrap().iter().map(|team| (team["name"].clone(), team["outcome"].clone())).collect();
        assert_eq!(teams, [(json!("Crew"), json!("new")), (json!("Flight"), json!("becomes_synchronised"))]);

        let mut owner = Owner::of(&app).await;
        let page = words(&owner.sent("/scim/preview", &[("list", list)], 200).await);
        assert!(page.contains("1 too few") && page.contains("Taken over"), "{page}");
        let file = owner.sent("/scim/preview", &[("list", list), ("as", "csv")], 200).await;
        assert!(file.starts_with("line,user_name,outcome") && file.contains("left@kongair.example,missing"), "{file}");
        let refused = owner.sent("/scim/preview", &[("list", "colour\nred\n")], 422).await;
        assert!(refused.contains("id=\"field-list-told\" role=\"alert\"") && refused.contains("colour"), "{refused}");
    }

    async fn a_connection_is_created_entered_and_deleted(app: App) {
        let account = app.account(9).await;
        let mut owner = Owner::of(&app).await;
        let form = owner.page("/sso/new").await;
        assert!(form.contains("<option value=\"kongair.example\""), "{form}");
        let said = owner.done("/sso/new", &[("key", "k1"), ("domain", "kongair.example")]).await;
        assert!(said.contains("Audience URI") && said.contains("Sign-in redirect URI"), "{said}");
        let id = account.admin.items("/sso-connections").await[0]["id"].as_str().unwrap().to_owned();
        let refused = owner
            .sent(&format!("/sso/{id}/saml"), &[("saml.sign_on_url", "not a url"), ("saml", "x"), ("saml.certificates", "x"), ("binding", "redirect")], 422)
            .await;
        assert!(refused.contains("role=\"alert\"") && refused.contains("not a url"), "{refused}");
        let entered = [("issuer", "https://idp.example"), ("client_id", "insomnia"), ("public", "true")];
        let said = owner.done(&format!("/sso/{id}/oidc"), &entered).await;
        assert!(said.contains("Entered, not in use yet") && said.contains("https://idp.example"), "{said}");
        let said = owner.says(&format!("/sso/{id}/on")).await;
        assert!(said.contains("No owner could get in by mail"), "{said}");
        account.add_member("olga@elsewhere.example", "owner").await;
        let said = owner.says(&format!("/sso/{id}/on")).await;
        assert!(said.contains("Goes on signing in by mail") && said.contains("olga@elsewhere.example"), "{said}");
        let refused = owner.sent(&format!("/sso/{id}/on"), &[("confirm", "kongair.example")], 409).await;
        assert!(words(&refused).contains("not verified"), "{refused}");
        assert!(owner.says("/sso/list").await.contains("kongair.example"));
        let said = owner.done(&format!("/sso/{id}/delete"), &[]).await;
        assert!(said.contains("The connection is deleted"), "{said}");
    }
}
