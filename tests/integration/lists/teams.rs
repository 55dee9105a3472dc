//! The lists of teams, of their members, and of organizations.

use serde_json::json;

use super::{listed, names, provision};
use crate::support::{group, on_both_databases};

on_both_databases! {
    async fn teams_are_found_by_name_source_and_organization(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let passengers = account.add_organization("Passengers").await;
        let crew = account.add_team("Flight Crew", &[&cargo, &passengers]).await;
        let sales = account.add_team("Sales", &[&passengers]).await;
        account.scim.post("/Groups", group("Night Flight", &[])).await.expect(201);
        account.scim.post("/Groups", group("Sales", &[])).await.expect(201);
        for (query, found) in [
            ("search=flight", vec!["Night Flight", "Flight Crew"]),
            ("search=crew+fl", vec!["Flight Crew"]),
            ("search=light", vec![]),
            ("source=scim", vec!["Night Flight"]),
            ("source=synchronised", vec!["Sales"]),
            ("source=manual&search=f", vec!["Flight Crew"]),
            ("source=scim&search=crew", vec![]),
        ] {
            assert_eq!(listed(admin, &format!("/teams?{query}"), "name").await, found, "{query}");
        }
        let of = |organization: &str, more: &str| format!("/teams?organization={organization}{more}");
        assert_eq!(listed(admin, &of(&cargo, ""), "name").await, ["Flight Crew"]);
        assert_eq!(listed(admin, &of(&passengers, ""), "name").await, ["Flight Crew", "Sales"]);
        assert_eq!(listed(admin, &of(&passengers, "&source=manual"), "name").await, ["Flight Crew"]);
        assert_eq!(listed(admin, &of(&passengers, "&search=s"), "name").await, ["Sales"]);
        assert!(listed(admin, &of(&cargo, "&search=s"), "name").await.is_empty());
        admin.get(&of("org_unknown", "")).await.expect(404);
        let shown = admin.get(&format!("/teams/{crew}")).await.expect(200);
        assert_eq!(names(&shown["organizations"]), ["Cargo", "Passengers"]);
        assert_eq!(shown["organizations"][0]["id"], cargo);
        let rival = app.account_named("Rival", "rival.example", 5).await;
        rival.admin.get(&of(&cargo, "")).await.expect(404);
        assert!(listed(&rival.admin, "/teams?search=flight", "id").await.is_empty());
        // What is renamed or deleted is found as it is now.
        admin.patch(&format!("/teams/{crew}"), json!({"name": "Ground Staff"})).await.expect(200);
        assert!(listed(admin, "/teams?search=crew", "id").await.is_empty());
        assert_eq!(listed(admin, "/teams?search=staff", "id").await, std::slice::from_ref(&crew));
        admin.delete(&format!("/teams/{crew}")).await.expect(204);
        assert!(listed(admin, "/teams?search=staff", "id").await.is_empty());
        assert_eq!(app.database.count("search_terms WHERE term = 'staff'"), 0);
        assert_eq!(admin.get(&format!("/teams/{sales}")).await.expect(200)["name"], "Sales");
    }

    async fn members_of_a_team_are_found_by_name_and_source(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        let jane = provision(&account, "jane@kongair.example", ("Jane", "Doe", "Jane Doe")).await;
        let babs = provision(&account, "bjensen@kongair.example", ("Barbara", "Jensen", "Babs Jensen")).await;
        provision(&account, "jim@kongair.example", ("Jim", "Doe", "Jim Doe")).await;
        let made = account.scim.post("/Groups", group("Flight", &[&jane, &babs])).await.expect(201);
        let path = format!("/teams/{}/members", made["id"].as_str().unwrap());
        account.join(made["id"].as_str().unwrap(), "owner@kongair.example").await;
        for (query, found) in [
            ("", vec!["owner", "jane", "bjensen"]),
            ("?source=manual", vec!["owner"]),
            ("?source=scim", vec!["jane", "bjensen"]),
            ("?search=j", vec!["jane", "bjensen"]),
            ("?search=doe", vec!["jane"]),
            ("?search=o", vec!["owner"]),
            ("?search=o&source=scim", vec![]),
            ("?search=b+j&source=scim", vec!["bjensen"]),
        ] {
            let shown = listed(admin, &format!("{path}{query}"), "email").await;
            let found: Vec<_> = found.iter().map(|name| format!("{name}@kongair.example")).collect();
            assert_eq!(shown, found, "{query}");
        }
        let shown = admin.get(&format!("{path}?search=jensen")).await.expect(200);
        assert_eq!(shown["items"][0]["display_name"], "Babs Jensen");
    }

    async fn organizations_are_found_by_name_and_tell_how_many_reach_them(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Air Cargo").await;
        account.add_organization("Passengers").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        account.add_team("Empty", &[&cargo]).await;
        account.add_member("pilot@kongair.example", "member").await;
        account.join(&flight, "pilot@kongair.example").await;
        account.join(&flight, "owner@kongair.example").await;
        account.add_member("other@kongair.example", "member").await;
        for (search, found) in [
            ("", vec!["Personal Workspace", "Air Cargo", "Passengers"]),
            ("?search=CARGO", vec!["Air Cargo"]),
            ("?search=p", vec!["Passengers", "Personal Workspace"]),
            ("?search=w+p", vec!["Personal Workspace"]),
            ("?search=argo", vec![]),
        ] {
            assert_eq!(listed(admin, &format!("/organizations{search}"), "name").await, found, "{search}");
        }
        let shown = admin.get("/organizations?search=air").await.expect(200)["items"][0].clone();
        assert_eq!((&shown["people_count"], &shown["has_more_people"], &shown["team_count"]),
            (&json!(2), &json!(false), &json!(2)));
        admin.patch(&format!("/organizations/{cargo}"), json!({"name": "Air Freight"})).await.expect(200);
        assert_eq!(listed(admin, "/organizations?search=freight", "id").await, std::slice::from_ref(&cargo));
        assert!(listed(admin, "/organizations?search=cargo", "id").await.is_empty());
        admin.delete(&format!("/organizations/{cargo}")).await.expect(204);
        assert_eq!(app.database.count("search_terms WHERE term = 'freight'"), 0);
    }
}
