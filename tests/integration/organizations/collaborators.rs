//! Direct access to an organization, beside that through teams (docs/domain.md §2, §4).

use serde_json::json;

use crate::support::{on_both_databases, patch, text};

on_both_databases! {
    async fn removing_ends_the_direct_access_and_names_what_stays(app: App) {
        let account = app.account(5).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        let pilot = account.add_member("pilot@kongair.example", "member").await;
        account.join(&flight, "pilot@kongair.example").await;
        let path = format!("/organizations/{cargo}/collaborators");
        let new = json!({"email": "Pilot@KongAir.example", "role": "admin"});
        let added = admin.post(&path, new.clone()).await.expect(201);
        assert_eq!((&added["role"], &added["via"]), (&json!("admin"), &json!(["direct", flight])));
        let twice = admin.post(&path, new).await.expect(409);
        assert_eq!(twice["type"], "urn:insomnia:problem:already-collaborator");

        let own = format!("{path}/{pilot}");
        let removed = admin.delete(&own).await.expect(200);
        assert_eq!(removed["remaining"]["role"], "member");
        assert_eq!(removed["remaining"]["via"], json!([flight]));
        assert_eq!(account.recount().await, 2, "the seat stays taken");
        let refused = admin.delete(&own).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:only-through-teams");
        assert!(refused["detail"].as_str().unwrap().contains(&flight));
        let flight = format!("/teams/{flight}/members/{pilot}");
        admin.delete(&flight).await.expect(204);
        admin.delete(&own).await.expect(404);
        assert!(account.access(&pilot).await.is_empty());
        assert_eq!(account.recount().await, 2);
    }

    async fn nothing_stays_where_no_team_leads_there(app: App) {
        let account = app.account(5).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let pilot = account.add_member("pilot@kongair.example", "member").await;
        let path = format!("/organizations/{cargo}/collaborators");
        admin.post(&path, json!({"email": "pilot@kongair.example"})).await.expect(201);
        let own = format!("{path}/{pilot}");
        let changed = admin.patch(&own, json!({"role": "admin"})).await.expect(200);
        assert_eq!(changed["role"], "admin");
        assert_eq!(admin.delete(&own).await.expect(200), json!({"remaining": null}));
        admin.patch(&own, json!({"role": "admin"})).await.expect(404);
        let log = admin.items_of("/audit-log?action=organization.member-removed").await;
        assert_eq!(log[0]["before"], json!({"organization": cargo, "role": "admin"}));
    }

    async fn an_owner_cannot_be_taken_out_and_strangers_cannot_be_put_in(app: App) {
        let account = app.account(5).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let path = format!("/organizations/{cargo}/collaborators");
        let owner = text(&account.admin.items("/members").await[0], "id");
        let refused = admin.delete(&format!("{path}/{owner}")).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:owns-account");
        admin.post(&path, json!({"email": "nobody@kongair.example"})).await.expect(404);
        admin.post(&path, json!({"email": "no address"})).await.expect(422);
        let gone = account.provision("gone@kongair.example").await;
        let off = patch(json!([{"op": "replace", "path": "active", "value": false}]));
        account.scim.patch(&format!("/Users/{gone}"), off).await.expect(200);
        let refused = admin.post(&path, json!({"email": "gone@kongair.example"})).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:inactive-member");
        // Another account's member, and another account's organization.
        let rival = app.account_named("Rival", "rival.example", 5).await;
        admin.post(&path, json!({"email": "owner@rival.example"})).await.expect(404);
        rival.admin.post(&path, json!({"email": "owner@rival.example"})).await.expect(404);
        rival.admin.delete(&format!("{path}/{owner}")).await.expect(404);
    }
}
