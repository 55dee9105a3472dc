//! Who gets in, with what, and what the log tells of it.

use insomnia_scim::enterprise::connector::TokenExpiry;
use insomnia_scim::enterprise::{Role, token};
use insomnia_scim::store::{Scope, connectors, enterprises};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Account, App, Client, Database, Options, Process, Response, group, on_both_databases, patch,
    user, within_a_second,
};

/// Every endpoint of the protocol but those of discovery, which are for everybody (RFC 7643 §5).
const SCIM_ENDPOINTS: [(Method, &str); 19] = [
    (Method::GET, "/Users"),
    (Method::POST, "/Users"),
    (Method::GET, "/Users/1"),
    (Method::PUT, "/Users/1"),
    (Method::PATCH, "/Users/1"),
    (Method::DELETE, "/Users/1"),
    (Method::GET, "/Groups"),
    (Method::POST, "/Groups"),
    (Method::GET, "/Groups/1"),
    (Method::PUT, "/Groups/1"),
    (Method::PATCH, "/Groups/1"),
    (Method::DELETE, "/Groups/1"),
    (Method::POST, "/.search"),
    (Method::POST, "/Users/.search"),
    (Method::POST, "/Groups/.search"),
    (Method::POST, "/Bulk"),
    (Method::GET, "/Me"),
    (Method::GET, "/nonsense"),
    (Method::PUT, "/Users"),
];

/// Sends a request with exactly this `Authorization`, and a body that is none.
async fn send(url: &str, method: &Method, authorization: Option<&str>) -> Response {
    let mut request = reqwest::Client::new().request(method.clone(), url);
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    if *method != Method::GET && *method != Method::DELETE {
        request = request.header("content-type", "application/scim+json").body("{no json");
    }
    Response::of(request.send().await.unwrap()).await.unwrap()
}

/// Checks a refusal of the protocol for want of a token.
fn is_scim_unauthorized(answer: &Response, of: &str) {
    assert_eq!(answer.status, 401, "{of}: {}", answer.body);
    assert!(answer.header("www-authenticate").starts_with("Bearer"), "{of}");
    assert_eq!(answer.header("content-type"), "application/scim+json", "{of}");
    assert_eq!(answer.body["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:Error"]));
    assert_eq!(answer.body["status"], "401");
}

/// A further connector token, good until a minute from now.
async fn short_lived_token(app: &App, account: &Account) -> String {
    let (enterprise, secret) =
        (account.made.enterprise, token::generate(token::CONNECTOR).unwrap());
    let hash = token::hash(&secret);
    app.store
        .write(Scope(enterprise), move |transaction| {
            let (connector, _) = connectors::of_enterprise(transaction, enterprise)?.unwrap();
            let (now, mut end) = (transaction.now(), transaction.now());
            end.0 += 60_000;
            let new = connectors::NewToken {
                label: "short",
                expiry: TokenExpiry::Days30,
                created_by: "test",
                expires_at: Some(end),
            };
            connectors::insert_token(transaction, connector, &hash, &new, now)
        })
        .await
        .unwrap();
    secret
}

async fn set_plan_active(app: &App, account: &Account, active: bool) {
    let enterprise = account.made.enterprise;
    app.store
        .write(Scope(enterprise), move |transaction| {
            enterprises::set_plan_active(transaction, enterprise, active)
        })
        .await
        .unwrap();
}

on_both_databases! {
    async fn no_endpoint_of_the_protocol_answers_without_a_valid_token(app: App) {
        let account = app.account(5).await;
        let admin = format!("Bearer {}", account.admin.token);
        let basic = format!("Basic {}", account.scim.token);
        let half = format!("Bearer {}", &account.scim.token[..account.scim.token.len() - 1]);
        let attempts = [
            None,
            Some(""),
            Some("Bearer"),
            Some("Bearer "),
            Some("Bearer insomnia_scim_garbage"),
            Some("garbage"),
            Some("Bearer two words"),
            Some(basic.as_str()),
            Some(half.as_str()),
            Some(admin.as_str()),
        ];
        let before = account.snapshot().await;
        let expected = send(&format!("{}/Users", account.scim.base), &Method::GET, None).await;
        for (method, path) in &SCIM_ENDPOINTS {
            let url = format!("{}{path}", account.scim.base);
            for authorization in attempts {
                let of = format!("{method} {path} with {authorization:?}");
                let answer = send(&url, method, authorization).await;
                is_scim_unauthorized(&answer, &of);
                assert_eq!(answer.body, expected.body, "{of}: nobody learns what was wrong");
            }
        }
        assert_eq!(account.snapshot().await, before);
    }

    async fn the_token_may_come_with_bearer_in_any_case_or_alone(app: App) {
        let account = app.account(5).await;
        let url = format!("{}/Users", account.scim.base);
        let token = &account.scim.token;
        for authorization in [format!("Bearer {token}"), format!("bearer {token}"), token.clone()] {
            send(&url, &Method::GET, Some(&authorization)).await.expect(200);
        }
    }

    async fn an_expired_token_is_like_none_and_the_other_one_still_works(app: App) {
        let account = app.account(5).await;
        let short = account.scim.with_token(&short_lived_token(&app, &account).await);
        short.get("/Users").await.expect(200);
        app.clock.advance(59_999);
        short.get("/Users").await.expect(200);
        app.clock.advance(1);
        let answer = short.get("/Users").await;
        is_scim_unauthorized(&answer, "expired");
        short.post("/Users", user("amelia@kongair.example")).await.expect(401);
        account.scim.get("/Users").await.expect(200);
        assert_eq!(account.seats().await, (1, 5));
    }

    async fn a_connector_that_is_switched_off_serves_nobody(app: App) {
        let account = app.account(5).await;
        app.database.execute("UPDATE connectors SET enabled = FALSE");
        is_scim_unauthorized(&account.scim.get("/Users").await, "switched off");
    }

    async fn an_expired_administrators_token_opens_nothing(app: App) {
        let account = app.account(5).await;
        app.database.execute("UPDATE admin_tokens SET expires_at = 1767225600001");
        account.admin.get("/seats").await.expect(200);
        app.clock.advance(1);
        account.admin.get("/seats").await.expect(401);
    }

    async fn a_refused_role_changes_nothing(app: App) {
        let account = app.account(9).await;
        let organization = account.add_organization("Cargo").await;
        let victim = account.provision("amelia@kongair.example").await;
        for role in [Role::Member, Role::BillingOnly] {
            let admin = account.admin.with_token(&account.token_of(&app, role).await);
            let before = account.snapshot().await;
            let new = json!({"email": "x@kongair.example", "role": "owner"});
            let invitation = json!({"email": "x@kongair.example", "organization_id": organization});
            admin.post("/members", new).await.expect(403);
            admin.post("/invitations", invitation).await.expect(403);
            admin.post("/organizations", json!({"name": "Own"})).await.expect(403);
            admin.post("/teams", json!({"name": "Own"})).await.expect(403);
            admin.delete(&format!("/licences/{victim}")).await.expect(403);
            admin.patch("/connector", json!({"invite_control_binds_scim": true})).await.expect(403);
            assert_eq!(account.snapshot().await, before);
        }
    }

    async fn an_ended_plan_refuses_everything_says_so_and_changes_nothing(app: App) {
        let account = app.account(5).await;
        let id = account.provision("amelia@kongair.example").await;
        let crew = account.scim.post("/Groups", group("Crew", &[&id])).await.expect(201);
        let (path, crew) = (format!("/Users/{id}"), format!("/Groups/{}", crew["id"].as_str().unwrap()));
        let before = account.snapshot().await;
        let off = patch(json!([{"op": "replace", "path": "active", "value": false}]));
        let bulk = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": [{"method": "DELETE", "path": path}],
        });
        set_plan_active(&app, &account, false).await;
        for refused in [
            account.scim.get("/Users").await,
            account.scim.get(&path).await,
            account.scim.post("/Users", user("new@kongair.example")).await,
            account.scim.put(&path, user("new@kongair.example")).await,
            account.scim.patch(&path, off).await,
            account.scim.delete(&path).await,
            account.scim.delete(&crew).await,
            account.scim.post("/Bulk", bulk).await,
        ] {
            assert_eq!(refused.header("content-type"), "application/scim+json");
            let detail = refused.detail(403);
            assert!(detail.contains("plan has ended"), "{detail}");
        }
        let more = json!({"name": "More"});
        let detail = account.admin.post("/organizations", more).await.detail(403);
        assert!(detail.contains("plan has ended"), "{detail}");
        assert_eq!(account.seats().await, (2, 5), "its owner still sees the account");
        set_plan_active(&app, &account, true).await;
        assert_eq!(account.snapshot().await, before);
        account.provision("new@kongair.example").await;
    }

    async fn a_plan_without_scim_is_refused_as_well(app: App) {
        let account = app.account(5).await;
        for (plan, status) in [("essentials", 403), ("pro", 403), ("trial", 200), ("enterprise", 200)] {
            app.database.execute(&format!("UPDATE enterprises SET plan = '{plan}'"));
            within_a_second(&account.scim, status).await;
        }
    }

    async fn what_was_not_done_through_this_server_is_in_force_within_a_second(app: App) {
        let account = app.account(5).await;
        account.scim.get("/Users").await.expect(200);
        app.database.execute("UPDATE connectors SET enabled = FALSE");
        within_a_second(&account.scim, 401).await;
        app.database.execute("UPDATE connectors SET enabled = TRUE");
        account.scim.get("/Users").await.expect(200);
        app.database.execute("UPDATE connector_tokens SET expires_at = 1");
        within_a_second(&account.scim, 401).await;
    }
}

on_both_databases! {
    async fn neither_tokens_nor_people_are_in_the_log(database: Database) {
        let account = Process::bootstrap(database, 5);
        let server = Process::serve(database, "debug");
        let (scim, admin) = server.clients(&account);
        talk(&scim, &admin).await;
        let (tokens, wrong) = ([scim.token.clone(), admin.token.clone()], "insomnia_scim_mistyped");
        scim.with_token(wrong).get("/Users").await.expect(401);
        admin.with_token(wrong).get("/seats").await.expect(401);
        server.terminate();
        let (status, log) = server.finish();
        assert!(status.success());
        assert!(log.contains("route=/scim/v2/{connector}"), "requests are logged: {log}");
        for secret in tokens.iter().map(String::as_str).chain([
            wrong, "amelia", "Amelia", "hunter2", "Earhart", "robot-7",
        ]) {
            let line = log.lines().find(|line| line.contains(secret));
            assert_eq!(line, None, "{secret} is in the log");
        }
    }
}

#[tokio::test]
async fn a_strangers_body_is_not_even_measured() {
    for database in [Some(Database::sqlite()), Database::postgres()].into_iter().flatten() {
        let mut options = Options::default();
        options.limits.max_body = 1024;
        let app = App::start_with(database, options);
        let account = app.account(5).await;
        let mut long = user("amelia@kongair.example");
        long["title"] = json!("x".repeat(2000));
        let stranger = account.scim.with_token("insomnia_scim_garbage");
        is_scim_unauthorized(&stranger.post("/Users", long.clone()).await, "too long");
        account.scim.post("/Users", long).await.expect(413);
    }
}

/// Requests with personal values in every place, and mistakes of all kinds.
async fn talk(scim: &Client, admin: &Client) {
    let mut amelia = user("amelia@kongair.example");
    amelia["name"]["familyName"] = json!("Earhart");
    amelia["password"] = json!("hunter2");
    let id = scim.post("/Users", amelia.clone()).await.expect(201);
    let path = format!("/Users/{}", id["id"].as_str().unwrap());
    scim.post("/Users", amelia.clone()).await.expect(409);
    scim.filter("/Users", "userName eq \"amelia@kongair.example\"").await.expect(200);
    scim.filter("/Users", "userName eq amelia@kongair.example").await.expect(400);
    scim.get("/Users/amelia@kongair.example").await.expect(404);
    scim.get("/amelia@kongair.example").await.expect(404);
    scim.put(&path, amelia.clone()).await.expect(200);
    let name = patch(json!([{"op": "replace", "path": "name.familyName", "value": "Amelia"}]));
    scim.patch(&path, name).await.expect(200);
    let wrong = patch(json!([{"op": "replace", "path": "active", "value": "amelia"}]));
    scim.patch(&path, wrong).await.expect(400);
    let headers = [("content-type", "application/scim+json"), ("x-amelia", "amelia")];
    let broken = Some("{\"userName\": \"amelia@kongair.example\", ".to_owned());
    scim.send(Method::POST, "/Users", &headers, broken).await.expect(400);
    let search = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "filter": "emails.value eq \"amelia@kongair.example\"",
    });
    scim.post("/.search", search).await.expect(200);
    // Four seats are left.
    for number in 0..4 {
        let body = user(&format!("robot-7-{number}@kongair.example"));
        let expected = if number < 3 { 201 } else { 403 };
        scim.post("/Users", body).await.expect(expected);
    }
    let invalid: Value = json!({"email": "amelia kongair"});
    admin.post("/members", invalid).await.expect(422);
    admin.post("/members", json!({"email": "amelia@kongair.example"})).await.expect(409);
    admin.get("/members?cursor=amelia").await.expect(400);
    scim.delete(&path).await.expect(204);
}
