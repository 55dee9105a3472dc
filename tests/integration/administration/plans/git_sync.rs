//! Git Sync on the plan Essentials: three active users, in the account and in each organization that
//! allows it.

use serde_json::{Value, json};

use crate::support::{Account, App, Client, Response, at_once, link_in, on_both_databases, text};

/// An account on Essentials with so many active users.
async fn essentials(app: &App, users: i64) -> Account {
    let account = app.account(20).await;
    for number in 1..users {
        account.add_member(&format!("u{number}@kongair.example"), "member").await;
    }
    app.database.execute("UPDATE enterprises SET plan = 'essentials'");
    account
}

/// Checks that a refusal names both ways out.
#[track_caller]
fn refused(answer: Response) {
    let refusal = answer.expect(403);
    assert_eq!(refusal["type"], "urn:insomnia:problem:git-sync-limit", "{refusal}");
    let detail = text(&refusal, "detail");
    for way in ["at most 3", "reduce the active users", "disable Git Sync"] {
        assert!(detail.contains(way), "{detail}");
    }
}

async fn enable(account: &Account, enabled: bool) -> Response {
    account.admin.patch("/plan", json!({"git_sync_enabled": enabled})).await
}

async fn add(client: &Client, number: i64) -> Response {
    client.post("/members", json!({"email": format!("new{number}@kongair.example")})).await
}

/// The account's first organization.
async fn organization(account: &Account) -> String {
    text(&account.admin.items("/organizations").await[0], "id")
}

on_both_databases! {
    async fn a_fourth_user_is_refused_with_both_ways_out(app: App) {
        let account = essentials(&app, 3).await;
        let organization = organization(&account).await;
        let before = account.admin.recount().await;
        refused(add(&account.admin, 1).await);
        let invitation = json!({"email": "new@kongair.example", "organization_id": organization});
        refused(account.admin.post("/invitations", invitation.clone()).await);
        let several = json!({"emails": ["a@kongair.example", "b@kongair.example"]});
        let path = format!("/organizations/{organization}/invitations");
        let answer = account.admin.post(&path, several).await.expect(201);
        for result in answer["results"].as_array().unwrap() {
            assert_eq!(result["refusal"]["type"], "urn:insomnia:problem:git-sync-limit");
        }
        assert_eq!(account.admin.recount().await, before);
        // Fewer users …
        let one = text(&account.admin.items("/members").await[2], "id");
        account.admin.delete(&format!("/licences/{one}")).await.expect(204);
        account.admin.post("/invitations", invitation).await.expect(201);
        refused(add(&account.admin, 1).await);
        // … or no Git Sync.
        enable(&account, false).await.expect(200);
        add(&account.admin, 1).await.expect(201);
    }

    async fn above_three_it_is_not_switched_on(app: App) {
        let account = essentials(&app, 3).await;
        enable(&account, false).await.expect(200);
        enable(&account, true).await.expect(200);
        enable(&account, false).await.expect(200);
        add(&account.admin, 1).await.expect(201);
        refused(enable(&account, true).await);
        assert_eq!(account.admin.get("/plan").await.expect(200)["git_sync"]["enabled"], false);
        // Another plan serves everybody.
        app.database.execute("UPDATE enterprises SET plan = 'pro'");
        enable(&account, true).await.expect(200);
        add(&account.admin, 2).await.expect(201);
    }

    async fn who_was_invited_is_counted_once(app: App) {
        let account = essentials(&app, 1).await;
        let organization = organization(&account).await;
        for email in ["a@kongair.example", "b@kongair.example"] {
            account.invite(email, &organization).await;
        }
        app.background().await;
        let anybody = account.admin.with_token("");
        for email in ["a@kongair.example", "b@kongair.example"] {
            let link = link_in(app.mailbox.to(email).last().unwrap());
            let token = link.rsplit_once('=').unwrap().1.to_owned();
            anybody.post("/invitations/accept", json!({"token": token})).await.expect(200);
        }
        assert_eq!(account.admin.recount().await, 3);
        refused(add(&account.admin, 1).await);
    }

    async fn of_many_at_once_the_third_comes_in_and_no_more(app: App) {
        let node = app.peer();
        let account = essentials(&app, 2).await;
        let nodes = [account.admin.clone(), account.through(&node).admin];
        let answers = at_once((0..12).map(|number| {
            let client = nodes[number % 2].clone();
            async move { add(&client, number as i64).await }
        }).collect::<Vec<_>>()).await;
        let made = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!(made, 1);
        answers.into_iter().filter(|answer| answer.status != 201).for_each(refused);
        assert_eq!(account.admin.recount().await, 3);
    }

    async fn an_organization_that_allows_git_sync_is_counted_by_itself(app: App) {
        let account = app.account(20).await;
        let admin = &account.admin;
        let (cargo, sales) =
            (account.add_organization("Cargo").await, account.add_organization("Sales").await);
        // By the account's rule nobody has Git Sync, by its own rule Cargo has.
        let without = json!(["cloud_sync", "local_vault"]);
        let rules = json!({"personal_workspaces": without, "organizations": without});
        admin.put("/storage-control", rules).await.expect(200);
        let own = format!("/organizations/{cargo}/storage-control");
        admin.put(&own, json!({"allowed": ["git_sync"]})).await.expect(200);
        for number in 1..6 {
            account.add_member(&format!("u{number}@kongair.example"), "member").await;
        }
        app.database.execute("UPDATE enterprises SET plan = 'essentials'");
        add(admin, 1).await.expect(201);
        let join = |organization: &str, number: i64| {
            let path = format!("/organizations/{organization}/collaborators");
            let body = json!({"email": format!("u{number}@kongair.example")});
            async move { admin.post(&path, body).await }
        };
        // The owner reaches it, too.
        join(&cargo, 1).await.expect(201);
        join(&cargo, 2).await.expect(201);
        let answer = join(&cargo, 3).await;
        assert!(answer.body["detail"].as_str().unwrap().contains("\"Cargo\" has 3"));
        refused(answer);
        for number in 1..6 {
            join(&sales, number).await.expect(201);
        }
        let invitation = json!({"email": "new@kongair.example", "organization_id": cargo});
        refused(admin.post("/invitations", invitation).await);
        let fourth = text(&admin.items("/members").await[3], "id");
        let owner = admin.patch(&format!("/members/{fourth}"), json!({"role": "owner"})).await;
        refused(owner);
        assert_eq!(account.access(&fourth).await.len(), 1);
        // Who leaves makes room.
        let first = text(&admin.items("/members").await[1], "id");
        let path = format!("/organizations/{cargo}/collaborators/{first}");
        admin.delete(&path).await.expect(200);
        let invitation = json!({"email": "new@kongair.example", "organization_id": cargo});
        let invited: Value = admin.post("/invitations", invitation).await.expect(201);
        assert_eq!(invited["state"], "pending");
        refused(join(&cargo, 3).await);
    }
}
