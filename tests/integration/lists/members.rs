//! The list of members.

use serde_json::json;

use super::{listed, names, provision};
use crate::support::{on_both_databases, patch};

on_both_databases! {
    async fn members_are_found_by_the_beginnings_of_their_names_and_addresses(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        provision(&account, "jane.doe@kongair.example", ("Jane", "Doe", "Jane Doe")).await;
        let babs = provision(&account, "bjensen@kongair.example", ("Barbara", "Jensen", "Babs Jensen")).await;
        account.add_member("jo@kongair.example", "member").await;
        for (search, found) in [
            ("j", vec!["bjensen", "jane.doe", "jo"]),
            ("JEN", vec!["bjensen"]),
            ("jensen+b", vec!["bjensen"]),
            ("barb", vec!["bjensen"]),
            ("Babs%20J", vec!["bjensen"]),
            ("bjensen%40KongAir.ex", vec!["bjensen"]),
            ("doe", vec!["jane.doe"]),
            ("o", vec!["owner"]),
            ("ensen", vec![]),
            ("jensen+doe", vec![]),
            ("%F0%9F%9A%80", vec![]),
        ] {
            let shown = listed(admin, &format!("/members?search={search}"), "user_name").await;
            let found: Vec<_> = found.iter().map(|name| format!("{name}@kongair.example")).collect();
            let mut sorted = shown.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, found, "{search}");
        }
        // In alphabetical order of what was found, each member once, page after page.
        let shown = listed(admin, "/members?search=j", "user_name").await;
        assert_eq!(shown, ["jane.doe", "bjensen", "jo"].map(|name| format!("{name}@kongair.example")));
        let rival = app.account_named("Rival", "rival.example", 5).await;
        assert!(listed(&rival.admin, "/members?search=jensen", "id").await.is_empty());
        // A new name is found, the old one no more.
        let married = patch(json!([
            {"op": "replace", "path": "displayName", "value": "Babs Miller"},
            {"op": "replace", "path": "name.familyName", "value": "Miller"},
        ]));
        account.scim.patch(&format!("/Users/{babs}"), married).await.expect(200);
        assert!(listed(admin, "/members?search=jensen", "id").await.is_empty());
        assert_eq!(listed(admin, "/members?search=miller", "id").await, std::slice::from_ref(&babs));
        account.scim.delete(&format!("/Users/{babs}")).await.expect(204);
        assert!(listed(admin, "/members?search=miller", "id").await.is_empty());
        assert_eq!(app.database.count("search_terms WHERE term LIKE '%mill%'"), 0);
    }

    async fn members_are_filtered_by_role_source_and_state(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        account.add_member("second@kongair.example", "co-owner").await;
        account.add_member("manual@kongair.example", "member").await;
        account.provision("scim@kongair.example").await;
        let gone = account.provision("gone@kongair.example").await;
        let off = patch(json!([{"op": "replace", "path": "active", "value": false}]));
        account.scim.patch(&format!("/Users/{gone}"), off).await.expect(200);
        for (query, found) in [
            ("role=owner", vec!["owner"]),
            ("role=co-owner", vec!["second"]),
            ("role=member", vec!["manual", "scim", "gone"]),
            ("source=manual", vec!["owner", "second", "manual"]),
            ("source=scim", vec!["scim", "gone"]),
            ("state=inactive", vec!["gone"]),
            ("state=active&source=scim", vec!["scim"]),
            ("role=owner&source=scim", vec![]),
            ("role=billing-only", vec![]),
            ("search=g&state=inactive", vec!["gone"]),
            ("search=g&state=active&source=scim", vec!["scim"]),
            ("search=&role=owner", vec!["owner"]),
        ] {
            let shown = listed(admin, &format!("/members?{query}"), "email").await;
            let found: Vec<_> = found.iter().map(|name| format!("{name}@kongair.example")).collect();
            assert_eq!(shown, found, "{query}");
        }
        let on = patch(json!([{"op": "replace", "path": "active", "value": true}]));
        account.scim.patch(&format!("/Users/{gone}"), on).await.expect(200);
        assert!(listed(admin, "/members?state=inactive", "id").await.is_empty());
        for wrong in ["role=king", "source=gift", "state=asleep", "search=%00"] {
            admin.get(&format!("/members?{wrong}")).await.expect(400);
        }
        admin.get(&format!("/members?search={}", "x".repeat(256))).await.expect(400);
        // A cursor leads on in the search that it comes from, and in no other.
        let page = admin.get("/members?search=s&limit=1").await.expect(200);
        let cursor = page["next_cursor"].as_str().unwrap();
        admin.get(&format!("/members?search=s&cursor={cursor}")).await.expect(200);
        for other in ["", "search=t&"] {
            let refused = admin.get(&format!("/members?{other}cursor={cursor}")).await.detail(400);
            assert!(refused.contains("same search"), "{refused}");
        }
    }

    async fn beside_a_member_are_its_teams_and_its_last_use(app: App) {
        let account = app.account(5).await;
        let admin = &account.admin;
        let pilot = account.add_member("pilot@kongair.example", "member").await;
        for number in 10..22 {
            let team = account.add_team(&format!("Team {number}"), &[]).await;
            account.join(&team, "pilot@kongair.example").await;
        }
        app.database.execute(&format!(
            "INSERT INTO member_activity (member_pk, day, enterprise_pk) \
             SELECT pk, 20450, enterprise_pk FROM members WHERE id = '{pilot}'"
        ));
        let shown = admin.get("/members?search=pilot").await.expect(200)["items"][0].clone();
        assert_eq!(shown, admin.get(&format!("/members/{pilot}")).await.expect(200));
        assert_eq!(shown["team_count"], 12);
        let expected: Vec<_> = (10..20).map(|number| format!("Team {number}")).collect();
        assert_eq!(names(&shown["teams"]), expected);
        assert_eq!(shown["last_active"], "2025-12-28");
        let other = account.add_member("other@kongair.example", "member").await;
        let other = admin.get(&format!("/members/{other}")).await.expect(200);
        assert_eq!((&other["teams"], &other["team_count"], &other["last_active"]),
            (&json!([]), &json!(0), &json!(null)));
        // After a hundred days the last use is shown no more.
        app.clock.advance(97 * 24 * 60 * 60 * 1000);
        let shown = admin.get(&format!("/members/{pilot}")).await.expect(200);
        assert_eq!(shown["last_active"], json!(null));
    }

    async fn what_was_there_before_there_was_a_search_is_found_after_the_migration(app: App) {
        let account = app.account(9).await;
        let babs = provision(&account, "bjensen@kongair.example", ("Barbara", "Jensen", "Babs Jensen")).await;
        let team = account.add_team("Night Flight", &[]).await;
        let cargo = account.add_organization("Air Cargo").await;
        app.database.execute("DELETE FROM search_terms; DELETE FROM key_versions;");
        assert!(listed(&account.admin, "/members?search=jensen", "id").await.is_empty());
        let node = app.second_node();
        let admin = account.through(&node).admin;
        assert_eq!(listed(&admin, "/members?search=jensen", "id").await, [babs]);
        assert_eq!(listed(&admin, "/teams?search=flight", "id").await, [team]);
        assert_eq!(listed(&admin, "/organizations?search=cargo", "id").await, [cargo]);
    }
}
