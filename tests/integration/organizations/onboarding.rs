//! The onboarding document's steps, in its words.

use serde_json::{Value, json};

use crate::support::{on_both_databases, text};

on_both_databases! {
    /// "2. Organizations": an account begins with one, more are created, people are put into them.
    async fn step_2_organizations(app: App) {
        let account = app.account(5).await;
        let admin = &account.admin;
        let first = admin.items("/organizations").await;
        assert_eq!(first.len(), 1);
        assert_eq!(first[0]["name"], "Personal Workspace");
        let first = text(&first[0], "id");
        account.invite("guest@kongair.example", &first).await;

        let cargo = account.add_organization("Cargo").await;
        let passengers = account.add_organization("Passengers").await;
        let loader = account.add_member("loader@kongair.example", "member").await;
        let path = format!("/organizations/{cargo}/collaborators");
        let added = json!({"email": "loader@kongair.example", "role": "admin"});
        admin.post(&path, added).await.expect(201);
        let reached = account.access(&loader).await;
        assert_eq!(reached, [(cargo.clone(), "admin".to_owned(), json!(["direct"]))]);

        // An admin of Cargo manages Cargo, and nothing else.
        let loader = admin.with_token(&account.token_for(&app, &loader).await);
        let renamed = json!({"name": "Freight"});
        let path = format!("/organizations/{cargo}");
        assert_eq!(loader.patch(&path, renamed).await.expect(200)["name"], "Freight");
        loader.get(&format!("/organizations/{passengers}")).await.expect(403);
        loader.delete(&path).await.expect(403);

        // Names are unique, and what is not needed any more goes.
        let taken = admin.post("/organizations", json!({"name": "FREIGHT"})).await.expect(409);
        assert_eq!(taken["type"], "urn:insomnia:problem:name-taken");
        admin.delete(&format!("/organizations/{passengers}")).await.expect(204);
        let names: Vec<Value> =
            admin.items("/organizations").await.into_iter().map(|one| one["name"].clone()).collect();
        assert_eq!(names, ["Personal Workspace", "Freight"]);
        assert_eq!(account.recount().await, 3, "owner, guest's invitation, loader");
    }

    /// "3. Teams": Flight is linked to Cargo and Passengers, Sales only to Passengers; new members
    /// of a team reach its organizations by themselves.
    async fn step_3_teams(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let passengers = account.add_organization("Passengers").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        let sales = account.add_team("Sales", &[&passengers]).await;
        let pilot = account.add_member("pilot@kongair.example", "member").await;
        account.join(&flight, "pilot@kongair.example").await;

        // What a link would do is seen before it is made.
        let path = format!("/teams/{flight}/organizations/{passengers}");
        let preview = admin.get(&format!("{path}/preview")).await.expect(200);
        assert_eq!(preview["linked"], false);
        assert_eq!(preview["role"], "member");
        let gaining = json!({"count": 1, "first": ["pilot@kongair.example"]});
        assert_eq!(preview["gaining"], gaining);
        assert_eq!(account.access(&pilot).await.len(), 1, "a preview changes nothing");
        admin.put(&path, json!({})).await.expect(204);
        assert_eq!(account.access(&pilot).await.len(), 2);

        // A new member of the team has access at once.
        let steward = account.add_member("steward@kongair.example", "member").await;
        account.join(&flight, "steward@kongair.example").await;
        assert_eq!(account.access(&steward).await.len(), 2);

        // A manual team becomes one with a SCIM group; its links stay.
        account.scim.post("/Groups", crate::support::group("Sales", &[])).await.expect(201);
        let team = admin.get(&format!("/teams/{sales}")).await.expect(200);
        assert_eq!((&team["source"], &team["organizations"]), (&json!("synchronised"), &json!([{"id": passengers, "name": "Passengers"}])));

        // The role is the team's, in all its organizations.
        admin.patch(&format!("/teams/{flight}"), json!({"role": "admin"})).await.expect(200);
        for (_, role, _) in account.access(&pilot).await {
            assert_eq!(role, "admin");
        }

        // What unlinking would take away is seen before, too.
        let preview = admin.get(&format!("{path}/preview")).await.expect(200);
        assert_eq!((&preview["linked"], &preview["losing"]["count"]), (&json!(true), &json!(2)));
        admin.delete(&path).await.expect(204);
        let reached = account.access(&pilot).await;
        assert_eq!(reached.iter().map(|(id, ..)| id).collect::<Vec<_>>(), [&cargo]);
        assert_eq!(account.recount().await, 3, "seats stay taken");
    }

    /// "8. Storage control": allowed storage, for the account and different for an organization.
    async fn step_8_storage_control(app: App) {
        let account = app.account(5).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let passengers = account.add_organization("Passengers").await;
        let all = json!(["cloud_sync", "local_vault", "git_sync"]);
        let before = admin.get("/storage-control").await.expect(200);
        assert_eq!(before, json!({"personal_workspaces": all, "organizations": all}));

        let rule = json!({"personal_workspaces": ["local_vault"], "organizations": ["cloud_sync", "git_sync"]});
        assert_eq!(admin.put("/storage-control", rule.clone()).await.expect(200), rule);
        let own = json!({"allowed": ["git_sync"]});
        let path = format!("/organizations/{cargo}/storage-control");
        admin.put(&path, own).await.expect(200);
        let of_cargo = admin.get(&path).await.expect(200);
        assert_eq!(of_cargo, json!({"allowed": ["git_sync"], "is_overridden": true}));
        let other = format!("/organizations/{passengers}/storage-control");
        let of_passengers = json!({"allowed": ["cloud_sync", "git_sync"], "is_overridden": false});
        assert_eq!(admin.get(&other).await.expect(200), of_passengers);
        assert_eq!(admin.delete(&path).await.expect(200), of_passengers);
    }
}
