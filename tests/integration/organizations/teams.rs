//! Teams by hand: changes, end, previews (docs/domain.md §3).

use serde_json::{Value, json};

use crate::support::{at_once, group, on_both_databases, text};

on_both_databases! {
    async fn a_manual_team_is_renamed_and_described(app: App) {
        let account = app.account(5).await;
        let admin = &account.admin;
        let flight = format!("/teams/{}", account.add_team("Flight", &[]).await);
        account.add_team("Sales", &[]).await;
        let changes = json!({"name": "FLIGHT", "description": "Flies", "role": "admin"});
        let changed = admin.patch(&flight, changes).await.expect(200);
        assert_eq!((&changed["name"], &changed["description"], &changed["role"]),
            (&json!("FLIGHT"), &json!("Flies"), &json!("admin")));
        assert_eq!(admin.get(&flight).await.expect(200), changed);
        let refused = admin.patch(&flight, json!({"name": "sales"})).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:name-taken");
        for wrong in [json!({"name": ""}), json!({"description": "x".repeat(2001)})] {
            admin.patch(&flight, wrong).await.expect(422);
        }
        admin.patch(&flight, json!({"role": "king"})).await.expect(400);
        let rival = app.account_named("Rival", "rival.example", 5).await;
        rival.admin.patch(&flight, json!({"name": "Mine"})).await.expect(404);
        rival.admin.delete(&flight).await.expect(404);
        // The identity provider finds it under its new name.
        let found = account.scim.filter("/Groups", "displayName eq \"flight\"").await.expect(200);
        assert_eq!(found["Resources"][0]["displayName"], "FLIGHT");
    }

    async fn the_name_of_a_scim_group_is_the_identity_providers_and_so_is_its_end(app: App) {
        let account = app.account(5).await;
        let admin = &account.admin;
        account.add_team("Flight", &[]).await;
        account.scim.post("/Groups", group("Flight", &[])).await.expect(201);
        account.scim.post("/Groups", group("Crew", &[])).await.expect(201);
        for (team, advice) in admin.items("/teams").await.iter().zip(["Unlink it", "Delete the group"]) {
            let path = format!("/teams/{}", text(team, "id"));
            let refused = admin.patch(&path, json!({"name": "Other"})).await.expect(409);
            assert_eq!(refused["type"], "urn:insomnia:problem:kept-by-identity-provider");
            let refused = admin.delete(&path).await.detail(409);
            assert!(refused.contains(advice), "{refused}");
            // The role and the description are the account's; the same name is no change.
            let changes = json!({"name": team["name"], "description": "Ours", "role": "admin"});
            assert_eq!(admin.patch(&path, changes).await.expect(200)["role"], "admin");
        }
        // Given back by the identity provider it is manual, and goes.
        let flight = text(&admin.items("/teams").await[0], "scim_id");
        account.scim.delete(&format!("/Groups/{flight}")).await.expect(204);
        admin.delete(&format!("/teams/{flight}")).await.expect(204);
        assert_eq!(account.scim.get("/Groups").await.expect(200)["totalResults"], 1);
    }

    async fn a_deleted_team_takes_its_access_and_no_seat(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        let sales = account.add_team("Sales", &[&cargo]).await;
        let pilot = account.add_member("pilot@kongair.example", "member").await;
        account.join(&flight, "pilot@kongair.example").await;
        account.join(&sales, "pilot@kongair.example").await;
        let invited = json!({"email": "invited@kongair.example", "team_id": flight});
        let invited = text(&admin.post("/invitations", invited).await.expect(201), "id");
        admin.delete(&format!("/teams/{flight}")).await.expect(204);
        admin.get(&format!("/teams/{flight}")).await.expect(404);
        assert_eq!(account.access(&pilot).await, [(cargo, "member".to_owned(), json!([sales]))]);
        assert_eq!(account.invitation_state(&invited).await, "revoked");
        assert_eq!(account.recount().await, 2);
        assert_eq!(account.scim.get("/Groups").await.expect(200)["totalResults"], 1);
    }

    async fn previews_tell_whose_access_begins_rises_falls_and_ends(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let flight = account.add_team("Flight", &[]).await;
        admin.patch(&format!("/teams/{flight}"), json!({"role": "admin"})).await.expect(200);
        let sales = account.add_team("Sales", &[&cargo]).await;
        for name in ["direct", "both", "new"] {
            account.add_member(&format!("{name}@kongair.example"), "member").await;
            account.join(&flight, &format!("{name}@kongair.example")).await;
        }
        account.join(&flight, "owner@kongair.example").await;
        account.join(&sales, "both@kongair.example").await;
        let collaborators = format!("/organizations/{cargo}/collaborators");
        let admin_there = json!({"email": "direct@kongair.example", "role": "admin"});
        admin.post(&collaborators, admin_there).await.expect(201);
        let gone = account.provision("gone@kongair.example").await;
        account.join(&flight, "gone@kongair.example").await;
        let off = crate::support::patch(json!([{"op": "replace", "path": "active", "value": false}]));
        account.scim.patch(&format!("/Users/{gone}"), off).await.expect(200);

        let link = format!("/teams/{flight}/organizations/{cargo}");
        let concerned = |names: &[&str]| -> Value {
            let names: Vec<_> = names.iter().map(|name| format!("{name}@kongair.example")).collect();
            json!({"count": names.len(), "first": names})
        };
        let linking = admin.get(&format!("{link}/preview")).await.expect(200);
        assert_eq!(linking, json!({"linked": false, "role": "admin", "gaining": concerned(&["new"]),
            "rising": concerned(&["both"]), "losing": concerned(&[]), "falling": concerned(&[])}));
        admin.put(&link, json!({})).await.expect(204);
        let unlinking = admin.get(&format!("{link}/preview")).await.expect(200);
        assert_eq!(unlinking, json!({"linked": true, "role": "admin", "gaining": concerned(&[]),
            "rising": concerned(&[]), "losing": concerned(&["new"]), "falling": concerned(&["both"])}));
        admin.get(&format!("/teams/{flight}/organizations/none/preview")).await.expect(404);
        admin.get(&format!("/teams/none/organizations/{cargo}/preview")).await.expect(404);
    }

    async fn only_one_of_those_who_want_a_teams_name_at_once_gets_it(app: App) {
        let account = app.account(5).await;
        let mut paths = Vec::new();
        for number in 0..4 {
            paths.push(format!("/teams/{}", account.add_team(&format!("Number {number}"), &[]).await));
        }
        let renames = paths.into_iter().map(|path| {
            let client = account.admin.clone();
            async move { client.patch(&path, json!({"name": "Crew"})).await.status }
        });
        let mut statuses = at_once(renames.collect::<Vec<_>>()).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409, 409, 409]);
    }

    async fn a_place_in_a_team_has_a_role_of_its_own_until_it_is_given_back(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        let sales = account.add_team("Sales", &[&cargo]).await;
        let amelia = account.provision("amelia@kongair.example").await;
        account.scim.post("/Groups", group("Flight", &[&amelia])).await.expect(201);
        account.join(&sales, "amelia@kongair.example").await;
        let place = format!("/teams/{flight}/members/{amelia}");
        let role = |role: &str| json!({"role": role});
        let raised = admin.patch(&place, role("admin")).await.expect(200);
        assert_eq!((&raised["role"], &raised["own_role"]), (&json!("admin"), &json!("admin")));
        // The highest of all ways counts.
        let reached = |role: &str| vec![(cargo.clone(), role.to_owned(), json!([flight, sales]))];
        assert_eq!(account.access(&amelia).await, reached("admin"));
        let collaborators = admin.items(&format!("/organizations/{cargo}/collaborators")).await;
        assert_eq!(collaborators.iter().find(|one| one["member_id"] == amelia.as_str()).unwrap()["role"], "admin");
        // Provisioning leaves it as it is.
        let put = group("Flight", &[&amelia]);
        account.scim.put(&format!("/Groups/{flight}"), put).await.expect(200);
        assert_eq!(account.access(&amelia).await, reached("admin"));
        // A preview counts with it.
        let preview = admin.get(&format!("/teams/{flight}/organizations/{cargo}/preview")).await.expect(200);
        assert_eq!(preview["falling"]["first"], json!(["amelia@kongair.example"]));
        let passengers = account.add_organization("Passengers").await;
        admin.put(&format!("/teams/{sales}/organizations/{passengers}"), json!({})).await.expect(204);
        let preview = admin.get(&format!("/teams/{flight}/organizations/{passengers}/preview")).await.expect(200);
        assert_eq!(preview["rising"]["first"], json!(["amelia@kongair.example"]));
        // A place can have less than the team, too.
        admin.patch(&format!("/teams/{flight}"), role("admin")).await.expect(200);
        admin.patch(&place, role("member")).await.expect(200);
        assert_eq!(account.access(&amelia).await[0], reached("member")[0]);
        let back = admin.patch(&place, role("team")).await.expect(200);
        assert_eq!((&back["role"], &back["own_role"]), (&json!("admin"), &Value::Null));
        let log = admin.items_of(&format!("/audit-log?action=team.member-changed&target={flight}")).await;
        assert_eq!(log.len(), 3);
        admin.patch(&place, role("king")).await.expect(400);
        admin.patch(&place, json!({})).await.expect(400);
        admin.patch(&format!("/teams/{flight}/members/{}", cargo), role("admin")).await.expect(404);
        // Whoever is added can have one from the first minute.
        account.add_member("bessie@kongair.example", "member").await;
        let body = json!({"email": "bessie@kongair.example", "role": "member"});
        let added = admin.post(&format!("/teams/{flight}/members"), body).await.expect(201);
        assert_eq!(added["own_role"], "member");
    }

    async fn a_team_is_linked_to_several_organizations_at_once_or_to_none(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let passengers = account.add_organization("Passengers").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        let pilot = account.add_member("pilot@kongair.example", "member").await;
        account.join(&flight, "pilot@kongair.example").await;
        let path = format!("/teams/{flight}/organizations");
        let chosen = json!({"organization_ids": [cargo, passengers]});
        let shown = admin.post(&format!("{path}/preview"), chosen.clone()).await.expect(200);
        assert_eq!(shown["concerned"], json!({"count": 1, "first": ["pilot@kongair.example"]}));
        let previews = shown["previews"].as_array().unwrap();
        assert_eq!((&previews[0]["linked"], &previews[0]["gaining"]["count"]), (&json!(true), &json!(0)));
        assert_eq!((&previews[1]["linked"], &previews[1]["gaining"]["count"]), (&json!(false), &json!(1)));
        assert_eq!(account.access(&pilot).await.len(), 1);
        let mixed = json!({"organization_ids": [passengers, "org_gone"]});
        admin.post(&path, mixed).await.expect(404);
        assert_eq!(account.access(&pilot).await.len(), 1, "all or none");
        let linked = admin.post(&path, chosen).await.expect(200);
        let reached = json!([{"id": cargo, "name": "Cargo"}, {"id": passengers, "name": "Passengers"}]);
        assert_eq!(linked["organizations"], reached);
        assert_eq!(account.access(&pilot).await.len(), 2);
        let log = admin.items_of(&format!("/audit-log?action=team.linked&target={flight}")).await;
        assert_eq!(log.len(), 2);
        admin.post(&path, json!({"organization_ids": []})).await.expect(422);
    }
}
