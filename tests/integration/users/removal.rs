//! DELETE removes a user from the account; leaving a group does not.

use serde_json::json;

use crate::support::{on_both_databases, patch, text, user};

const ADDRESS: &str = "amelia@kongair.example";

on_both_databases! {
    async fn a_deleted_user_is_gone_everywhere_and_its_address_makes_a_new_one(app: App) {
        let account = app.account(2).await;
        let cargo = account.add_organization("Cargo").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        let id = account.provision(ADDRESS).await;
        let path = format!("/Users/{id}");
        account.join(&flight, ADDRESS).await;
        let crew = account.scim.post("/Groups", crate::support::group("Crew", &[&id])).await;
        let crew = text(&crew.expect(201), "id");

        account.scim.delete(&path).await.expect(204);
        let refusal = account.scim.get(&path).await.expect(404);
        assert_eq!(refusal["status"], "404");
        account.scim.delete(&path).await.expect(404);
        account.scim.put(&path, user(ADDRESS)).await.expect(404);
        let active = patch(json!([{"op": "replace", "path": "active", "value": true}]));
        account.scim.patch(&path, active).await.expect(404);
        for filter in [format!("userName eq \"{ADDRESS}\""), format!("id eq \"{id}\"")] {
            let found = account.scim.filter("/Users", &filter).await.expect(200);
            assert_eq!(found["totalResults"], 0, "{filter}");
        }
        assert!(account.find_member(&id).await.is_none());
        for team in [&flight, &crew] {
            assert!(account.team_members(team).await.is_empty());
        }
        let teams = account.admin.items("/teams").await;
        assert!(teams.iter().all(|team| team["member_count"] == 0), "{teams:?}");
        let group = account.scim.get(&format!("/Groups/{crew}")).await.expect(200);
        assert!(group["members"].as_array().is_none_or(Vec::is_empty), "{group}");
        assert_eq!(account.recount().await, 1);

        let new = account.provision(ADDRESS).await;
        assert_ne!(new, id);
        assert!(account.access(&new).await.is_empty(), "nothing of the old one is left");
        assert_eq!(account.seats().await, (2, 2));
    }

    async fn deleting_an_inactive_user_frees_no_second_seat(app: App) {
        let account = app.account(5).await;
        account.provision("other@kongair.example").await;
        let path = format!("/Users/{}", account.provision(ADDRESS).await);
        let off = patch(json!([{"op": "replace", "path": "active", "value": false}]));
        account.scim.patch(&path, off).await.expect(200);
        assert_eq!(account.recount().await, 2);
        account.scim.delete(&path).await.expect(204);
        assert_eq!(account.recount().await, 2);
    }

    async fn leaving_a_group_takes_its_access_and_keeps_the_seat(app: App) {
        let account = app.account(5).await;
        let cargo = account.add_organization("Cargo").await;
        let id = account.provision(ADDRESS).await;
        let crew = account.scim.post("/Groups", crate::support::group("Crew", &[&id])).await;
        let crew = text(&crew.expect(201), "id");
        let link = format!("/teams/{crew}/organizations/{cargo}");
        account.admin.put(&link, json!({})).await.expect(204);
        assert_eq!(account.access(&id).await.len(), 1);

        let leave = json!([{"op": "remove", "path": format!("members[value eq \"{id}\"]")}]);
        let answer = account.scim.patch(&format!("/Groups/{crew}"), patch(leave)).await;
        assert!(matches!(answer.status, 200 | 204), "{}", answer.body);
        assert!(account.team_members(&crew).await.is_empty());
        assert!(account.access(&id).await.is_empty());
        assert_eq!(account.member(&id).await["state"], "active");
        assert_eq!(account.seats().await, (2, 5));
    }

    async fn leaving_a_team_by_hand_keeps_the_seat_too(app: App) {
        let account = app.account(5).await;
        let flight = account.add_team("Flight", &[]).await;
        let id = account.provision(ADDRESS).await;
        account.join(&flight, ADDRESS).await;
        account.admin.delete(&format!("/teams/{flight}/members/{id}")).await.expect(204);
        assert_eq!(account.seats().await, (2, 5));
    }

    async fn a_member_removed_on_the_licenses_page_is_gone_for_the_identity_provider(app: App) {
        let account = app.account(5).await;
        let id = account.provision(ADDRESS).await;
        account.admin.delete(&format!("/licences/{id}")).await.expect(204);
        account.scim.get(&format!("/Users/{id}")).await.expect(404);
        assert_ne!(account.provision(ADDRESS).await, id);
    }
}
