//! The Licenses page (docs/domain.md §4, *Reports*).

use serde_json::{Value, json};

use crate::support::{Account, on_both_databases, patch, text};

const DAY: i64 = 24 * 60 * 60 * 1000;

async fn holders(account: &Account, query: &str) -> Vec<String> {
    let items = account.admin.items_of(&format!("/licences?limit=2{query}")).await;
    items.iter().map(|item| text(item, "email")).collect()
}

on_both_databases! {
    async fn every_seat_has_a_holder_a_source_and_a_beginning(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        account.add_member("manual@kongair.example", "co-owner").await;
        app.clock.advance(DAY);
        account.provision("scim@kongair.example").await;
        let gone = account.provision("gone@kongair.example").await;
        let off = patch(json!([{"op": "replace", "path": "active", "value": false}]));
        account.scim.patch(&format!("/Users/{gone}"), off).await.expect(200);
        account.invite("invited@kongair.example", &cargo).await;
        let revoked = account.invite("revoked@kongair.example", &cargo).await;
        admin.delete(&format!("/invitations/{revoked}")).await.expect(204);

        let items = admin.items("/licences").await;
        let shown: Vec<_> = items
            .iter()
            .map(|item| {
                let since = text(item, "since")[..10].to_owned();
                (text(item, "email"), text(item, "source"), item["role"].clone(), since)
            })
            .collect();
        let line = |email: &str, source: &str, role: Value, since: &str| {
            (format!("{email}@kongair.example"), source.to_owned(), role, since.to_owned())
        };
        assert_eq!(shown, [
            line("owner", "manual", json!("owner"), "2026-01-01"),
            line("manual", "manual", json!("co-owner"), "2026-01-01"),
            line("scim", "scim", json!("member"), "2026-01-02"),
            line("invited", "invitation", Value::Null, "2026-01-02"),
        ]);
        assert_eq!(account.recount().await, 4, "as many as there are seats in use");
        // An invitation that is over holds nothing, swept or not.
        app.clock.advance(30 * DAY);
        assert_eq!(admin.items("/licences").await.len(), 3);
    }

    async fn they_are_filtered_searched_and_paged(app: App) {
        let account = app.account(20).await;
        let cargo = account.add_organization("Cargo").await;
        for number in 1..=5 {
            account.provision(&format!("crew{number}@kongair.example")).await;
            account.invite(&format!("guest{number}@kongair.example"), &cargo).await;
        }
        let all = holders(&account, "").await;
        assert_eq!(all.len(), 11);
        assert_eq!(all[0], "owner@kongair.example");
        assert_eq!(all[10], "guest5@kongair.example");
        assert_eq!(holders(&account, "&source=scim").await.len(), 5);
        assert_eq!(holders(&account, "&source=invitation").await.len(), 5);
        assert_eq!(holders(&account, "&source=manual").await, ["owner@kongair.example"]);
        let found = holders(&account, "&search=CREW3%40KONG").await;
        assert_eq!(found, ["crew3@kongair.example"]);
        let found = holders(&account, "&search=guest3%40&source=invitation").await;
        assert_eq!(found, ["guest3@kongair.example"]);
        assert!(holders(&account, "&search=nobody").await.is_empty());
        account.admin.get("/licences?source=gift").await.expect(400);
        account.admin.get(&format!("/licences?search={}", "x".repeat(256))).await.expect(400);
        account.admin.get("/licences?cursor=none").await.expect(400);
    }

    async fn removal_there_and_nowhere_else_frees_the_seat(app: App) {
        let account = app.account(2).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        let pilot = account.add_member("pilot@kongair.example", "member").await;
        account.join(&flight, "pilot@kongair.example").await;
        let path = format!("/organizations/{cargo}/collaborators");
        admin.post(&path, json!({"email": "pilot@kongair.example"})).await.expect(201);
        admin.delete(&format!("{path}/{pilot}")).await.expect(200);
        admin.delete(&format!("/teams/{flight}/members/{pilot}")).await.expect(204);
        let new = json!({"email": "new@kongair.example"});
        let refused = admin.post("/members", new.clone()).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:no-free-seat");
        admin.delete(&format!("/licences/{pilot}")).await.expect(204);
        admin.post("/members", new).await.expect(201);
        assert_eq!(account.recount().await, 2);
    }

    async fn several_are_removed_at_once_and_each_has_its_result(app: App) {
        let account = app.account(20).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let owner = text(&admin.items("/members").await[0], "id");
        let mut ids = vec![owner.clone(), "unknown".to_owned()];
        for number in 0..3 {
            ids.push(account.add_member(&format!("m{number}@kongair.example"), "member").await);
            ids.push(account.invite(&format!("i{number}@kongair.example"), &cargo).await);
        }
        let stays = account.add_member("stays@kongair.example", "member").await;
        ids.push(ids[2].clone());
        let answer = admin.post("/licences/remove", json!({"ids": ids})).await.expect(200);
        assert_eq!(answer["removed"], 6);
        let results = answer["results"].as_array().unwrap();
        let told: Vec<&str> = results.iter().map(|one| one["id"].as_str().unwrap()).collect();
        assert_eq!(told, ids[..8].iter().map(String::as_str).collect::<Vec<_>>(), "each once");
        let kinds: Vec<Value> = results.iter().map(|one| one["refusal"]["type"].clone()).collect();
        assert_eq!(kinds[0], "urn:insomnia:problem:last-owner");
        assert_eq!(kinds[1], "urn:insomnia:problem:not-found");
        assert!(kinds[2..].iter().all(Value::is_null), "{kinds:?}");
        assert_eq!(account.recount().await, 2);
        let left: Vec<_> = admin.items("/members").await.iter().map(|one| text(one, "id")).collect();
        assert_eq!(left, [owner, stays]);
        for wrong in [json!([]), json!(vec!["x"; 501])] {
            admin.post("/licences/remove", json!({"ids": wrong})).await.expect(422);
        }
        let rival = app.account_named("Rival", "rival.example", 5).await;
        let foreign = json!({"ids": [left[1]]});
        let answer = rival.admin.post("/licences/remove", foreign).await.expect(200);
        assert_eq!(answer["removed"], 0);
    }
}
