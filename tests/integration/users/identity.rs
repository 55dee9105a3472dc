//! Name and address of different people are never merged by accident.

use serde_json::{Value, json};

use crate::support::{Account, on_both_databases, patch, text, user};

fn named(user_name: &str, email: &str) -> Value {
    let mut named = user(user_name);
    named["emails"] = json!([{"value": email, "primary": true}]);
    named
}

/// Checks that the request is refused for this attribute and leaves everything as it is.
async fn conflicts(account: &Account, attribute: &str, resource: Value) {
    let before = account.snapshot().await;
    let refusal = account.scim.post("/Users", resource).await.expect(409);
    assert_eq!(refusal["scimType"], "uniqueness");
    let detail = text(&refusal, "detail");
    assert!(detail.starts_with(&format!("{attribute}:")), "{detail}");
    assert_eq!(account.snapshot().await, before);
}

on_both_databases! {
    async fn the_user_name_of_one_must_not_be_the_address_of_another(app: App) {
        let account = app.account(9).await;
        account.scim.post("/Users", named("bob", "alice@kongair.example")).await.expect(201);
        let alice = named("Alice@kongair.example", "a@kongair.example");
        conflicts(&account, "userName", alice).await;
    }

    async fn the_address_of_one_must_not_be_the_user_name_of_another(app: App) {
        let account = app.account(9).await;
        account.provision("alice@kongair.example").await;
        conflicts(&account, "emails", named("bob", "ALICE@kongair.example")).await;
    }

    async fn user_name_and_address_of_two_manual_members_merge_nobody(app: App) {
        let account = app.account(9).await;
        account.add_member("alice@kongair.example", "member").await;
        account.add_member("bob@kongair.example", "member").await;
        let mixed = named("alice@kongair.example", "bob@kongair.example");
        conflicts(&account, "emails", mixed).await;
    }

    async fn a_manual_member_is_not_merged_with_a_provisioned_one(app: App) {
        let account = app.account(9).await;
        account.add_member("alice@kongair.example", "member").await;
        account.provision("bob@kongair.example").await;
        let mixed = named("alice@kongair.example", "bob@kongair.example");
        conflicts(&account, "emails", mixed).await;
        let mixed = named("bob@kongair.example", "alice@kongair.example");
        conflicts(&account, "userName", mixed).await;
    }

    async fn a_change_cannot_take_what_is_somebody_elses(app: App) {
        let account = app.account(9).await;
        account.provision("alice@kongair.example").await;
        account.add_member("carol@kongair.example", "member").await;
        let bob = format!("/Users/{}", account.provision("bob@kongair.example").await);
        let before = account.snapshot().await;
        let set = |path: &str, value: Value| {
            patch(json!([{"op": "replace", "path": path, "value": value}]))
        };
        let emails = json!([{"value": "Carol@kongair.example"}]);
        for refused in [
            account.scim.put(&bob, user("ALICE@kongair.example")).await,
            account.scim.put(&bob, user("carol@kongair.example")).await,
            account.scim.patch(&bob, set("userName", json!("alice@kongair.example"))).await,
            account.scim.patch(&bob, set("emails", emails)).await,
        ] {
            assert_eq!(refused.expect(409)["scimType"], "uniqueness");
        }
        assert_eq!(account.snapshot().await, before);
        account.scim.put(&bob, user("BOB@kongair.example")).await.expect(200);
    }

    async fn a_renamed_user_keeps_its_id_and_leaves_its_old_name_free(app: App) {
        let account = app.account(9).await;
        let id = account.provision("maiden@kongair.example").await;
        let married = account.scim.put(&format!("/Users/{id}"), user("married@kongair.example")).await;
        assert_eq!(married.expect(200)["id"], *id);
        assert_eq!(account.member(&id).await["email"], "married@kongair.example");
        assert_ne!(account.provision("maiden@kongair.example").await, id);
        assert_eq!(account.recount().await, 3);
    }
}
