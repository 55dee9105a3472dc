//! What members see: the organizations that they reach, and the storage rules that bind them.

use serde_json::{Value, json};

use crate::single_sign_on::{Connected, client, start};
use crate::support::{Account, App, Browser, Client, on_both_databases, text};

const PIA: &str = "pia@kongair.example";

/// The names of the organizations that somebody reaches.
async fn names(client: &Client) -> Vec<String> {
    texts(&client.items("/me/organizations").await, "name")
}

/// The one organization of this name.
async fn named(client: &Client, name: &str) -> Value {
    let all = client.items("/me/organizations").await;
    all.into_iter().find(|one| one["name"] == name).unwrap()
}

/// A token that may do everything that this member may.
async fn as_member(app: &App, account: &Account, member: &str) -> Client {
    account.admin.with_token(&account.token_for(app, member).await)
}

/// This member of each of the items.
fn texts(items: &[Value], key: &str) -> Vec<String> {
    items.iter().map(|item| text(item, key)).collect()
}

on_both_databases! {
    async fn a_member_sees_what_they_reach_by_which_ways_and_no_more(app: App) {
        let account = app.account(20).await;
        let cargo = account.add_organization("Cargo").await;
        account.add_organization("Secret").await;
        let passengers = account.add_organization("Passengers").await;
        let flight = account.add_team("Flight", &[&cargo, &passengers]).await;
        let member = account.add_member(PIA, "member").await;
        let pia = as_member(&app, &account, &member).await;
        assert!(names(&pia).await.is_empty());
        account.join(&flight, PIA).await;
        let direct = json!({"email": PIA, "role": "admin"});
        account.admin.post(&format!("/organizations/{cargo}/collaborators"), direct).await.expect(201);
        assert_eq!(names(&pia).await, ["Cargo", "Passengers"]);
        let seen = named(&pia, "Cargo").await;
        assert_eq!((&seen["account_id"], &seen["account_name"]), (&json!(account.made.account_id), &json!("KongAir")));
        assert_eq!((&seen["role"], &seen["active"]), (&json!("admin"), &json!(true)));
        let team = json!({"kind": "team", "role": "member", "team_id": flight, "team_name": "Flight"});
        let own = json!({"kind": "direct", "role": "admin", "team_id": null, "team_name": null});
        assert_eq!(seen["ways"], json!([own, team]));
        assert_eq!(named(&pia, "Passengers").await["ways"], json!([team]));
        // What was found is managed, without an id that somebody else had to tell.
        let path = format!("/organizations/{}", text(&seen, "id"));
        let renamed = pia.patch(&path, json!({"name": "Freight"})).await.expect(200);
        assert_eq!(renamed["name"], "Freight");
        pia.get(&format!("{path}/collaborators")).await.expect(200);
        // Page by page, nothing twice.
        let page = pia.get("/me/organizations?limit=1").await.expect(200);
        let next = format!("/me/organizations?limit=1&cursor={}", text(&page, "next_cursor"));
        let rest = pia.get(&next).await.expect(200);
        assert_eq!((&page["items"][0]["name"], &rest["items"][0]["name"]), (&json!("Freight"), &json!("Passengers")));
        assert_eq!(rest["next_cursor"], Value::Null);
        // Owners and co-owners reach all.
        let all = ["Personal Workspace", "Freight", "Secret", "Passengers"];
        assert_eq!(names(&account.admin).await, all);
        assert_eq!(named(&account.admin, "Secret").await["ways"][0]["kind"], "owner");
        let co = account.add_member("co@kongair.example", "co-owner").await;
        let co = as_member(&app, &account, &co).await;
        assert_eq!(names(&co).await, all);
        let secret = named(&co, "Secret").await;
        assert_eq!((&secret["role"], &secret["ways"][0]["kind"]), (&json!("admin"), &json!("co-owner")));
        // Who leaves the team keeps the other way.
        account.admin.delete(&format!("/teams/{flight}/members/{member}")).await.expect(204);
        assert_eq!(names(&pia).await, ["Freight"]);
    }

    async fn members_read_the_rules_that_bind_them(app: App) {
        let account = app.account(20).await;
        let cargo = account.add_organization("Cargo").await;
        let secret = account.add_organization("Secret").await;
        let team = account.add_team("Flight", &[&cargo]).await;
        let member = account.add_member(PIA, "member").await;
        account.join(&team, PIA).await;
        let pia = as_member(&app, &account, &member).await;
        let rules = json!({"personal_workspaces": ["local_vault"], "organizations": ["git_sync"]});
        account.admin.put("/storage-control", rules).await.expect(200);
        let path = format!("/me/organizations/{cargo}");
        let seen = pia.get(&path).await.expect(200);
        assert_eq!(seen["storage"], json!({"allowed": ["git_sync"], "is_overridden": false}));
        let own = format!("/organizations/{cargo}/storage-control");
        account.admin.put(&own, json!({"allowed": ["cloud_sync"]})).await.expect(200);
        let seen = pia.get(&path).await.expect(200);
        assert_eq!(seen["storage"], json!({"allowed": ["cloud_sync"], "is_overridden": true}));
        let personal = pia.items("/me/storage-control").await;
        assert_eq!(personal, [json!({
            "account_id": account.made.account_id,
            "account_name": "KongAir",
            "personal_workspaces": ["local_vault"],
        })]);
        // What they do not reach is not there for them, nor what is of another account.
        pia.get(&format!("/me/organizations/{secret}")).await.expect(404);
        let other = app.account_named("Other", "other.example", 5).await;
        other.admin.get(&path).await.expect(404);
        pia.put(&own, json!({"allowed": ["git_sync"]})).await.expect(403);
        // Storage control is a part of Enterprise, as teams are; without it no rule is in force.
        let path_in = format!("/organizations/{cargo}/collaborators");
        account.admin.post(&path_in, json!({"email": PIA})).await.expect(201);
        app.database.execute("UPDATE enterprises SET plan = 'pro'");
        let seen = pia.get(&path).await.expect(200);
        assert_eq!(seen["storage"]["allowed"], json!(["cloud_sync", "local_vault", "git_sync"]));
    }

    async fn an_inactive_account_is_shown_as_that(app: App) {
        let account = app.account(20).await;
        let member = account.add_member(PIA, "member").await;
        let cargo = account.add_organization("Cargo").await;
        let path = format!("/organizations/{cargo}/collaborators");
        account.admin.post(&path, json!({"email": PIA})).await.expect(201);
        let pia = as_member(&app, &account, &member).await;
        app.database.execute("UPDATE enterprises SET plan_active = FALSE");
        for client in [&pia, &account.admin] {
            let seen = named(client, "Cargo").await;
            assert_eq!(seen["active"], false);
            assert_eq!(seen["inactive_because"], "plan-ended");
        }
    }

    async fn a_session_lists_all_accounts_in_which_it_may_act(app: App) {
        let account = app.account(20).await;
        let other = app.account_named("Other", "other.example", 5).await;
        for one in [&account, &other] {
            let id = one.add_organization(&format!("Of {}", one.made.account_id)).await;
            one.add_member(PIA, "member").await;
            let path = format!("/organizations/{id}/collaborators");
            one.admin.post(&path, json!({"email": PIA})).await.expect(201);
        }
        // The other account has to be joined first: nothing is listed that a person has not accepted.
        let pia = app.signed_in(PIA).await;
        assert_eq!(names(&pia).await.len(), 1);
        let waiting = pia.get("/session").await.expect(200)["waiting"][0].clone();
        pia.post(&format!("/session/memberships/{}/join", text(&waiting, "member_id")), json!({})).await.expect(200);
        let both = pia.items("/me/organizations").await;
        assert_eq!(texts(&both, "account_name"), ["KongAir", "Other"]);
        assert_eq!(pia.items("/me/storage-control").await.len(), 2);
        let of = format!("/me/organizations?account_id={}", other.made.account_id);
        let of_other = pia.get(&of).await.expect(200);
        assert_eq!(texts(of_other["items"].as_array().unwrap(), "account_name"), ["Other"]);
        pia.get("/me/organizations?account_id=ent_none").await.expect(403);
        // A token is of one account.
        let members = account.admin.items("/members").await;
        let member = members.iter().find(|member| member["email"] == PIA).unwrap();
        let token = as_member(&app, &account, &text(member, "id")).await;
        assert_eq!(texts(&token.items("/me/organizations").await, "account_name"), ["KongAir"]);
        // Single sign-on opens its account, and closes it to sessions by mail that do not act in it yet.
        let elsewhere = app.signed_in(PIA).await;
        assert_eq!(texts(&elsewhere.items("/me/organizations").await, "account_name"), ["KongAir", "Other"]);
        let connected = Connected::on(&app, &account).await;
        let mut browser = Browser::new();
        let (request, claims) = connected.begin(&app, &mut browser, &start(&app), PIA).await;
        connected.come_back(&app, &mut browser, &request, &claims).await;
        let there = client(&app, &browser).unwrap();
        assert_eq!(texts(&there.items("/me/organizations").await, "account_name"), ["KongAir"]);
        assert_eq!(texts(&elsewhere.items("/me/organizations").await, "account_name"), ["Other"]);
        assert_eq!(texts(&pia.items("/me/organizations").await, "account_name"), ["KongAir", "Other"]);
        let into_other = json!({"account_id": other.made.account_id});
        pia.patch("/session", into_other).await.expect(200);
        assert_eq!(texts(&pia.items("/me/organizations").await, "account_name"), ["Other"]);
    }

    async fn a_token_needs_the_scope(app: App) {
        let account = app.account(5).await;
        let made = json!({"name": "few", "scopes": ["billing:read"]});
        let few = account.admin.with_token(&text(&account.admin.post("/tokens", made).await.expect(201), "secret"));
        few.get("/me/organizations").await.expect(403);
        let made = json!({"name": "own", "scopes": ["me:read"]});
        let own = account.admin.with_token(&text(&account.admin.post("/tokens", made).await.expect(201), "secret"));
        assert_eq!(names(&own).await, ["Personal Workspace"]);
        own.get("/organizations").await.expect(403);
    }
}
