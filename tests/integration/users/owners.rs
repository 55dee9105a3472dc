//! An account always has an owner, whatever the identity provider does.

use serde_json::{Value, json};

use crate::support::{Account, Response, on_both_databases, patch, user};

const OWNER: &str = "owner@kongair.example";

fn off() -> Value {
    patch(json!([{"op": "replace", "path": "active", "value": "False"}]))
}

/// Every way of losing the owner.
async fn attempts(account: &Account) -> Vec<Response> {
    let path = format!("/Users/{}", account.made.owner_id);
    let mut inactive = user(OWNER);
    inactive["active"] = json!(false);
    vec![
        account.scim.delete(&path).await,
        account.scim.patch(&path, off()).await,
        account.scim.put(&path, inactive).await,
    ]
}

on_both_databases! {
    async fn the_last_owner_can_neither_be_deleted_nor_deactivated(app: App) {
        let account = app.account(5).await;
        account.add_member("co@kongair.example", "co-owner").await;
        let before = account.snapshot().await;
        for refused in attempts(&account).await {
            let detail = refused.detail(403);
            assert!(detail.contains("last owner"), "{detail}");
        }
        let mut inactive = user(OWNER);
        inactive["active"] = json!(false);
        account.scim.post("/Users", inactive).await.detail(403);
        let licence = format!("/licences/{}", account.made.owner_id);
        account.admin.delete(&licence).await.expect(403);
        assert_eq!(account.snapshot().await, before, "and is not even adopted");
    }

    async fn an_inactive_second_owner_does_not_count(app: App) {
        let account = app.account(5).await;
        let second = account.add_member("second@kongair.example", "owner").await;
        account.scim.patch(&format!("/Users/{second}"), off()).await.expect(200);
        let before = account.snapshot().await;
        for refused in attempts(&account).await {
            refused.expect(403);
        }
        assert_eq!(account.snapshot().await, before);
        // The inactive one may leave.
        account.scim.delete(&format!("/Users/{second}")).await.expect(204);
    }

    async fn with_a_second_owner_the_first_may_be_deactivated_and_the_second_has_to_stay(app: App) {
        let account = app.account(5).await;
        let second = account.add_member("second@kongair.example", "owner").await;
        let first = format!("/Users/{}", account.made.owner_id);
        account.scim.patch(&first, off()).await.expect(200);
        account.scim.delete(&format!("/Users/{second}")).await.expect(403);
        let on = patch(json!([{"op": "replace", "path": "active", "value": true}]));
        account.scim.patch(&first, on).await.expect(200);
        account.scim.delete(&format!("/Users/{second}")).await.expect(204);
        account.scim.delete(&first).await.expect(403);
    }

    async fn with_a_second_owner_the_first_may_be_deleted(app: App) {
        let account = app.account(5).await;
        account.add_member("second@kongair.example", "owner").await;
        account.scim.delete(&format!("/Users/{}", account.made.owner_id)).await.expect(204);
        account.admin.get("/seats").await.expect(401);
    }
}
