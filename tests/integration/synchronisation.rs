//! Synchronising by hand: a manual team and a SCIM group of another name become one, and two again.

use serde_json::json;

use crate::support::{Account, group, on_both_databases, patch, text};

/// A manual team *Flight*, linked to *Cargo*, with one member by hand; a SCIM group *Crew* with two.
struct Scene {
    account: Account,
    team: String,
    group: String,
    hand: String,
    crew: [String; 2],
}

async fn scene(app: &crate::support::App) -> Scene {
    let account = app.account(20).await;
    let organization =
        account.admin.post("/organizations", json!({"name": "Cargo"})).await.expect(201);
    let team = account.admin.post("/teams", json!({"name": "Flight", "role": "admin"})).await;
    let team = text(&team.expect(201), "id");
    let link = format!("/teams/{team}/organizations/{}", text(&organization, "id"));
    account.admin.put(&link, json!({})).await.expect(204);
    let hand = account.provision("hand@kongair.example").await;
    let by_hand = json!({"email": "hand@kongair.example"});
    account.admin.post(&format!("/teams/{team}/members"), by_hand).await.expect(201);
    let crew = [
        account.provision("one@kongair.example").await,
        account.provision("two@kongair.example").await,
    ];
    let made = account.scim.post("/Groups", group("Crew", &[&crew[0], &crew[1]])).await;
    let group = text(&made.expect(201), "id");
    Scene { account, team, group, hand, crew }
}

impl Scene {
    fn path(&self) -> String {
        format!("/teams/{}/scim-group", self.team)
    }

    async fn link(&self) -> serde_json::Value {
        self.account.admin.put(&self.path(), json!({"group_id": self.group})).await.expect(200)
    }

    async fn reaches_cargo(&self, member: &str) -> bool {
        let access = self.account.admin.get(&format!("/members/{member}/access")).await.expect(200);
        access["items"].as_array().unwrap().iter().any(|item| item["organization_name"] == "Cargo")
    }

    async fn members_of(&self, group: &str) -> usize {
        let read = self.account.scim.get(&format!("/Groups/{group}")).await.expect(200);
        read["members"].as_array().map_or(0, Vec::len)
    }
}

on_both_databases! {
    async fn a_preview_says_what_a_link_would_change_and_changes_nothing(app: App) {
        let scene = scene(&app).await;
        let path = format!("{}?group_id={}", scene.path(), scene.group);
        let preview = scene.account.admin.get(&path).await.expect(200);
        assert_eq!(preview["name"], "Flight");
        assert_eq!(preview["new_name"], "Crew");
        assert_eq!(preview["joining"], 2);
        assert_eq!(preview["organizations"].as_array().unwrap().len(), 1);
        assert!(!scene.reaches_cargo(&scene.crew[0]).await);
        let missing = scene.account.admin.get(&scene.path()).await;
        assert_eq!(missing.header("content-type"), "application/problem+json");
        missing.expect(400);
    }

    async fn a_linked_team_keeps_its_id_role_and_links_and_answers_to_the_groups_id(app: App) {
        let scene = scene(&app).await;
        let linked = scene.link().await;
        assert_eq!(linked["id"], scene.team);
        assert_eq!(linked["name"], "Crew");
        assert_eq!(linked["source"], "synchronised");
        assert_eq!(linked["role"], "admin");
        assert_eq!(linked["organizations"].as_array().unwrap().len(), 1);
        assert_eq!(linked["member_count"], 3);
        for member in [&scene.hand, &scene.crew[0], &scene.crew[1]] {
            assert!(scene.reaches_cargo(member).await);
        }
        assert_eq!(scene.members_of(&scene.group).await, 3);
        let found = scene.account.scim.filter("/Groups", "displayName eq \"Crew\"").await.expect(200);
        assert_eq!(found["totalResults"], 1);
        assert_eq!(found["Resources"][0]["id"], scene.group);
        let remove = patch(json!([{
            "op": "remove", "path": "members", "value": [{"value": scene.crew[0]}],
        }]));
        let path = format!("/Groups/{}", scene.group);
        scene.account.scim.patch(&path, remove).await.expect(200);
        assert!(!scene.reaches_cargo(&scene.crew[0]).await);
    }

    async fn linking_and_unlinking_leave_the_date_of_the_group_as_it_was(app: App) {
        let scene = scene(&app).await;
        let day = 24 * 60 * 60 * 1000;
        app.clock.advance(day);
        let late = scene.account.scim.post("/Groups", group("Late", &[])).await.expect(201);
        let path = format!("/Groups/{}", text(&late, "id"));
        app.clock.advance(day);
        let link = json!({"group_id": late["id"]});
        let linked = scene.account.admin.put(&scene.path(), link).await.expect(200);
        let read = scene.account.scim.get(&path).await.expect(200);
        assert_eq!(read["meta"]["created"], late["meta"]["created"]);
        assert_ne!(linked["created_at"], late["meta"]["created"], "the team is older");
        scene.account.admin.delete(&scene.path()).await.expect(200);
        let read = scene.account.scim.get(&path).await.expect(200);
        assert_eq!(read["meta"]["created"], late["meta"]["created"]);
        let team = format!("/Groups/{}", scene.team);
        let read = scene.account.scim.get(&team).await.expect(200);
        assert_eq!(read["meta"]["created"], linked["created_at"]);
    }

    async fn unlinking_makes_two_again_each_with_its_own(app: App) {
        let scene = scene(&app).await;
        scene.link().await;
        let team = scene.account.admin.delete(&scene.path()).await.expect(200);
        assert_eq!(team["name"], "Flight");
        assert_eq!(team["source"], "manual");
        assert_eq!(team["member_count"], 1);
        assert!(scene.reaches_cargo(&scene.hand).await);
        assert!(!scene.reaches_cargo(&scene.crew[0]).await);
        assert_eq!(scene.members_of(&scene.group).await, 2);
        let again = scene.account.admin.delete(&scene.path()).await.expect(409);
        assert_eq!(again["type"], "urn:insomnia:problem:not-linked");
    }

    async fn a_linked_group_that_the_identity_provider_deletes_gives_the_team_back(app: App) {
        let scene = scene(&app).await;
        scene.link().await;
        let path = format!("/Groups/{}", scene.group);
        scene.account.scim.delete(&path).await.expect(204);
        scene.account.scim.get(&path).await.expect(404);
        let teams = scene.account.admin.get("/teams").await.expect(200);
        assert_eq!(teams["items"].as_array().unwrap().len(), 1);
        assert_eq!(teams["items"][0]["id"], scene.team);
        assert_eq!(teams["items"][0]["name"], "Flight");
        assert_eq!(teams["items"][0]["source"], "manual");
        assert_eq!(teams["items"][0]["member_count"], 1);
    }

    async fn only_a_manual_team_and_a_group_that_scim_made_can_become_one(app: App) {
        let scene = scene(&app).await;
        let link = |group: &str| {
            let (admin, path, group) =
                (scene.account.admin.clone(), scene.path(), group.to_owned());
            async move { admin.put(&path, json!({"group_id": group})).await }
        };
        link("team_unknown").await.expect(404);
        let other = scene.account.admin.post("/teams", json!({"name": "Sales"})).await.expect(201);
        let refused = link(&text(&other, "id")).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:not-provisioned");
        scene.link().await;
        let refused = link(&scene.group).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:not-manual");
    }
}
