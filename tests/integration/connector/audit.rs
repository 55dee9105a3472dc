//! What the audit log says of provisioning and of the connector.

use serde_json::{Value, json};

use crate::support::{Account, group, on_both_databases, patch, text, user};

/// Changes about this target, oldest first.
async fn changes(account: &Account, target: &str) -> Vec<Value> {
    let mut items = account.admin.items_of(&format!("/audit-log?target={target}&limit=50")).await;
    items.reverse();
    items
}

fn actions(changes: &[Value]) -> Vec<String> {
    changes.iter().map(|change| text(change, "action")).collect()
}

on_both_databases! {
    async fn each_change_of_a_user_is_one_entry_of_the_identity_provider(app: App) {
        let account = app.account(5).await;
        let headers = [
            ("content-type", "application/scim+json"),
            ("user-agent", "Okta SCIM Client 1.0.0"),
            ("x-request-id", "request-4711"),
        ];
        let body = user("jane@kongair.example").to_string();
        let made = account
            .scim
            .send(reqwest::Method::POST, "/Users", &headers, Some(body))
            .await
            .expect(201);
        let id = text(&made, "id");
        let path = format!("/Users/{id}");
        for operation in [
            json!([{"op": "replace", "path": "title", "value": "Pilot"}]),
            json!([{"op": "replace", "path": "title", "value": "Pilot"}]),
            json!([{"op": "replace", "path": "active", "value": false}]),
            json!([{"op": "replace", "path": "active", "value": true}]),
        ] {
            account.scim.patch(&path, patch(operation)).await.expect(200);
        }
        account.scim.delete(&path).await.expect(204);
        let changes = changes(&account, &id).await;
        assert_eq!(actions(&changes), [
            "user.provisioned", "user.changed", "user.deactivated", "user.reactivated",
            "user.deleted",
        ]);
        let [made, changed, deactivated, ..] = &changes[..] else { panic!() };
        assert_eq!(made["actor"], json!({
            "kind": "identity_provider", "id": account.made.connector_id, "name": "Okta",
        }));
        assert_eq!(made["request_id"], "request-4711");
        assert_eq!(made["after"]["user_name"], "jane@kongair.example");
        assert_eq!(changed["before"], json!({}));
        assert_eq!(changed["after"], json!({"title": "Pilot"}));
        assert_eq!(deactivated["before"], json!({"active": true}));
        assert_eq!(deactivated["after"], json!({"active": false}));
    }

    async fn adoption_and_refusals(app: App) {
        let account = app.account(4).await;
        let id = account.add_member("jane@kongair.example", "member").await;
        account.scim.post("/Users", user("jane@kongair.example")).await.expect(201);
        account.scim.post("/Users", user("jane@kongair.example")).await.expect(409);
        let provisioned: Vec<Value> = changes(&account, &id)
            .await
            .into_iter()
            .filter(|change| change["actor"]["kind"] == "identity_provider")
            .collect();
        assert_eq!(actions(&provisioned), ["user.adopted"]);
        assert_eq!(provisioned[0]["before"]["source"], "manual");
        assert_eq!(provisioned[0]["after"]["source"], "scim");
        let cargo = account.add_organization("Cargo").await;
        account.invite("joe@kongair.example", &cargo).await;
        let joe = account.provision("joe@kongair.example").await;
        let adopted = changes(&account, &joe).await;
        assert_eq!(actions(&adopted), ["user.adopted"]);
        assert_eq!(adopted[0]["after"]["accepted_invitations"], 1);
    }

    async fn each_change_of_a_group_says_who_came_and_went(app: App) {
        let account = app.account(10).await;
        let (a, b) = (
            account.provision("a@kongair.example").await,
            account.provision("b@kongair.example").await,
        );
        let made = account.scim.post("/Groups", group("Crew", &[&a])).await.expect(201);
        let id = text(&made, "id");
        let path = format!("/Groups/{id}");
        for operation in [
            json!([{"op": "add", "path": "members", "value": [{"value": a}, {"value": b}]}]),
            json!([{"op": "add", "path": "members", "value": [{"value": b}]}]),
            json!([{"op": "remove", "path": format!("members[value eq \"{a}\"]")}]),
            json!([{"op": "replace", "path": "members", "value": [{"value": a}]}]),
            json!([{"op": "replace", "path": "displayName", "value": "Flight"}]),
            json!([{"op": "remove", "path": "members"}]),
        ] {
            account.scim.patch(&path, patch(operation)).await.expect(200);
        }
        account.scim.delete(&path).await.expect(204);
        let changes = changes(&account, &id).await;
        assert_eq!(actions(&changes), [
            "group.provisioned", "group.changed", "group.changed", "group.changed",
            "group.changed", "group.changed", "group.deleted",
        ]);
        let one = |id: &String| json!({"count": 1, "ids": [id]});
        assert_eq!(changes[0]["after"]["members_added"], one(&a));
        assert_eq!(changes[1]["after"], json!({"members_added": one(&b)}), "who was not there");
        assert_eq!(changes[2]["after"], json!({"members_removed": one(&a)}));
        assert_eq!(
            changes[3]["after"],
            json!({"members_added": one(&a), "members_removed": one(&b)})
        );
        assert_eq!(changes[4]["before"]["name"], "Crew");
        assert_eq!(changes[4]["after"], json!({"name": "Flight"}));
        assert_eq!(changes[5]["after"], json!({"members_removed": one(&a)}));
    }

    async fn a_manual_team_that_is_synchronised_says_so(app: App) {
        let account = app.account(10).await;
        let team = account.add_team("Crew", &[]).await;
        account.scim.post("/Groups", group("Crew", &[])).await.expect(201);
        let last = changes(&account, &team).await.pop().unwrap();
        assert_eq!(last["action"], "group.synchronised");
        assert_eq!(last["before"]["source"], "manual");
        assert_eq!(last["after"]["source"], "synchronised");
    }

    async fn ids_of_many_members_are_bounded_and_their_count_is_not(app: App) {
        let account = app.account(200).await;
        let mut ids = Vec::new();
        for number in 0..103 {
            ids.push(account.provision(&format!("u{number}@kongair.example")).await);
        }
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let made = account.scim.post("/Groups", group("Crew", &ids)).await.expect(201);
        let change = changes(&account, &text(&made, "id")).await.remove(0);
        let added = &change["after"]["members_added"];
        assert_eq!(added["count"], 103);
        assert_eq!(added["ids"].as_array().unwrap().len(), 100);
    }

    async fn changes_of_the_connector_are_logged_without_secrets(app: App) {
        let account = app.account(5).await;
        let admin = &account.admin;
        let token = admin.post("/connector/token", json!({"expiry": "90_days"})).await.expect(201);
        let client =
            admin.post("/connector/oauth-clients", json!({"name": "Entra"})).await.expect(201);
        let id = text(&client, "id");
        let secret = format!("/connector/oauth-clients/{id}/secret");
        let rotated = admin.post(&secret, json!({})).await.expect(201);
        admin.delete(&format!("/connector/oauth-clients/{id}")).await.expect(204);
        admin.patch("/connector", json!({"log_days": 7})).await.expect(200);
        admin.patch("/connector", json!({"log_days": 7})).await.expect(200);
        admin.post("/connector/disable", json!({})).await.expect(204);
        admin.post("/connector/enable", json!({"expiry": "never"})).await.expect(201);
        let mut log = admin.items_of("/audit-log?limit=100").await;
        log.reverse();
        let ours = log.iter().map(|change| text(change, "action"));
        let ours: Vec<String> = ours
            .filter(|action| action.starts_with("connector") || action.starts_with("oauth"))
            .collect();
        assert_eq!(ours, [
            "connector.token_refreshed", "oauth_client.created", "oauth_client.secret_rotated",
            "oauth_client.revoked", "connector.changed", "connector.disabled", "connector.enabled",
        ]);
        let whole = json!(log).to_string();
        for made in [&token, &client, &rotated] {
            assert!(!whole.contains(&text(made, "secret")));
        }
    }
}
