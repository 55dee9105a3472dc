//! One organization: its name, its end, who may (docs/domain.md §2).

use serde_json::json;

use crate::support::{at_once, on_both_databases, text};

on_both_databases! {
    async fn a_name_is_taken_in_any_letter_case_but_may_change_its_own(app: App) {
        let account = app.account(5).await;
        let admin = &account.admin;
        let cargo = format!("/organizations/{}", account.add_organization("Cargo").await);
        account.add_organization("Äther").await;
        for name in ["äTHER", "personal workspace"] {
            let refused = admin.patch(&cargo, json!({"name": name})).await.detail(409);
            assert!(refused.contains("already exists"), "{refused}");
        }
        assert_eq!(admin.patch(&cargo, json!({"name": "CARGO"})).await.expect(200)["name"], "CARGO");
        for name in ["", "  ", "\0", &"x".repeat(256)] {
            admin.patch(&cargo, json!({"name": name})).await.expect(422);
        }
        assert_eq!(admin.get(&cargo).await.expect(200)["name"], "CARGO");
        // In another account the name is free.
        let rival = app.account_named("Rival", "rival.example", 5).await;
        rival.add_organization("Cargo").await;
        rival.admin.get(&cargo).await.expect(404);
        rival.admin.patch(&cargo, json!({"name": "Mine"})).await.expect(404);
        rival.admin.delete(&cargo).await.expect(404);
    }

    async fn only_one_of_those_who_want_a_name_at_once_gets_it(app: App) {
        let account = app.account(5).await;
        let mut paths = Vec::new();
        for number in 0..6 {
            let id = account.add_organization(&format!("Number {number}")).await;
            paths.push(format!("/organizations/{id}"));
        }
        let node = app.peer();
        let second = account.through(&node);
        let renames = paths.into_iter().enumerate().map(|(number, path)| {
            let client = [&account, &second][number % 2].admin.clone();
            let name = ["Cargo", "CARGO", "cargo"][number % 3];
            async move { client.patch(&path, json!({"name": name})).await.status }
        });
        let mut statuses = at_once(renames.collect::<Vec<_>>()).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409, 409, 409, 409, 409]);
    }

    async fn deleting_ends_links_and_access_and_keeps_seats(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let passengers = account.add_organization("Passengers").await;
        let flight = account.add_team("Flight", &[&cargo, &passengers]).await;
        let pilot = account.add_member("pilot@kongair.example", "member").await;
        account.join(&flight, "pilot@kongair.example").await;
        let path = format!("/organizations/{cargo}/collaborators");
        admin.post(&path, json!({"email": "pilot@kongair.example"})).await.expect(201);
        // One is invited to Cargo alone, one to more than that.
        let alone = account.invite("alone@kongair.example", &cargo).await;
        let more = account.invite("more@kongair.example", &cargo).await;
        account.invite("more@kongair.example", &passengers).await;
        assert_eq!(account.recount().await, 4);

        admin.delete(&format!("/organizations/{cargo}")).await.expect(204);
        admin.get(&format!("/organizations/{cargo}")).await.expect(404);
        let reached = account.access(&pilot).await;
        assert_eq!(reached, [(passengers.clone(), "member".to_owned(), json!([flight]))]);
        let team = admin.get(&format!("/teams/{flight}")).await.expect(200);
        assert_eq!(team["organizations"], json!([{"id": passengers, "name": "Passengers"}]));
        assert_eq!(account.invitation_state(&alone).await, "revoked");
        assert_eq!(account.invitation_state(&more).await, "pending");
        assert_eq!(account.recount().await, 3);
    }

    async fn the_last_organization_stays(app: App) {
        let account = app.account(5).await;
        let only = text(&account.admin.items("/organizations").await[0], "id");
        let path = format!("/organizations/{only}");
        let refused = account.admin.delete(&path).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:last-organization");
        account.add_organization("Cargo").await;
        // Of two that are deleted at once, one stays.
        let ids = account.admin.items("/organizations").await;
        let deletions = ids.into_iter().map(|one| {
            let (client, path) = (account.admin.clone(), format!("/organizations/{}", text(&one, "id")));
            async move { client.delete(&path).await.status }
        });
        let mut statuses = at_once(deletions.collect::<Vec<_>>()).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 409]);
    }

    async fn every_change_is_in_the_audit_log(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let path = format!("/organizations/{cargo}");
        admin.patch(&path, json!({"name": "Freight"})).await.expect(200);
        let team = account.add_team("Flight", &[&cargo]).await;
        account.add_member("pilot@kongair.example", "member").await;
        account.join(&team, "pilot@kongair.example").await;
        admin.patch(&format!("/teams/{team}"), json!({"role": "admin"})).await.expect(200);
        admin.delete(&format!("/teams/{team}/organizations/{cargo}")).await.expect(204);
        admin.delete(&format!("/teams/{team}")).await.expect(204);
        admin.patch("/connector", json!({"invite_control_binds_scim": true})).await.expect(200);
        let log = admin.items("/audit-log").await;
        let of = |action: &str| {
            let entry = log.iter().find(|entry| entry["action"] == action);
            entry.unwrap_or_else(|| panic!("no {action} in {log:?}")).clone()
        };
        for action in [
            "organization.created", "team.created", "team.linked", "team.unlinked", "team.deleted",
            "member.added", "team.member-added", "connector.changed",
        ] {
            of(action);
        }
        let renamed = of("organization.renamed");
        assert_eq!(renamed["before"], json!({"name": "Cargo"}));
        assert_eq!(renamed["after"], json!({"name": "Freight"}));
        assert_eq!(renamed["actor"]["name"], "owner@kongair.example");
        assert!(renamed["request_id"].is_string());
        let changed = of("team.changed");
        assert_eq!((&changed["before"], &changed["after"]), (&json!({"role": "member"}), &json!({"role": "admin"})));
    }
}
