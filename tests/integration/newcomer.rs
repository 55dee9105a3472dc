//! The story of the onboarding document, from the first minute of somebody who was no customer to
//! the months after the trial: nine steps, each with what the step before it made.

use std::process::Stdio;
use std::time::Duration;

use insomnia_scim::outside::dns::Dns;
use serde_json::{Value, json};

use crate::support::{
    App, Browser, Client, DnsServer, Issuer, Key, Options, command, group, link_in,
    on_both_migrated_databases, parameter, text, user,
};

const DOMAIN: &str = "acme.example";
const OLIVE: &str = "olive@acme.example";
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Somebody without credentials.
fn nobody(app: &App) -> Client {
    Client::new(format!("{}/api/v1", app.url), String::new())
}

/// The newest link in a mail to this address whose subject begins so.
async fn mailed(app: &App, email: &str, subject: &str) -> String {
    app.background().await;
    let mails = app.mailbox.to(email);
    let mail = mails.iter().rfind(|mail| mail.subject.starts_with(subject));
    link_in(mail.unwrap_or_else(|| panic!("no mail {subject:?} to {email}")))
}

/// Signs up, and confirms the address.
async fn sign_up(app: &App, email: &str) {
    let wish = json!({"email": email, "name": "Olive Owner"});
    nobody(app).post("/sign-ups", wish).await.expect(202);
    let link = mailed(app, email, "Confirm your address").await;
    let token = link.rsplit_once("token=").unwrap().1;
    nobody(app).post("/sign-ups/confirm", json!({"token": token})).await.expect(200);
}

/// Accepts the invitation in the newest mail to this address.
async fn accept(app: &App, email: &str) -> Value {
    let link = mailed(app, email, "").await;
    let token = link.rsplit_once("token=").unwrap().1;
    nobody(app).post("/invitations/accept", json!({"token": token})).await.expect(200)
}

/// Makes something; gives its id.
async fn make(client: &Client, path: &str, body: Value) -> String {
    text(&client.post(path, body).await.expect(201), "id")
}

/// What a member reaches, by the names of organizations, with the role there.
async fn reaches(client: &Client, member: &str) -> Vec<(String, String)> {
    let access = client.items(&format!("/members/{member}/access")).await;
    access.iter().map(|one| (text(one, "organization_name"), text(one, "role"))).collect()
}

/// Proves the domain by the record that the server asks for.
async fn verify_domain(olive: &Client, dns: &DnsServer) {
    let made = olive.post("/domains", json!({"name": DOMAIN})).await.expect(201);
    assert_eq!(made["state"], "pending");
    dns.set_texts(&text(&made["txt_record"], "name"), &[&text(&made["txt_record"], "value")]);
    let path = format!("/domains/{}/verify", text(&made, "id"));
    assert_eq!(olive.post(&path, json!({})).await.expect(200)["state"], "verified");
}

/// Sets single sign-on up and switches it on; gives the identity provider.
async fn switch_sso_on(app: &App, olive: &Client) -> (Issuer, Key) {
    let key = Key::new("one");
    let issuer = Issuer::start(&key);
    let mut new = json!({"domain": DOMAIN});
    new.as_object_mut().unwrap().extend(issuer.entry().as_object().unwrap().clone());
    let id = make(olive, "/sso-connections", new).await;
    let verification = olive.post(&format!("/sso-connections/{id}/verification"), json!({})).await;
    let url = text(&verification.expect(201), "url");
    let page = sign_in_by_sso(app, (&issuer, &key), &mut Browser::new(), &url, OLIVE).await;
    assert!(page.page(200).contains("works"));
    olive.put(&format!("/sso-connections/{id}/activation"), json!({})).await.expect(200);
    (issuer, key)
}

/// Goes to the identity provider and comes back as this person.
async fn sign_in_by_sso(
    app: &App,
    (issuer, key): (&Issuer, &Key),
    browser: &mut Browser,
    url: &str,
    email: &str,
) -> crate::support::Visit {
    let request = browser.get(url).await.leads_to();
    let claims = issuer.claims(email, &parameter(&request, "nonce"), app.clock.now());
    issuer.give(&key.sign(&claims));
    let redirect = parameter(&request, "redirect_uri");
    browser.get(&format!("{redirect}?code=code&state={}", parameter(&request, "state"))).await
}

/// Downloads everything in the account.
async fn exported(owner: &Client) -> String {
    let request = reqwest::Client::new().get(format!("{}/export", owner.base));
    let answer = request.bearer_auth(&owner.token).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.text().await.unwrap()
}

/// Runs `scim test` against a connector.
async fn passes_the_check(url: &str, token: &str) {
    let mut check = command(&["scim", "test"]);
    check.env("INSOMNIA_SCIM_URL", url).env("INSOMNIA_SCIM_TOKEN", token);
    let running = check.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let output = tokio::task::spawn_blocking(move || running.wait_with_output().unwrap());
    let output = output.await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

on_both_migrated_databases! {
    async fn a_newcomer_gets_from_signing_up_through_all_steps_to_essentials_again(database: Database) {
        let dns = DnsServer::start().await;
        let resolver =
            Dns { resolvers: vec![dns.address], timeout: Duration::from_secs(20), ..Dns::default() };
        let app = App::start_with(database, Options { dns: resolver, ..Options::default() });

        // Before step 1: nobody knows her, and a minute later she owns an account in the trial.
        sign_up(&app, OLIVE).await;
        let olive = app.signed_in(OLIVE).await;
        assert_eq!(olive.get("/plan").await.expect(200)["plan"], "essentials");
        olive.post("/teams", json!({"name": "Flight"})).await.expect(403);
        let plan = olive.post("/plan/trial", Value::Null).await.expect(200);
        assert_eq!((&plan["plan"], &plan["seats"]), (&json!("trial"), &json!(50)));

        // 2 and 3: organizations, and a team that is linked to both.
        let organizations = olive.items("/organizations").await;
        assert_eq!(text(&organizations[0], "name"), "Personal Workspace");
        let cargo = make(&olive, "/organizations", json!({"name": "Cargo"})).await;
        let passengers = make(&olive, "/organizations", json!({"name": "Passengers"})).await;
        let flight = make(&olive, "/teams", json!({"name": "Flight"})).await;
        for organization in [&cargo, &passengers] {
            let link = format!("/teams/{flight}/organizations/{organization}");
            olive.put(&link, json!({})).await.expect(204);
        }

        // 4: one person is invited to an organization, one to the team. Both accept.
        let (amelia, bea) = ("amelia@acme.example", "bea@acme.example");
        let to_cargo = json!({"emails": [amelia], "role": "admin"});
        olive.post(&format!("/organizations/{cargo}/invitations"), to_cargo).await.expect(201);
        olive.post("/invitations", json!({"emails": [bea], "team_id": flight})).await.expect(201);
        assert_eq!(olive.get("/seats").await.expect(200)["used"], 3);
        accept(&app, amelia).await;
        accept(&app, bea).await;
        assert_eq!(olive.get("/seats").await.expect(200)["used"], 3, "no seat is counted twice");
        let members = olive.items("/members").await;
        let member = |email: &str| {
            text(members.iter().find(|member| member["email"] == email).unwrap(), "id")
        };
        let both = |role: &str| {
            vec![("Cargo".to_owned(), role.to_owned()), ("Passengers".to_owned(), role.to_owned())]
        };
        assert_eq!(reaches(&olive, &member(amelia)).await, both("admin")[..1]);
        assert_eq!(reaches(&olive, &member(bea)).await, both("member"));

        // 5 and 6: the domain by its record, and single sign-on, after which there is no other way.
        verify_domain(&olive, &dns).await;
        let (issuer, key) = switch_sso_on(&app, &olive).await;
        nobody(&app).post("/sign-in", json!({"email": bea})).await.expect(403);
        let start = format!("{}/sso/start?email={bea}", app.url);
        let mut browser = Browser::new();
        sign_in_by_sso(&app, (&issuer, &key), &mut browser, &start, bea).await.leads_to();
        let secret = browser.cookie(&app.url, "insomnia_session").unwrap();
        let me = nobody(&app).with_token(&secret).get("/session").await.expect(200);
        assert_eq!((&me["email"], &me["role"]), (&json!(bea), &json!("member")));

        // 7: the connector; its check passes; the identity provider pushes people and a group.
        let enabled = olive.post("/connector/enable", json!({"expiry": "never"})).await.expect(201);
        let (url, token) = (text(&enabled, "scim_base_url"), text(&enabled, "secret"));
        passes_the_check(&url, &token).await;
        let scim = Client::new(url, token);
        let dan = text(&scim.post("/Users", user("dan@acme.example")).await.expect(201), "id");
        let adopted = scim.post("/Users", user(bea)).await.expect(201);
        assert_eq!(adopted["id"], member(bea).as_str(), "who is there by hand is adopted");
        scim.post("/Groups", group("Flight", &[&dan])).await.expect(201);
        let team = olive.get(&format!("/teams/{flight}")).await.expect(200);
        assert_eq!(team["source"], "synchronised");
        assert_eq!(reaches(&olive, &dan).await, both("member"));
        assert_eq!(olive.get("/seats").await.expect(200)["used"], 4);

        // 8: where content may be kept.
        let rule = json!({"organizations": ["git_sync"], "personal_workspaces": ["local_vault"]});
        let rule = olive.put("/storage-control", rule).await.expect(200);
        assert_eq!(rule["organizations"], json!(["git_sync"]));

        // The trial ends by itself. The identity provider is told so; the owner signs in by mail
        // again, reads and exports everything, and nothing else changes.
        app.clock.advance(14 * DAY + 1);
        app.background().await;
        scim.get("/Users").await.expect(403);
        let olive = app.signed_in(OLIVE).await;
        let plan = olive.get("/plan").await.expect(200);
        assert_eq!((&plan["plan"], &plan["active"]), (&json!("essentials"), &json!(false)));
        olive.post("/organizations", json!({"name": "More"})).await.expect(403);
        let export = exported(&olive).await;
        for name in ["Cargo", "Passengers", "Flight", "dan@acme.example"] {
            assert!(export.contains(name), "{name} is missing in {export}");
        }

        // Essentials with Git Sync serves three: she lets one go, and goes on.
        let refused = olive.post("/plan/reactivation", Value::Null).await.detail(409);
        assert!(refused.contains("3 active users"), "{refused}");
        olive.delete(&format!("/licences/{}", member(amelia))).await.expect(204);
        let plan = olive.post("/plan/reactivation", Value::Null).await.expect(200);
        assert_eq!((&plan["plan"], &plan["active"]), (&json!("essentials"), &json!(true)));
        olive.patch(&format!("/organizations/{cargo}"), json!({"name": "Freight"})).await.expect(200);
        let lacks = olive.patch(&format!("/teams/{flight}"), json!({"name": "Crew"})).await.expect(403);
        assert_eq!(lacks["type"], "urn:insomnia:problem:plan-lacks");
        let team = olive.get(&format!("/teams/{flight}")).await.expect(200);
        assert_eq!((&team["name"], &team["member_count"]), (&json!("Flight"), &json!(2)));
        olive.post("/plan/trial", Value::Null).await.expect(409);
    }
}
