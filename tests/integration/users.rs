//! Users → members: every row of the table in docs/domain.md §7.

mod adoption;
mod deactivation;
mod full;
mod identity;
mod owners;
mod removal;

use serde_json::{Value, json};

use crate::support::{Account, on_both_databases, patch, text, user};

/// The extension that shows what the account makes of a user.
const EXTENSION: &str = "urn:insomnia:params:scim:schemas:extension:account:2.0:User";

/// What the extension shows of a user when it is asked for.
async fn shown(account: &Account, id: &str) -> Value {
    let names = ["source", "licence", "canSignIn"].map(|name| format!("{EXTENSION}:{name}"));
    let path = format!("/Users/{id}?attributes={}", names.join(","));
    account.scim.get(&path).await.expect(200)[EXTENSION].clone()
}

on_both_databases! {
    async fn a_new_address_makes_a_member_that_takes_a_seat(app: App) {
        let account = app.account(5).await;
        let created = account.scim.post("/Users", user("amelia@kongair.example")).await.expect(201);
        let id = text(&created, "id");
        assert_eq!(created["active"], true);
        let shown = shown(&account, &id).await;
        assert_eq!(shown["source"], "scim", "{shown}");
        assert_eq!(shown["licence"], "held");
        assert_eq!(shown["canSignIn"], true);
        let member = account.member(&id).await;
        assert_eq!(member["scim_id"], *id);
        assert_eq!(member["email"], "amelia@kongair.example");
        assert_eq!(member["state"], "active");
        assert_eq!(member["source"], "scim");
        assert_eq!(member["role"], "member");
        assert_eq!(member["can_sign_in"], true);
        assert!(member["seat_since"].is_string());
        assert_eq!(account.seats().await, (2, 5));
        assert_eq!(account.scim.get(&format!("/Users/{id}")).await.expect(200), created);
        assert!(account.access(&id).await.is_empty(), "a new member reaches nothing yet");
    }

    async fn a_user_created_inactive_takes_no_seat(app: App) {
        let account = app.account(1).await;
        let mut sleeper = user("sleeper@kongair.example");
        sleeper["active"] = json!(false);
        let id = text(&account.scim.post("/Users", sleeper).await.expect(201), "id");
        let member = account.member(&id).await;
        assert_eq!(member["state"], "inactive");
        assert!(member["seat_since"].is_null());
        assert_eq!(account.seats().await, (1, 1));
    }

    async fn a_user_already_provisioned_is_a_conflict_and_nothing_changes(app: App) {
        let account = app.account(5).await;
        account.provision("amelia@kongair.example").await;
        let before = account.snapshot().await;
        for name in ["amelia@kongair.example", "AMELIA@KongAir.Example"] {
            let mut again = user(name);
            again["title"] = json!("Pilot");
            let refusal = account.scim.post("/Users", again).await.expect(409);
            assert_eq!(refusal["scimType"], "uniqueness");
            assert_eq!(refusal["status"], "409");
            assert!(text(&refusal, "detail").contains("userName"), "{refusal}");
            assert_eq!(account.snapshot().await, before);
        }
    }

    async fn a_deactivated_user_is_still_provisioned(app: App) {
        let account = app.account(5).await;
        let id = account.provision("amelia@kongair.example").await;
        let inactive = patch(json!([{"op": "replace", "path": "active", "value": false}]));
        account.scim.patch(&format!("/Users/{id}"), inactive).await.expect(200);
        let before = account.snapshot().await;
        let again = account.scim.post("/Users", user("amelia@kongair.example")).await;
        assert_eq!(again.expect(409)["scimType"], "uniqueness");
        assert_eq!(account.snapshot().await, before);
    }

    async fn a_user_without_any_address_is_provisioned_and_cannot_sign_in(app: App) {
        let account = app.account(5).await;
        let robot = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": "robot-7",
            "name": {"givenName": "Robot", "familyName": "Seven"},
            "active": true,
        });
        let created = account.scim.post("/Users", robot).await.expect(201);
        let id = text(&created, "id");
        assert_eq!(shown(&account, &id).await["canSignIn"], false);
        let member = account.member(&id).await;
        assert_eq!(member["can_sign_in"], false);
        assert!(member["email"].is_null());
        assert_eq!(account.seats().await, (2, 5));
        let found = account.scim.filter("/Users", "userName eq \"Robot-7\"").await.expect(200);
        assert_eq!(found["totalResults"], 1);
        assert_eq!(found["Resources"][0]["id"], *id);
        let again = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ROBOT-7",
        });
        account.scim.post("/Users", again).await.expect(409);
    }

    async fn a_guest_outside_the_verified_domains_is_provisioned_like_any_other(app: App) {
        let account = app.account(5).await;
        let id = account.provision("guest@elsewhere.example").await;
        assert_eq!(account.member(&id).await["state"], "active");
        assert_eq!(account.seats().await, (2, 5));
    }

    async fn where_invite_control_binds_scim_a_guest_is_refused_naming_the_domain(app: App) {
        let account = app.account(9).await;
        account.add_member("manual@elsewhere.example", "member").await;
        let provisioned = account.provision("amelia@kongair.example").await;
        let bind = |on: bool| json!({"invite_control_binds_scim": on});
        let page = account.admin.patch("/connector", bind(true)).await.expect(200);
        assert_eq!(page["invite_control_binds_scim"], true);
        let before = account.snapshot().await;

        let mut second = user("second@kongair.example");
        let emails = second["emails"].as_array_mut().unwrap();
        emails.push(json!({"value": "second@guest.example"}));
        let mut moved = user("amelia@guest.example");
        moved["emails"][0]["value"] = json!("amelia@guest.example");
        let path = format!("/Users/{provisioned}");
        for (refused, domain) in [
            (account.scim.post("/Users", user("a@Guest.Example")).await, "guest.example"),
            (account.scim.post("/Users", user("a@sub.kongair.example")).await, "sub.kongair.example"),
            (account.scim.post("/Users", second).await, "guest.example"),
            (account.scim.post("/Users", user("manual@elsewhere.example")).await, "elsewhere.example"),
            (account.scim.put(&path, moved).await, "guest.example"),
        ] {
            let detail = refused.detail(403);
            assert!(detail.contains(&format!("\"{domain}\"")), "{detail}");
        }
        assert_eq!(account.snapshot().await, before);

        account.provision("inside@KongAir.example").await;
        account.admin.patch("/connector", bind(false)).await.expect(200);
        account.provision("a@guest.example").await;
    }
}
