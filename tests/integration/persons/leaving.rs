//! Leaving an account.

use serde_json::{Value, json};

use crate::support::{on_both_databases, text};

const VERA: &str = "vera@kongair.example";

on_both_databases! {
    async fn who_leaves_frees_the_seat_and_stays_signed_in(app: App) {
        let account = app.account(9).await;
        let member = account.add_member(VERA, "member").await;
        let team = account.add_team("Flight", &[]).await;
        account.join(&team, VERA).await;
        let vera = app.signed_in(VERA).await;
        let token = account.admin.with_token(&account.token_for(&app, &member).await);
        token.get("/tokens").await.expect(200);
        let used = account.recount().await;
        let path = format!("/session/memberships/{member}/leave");
        app.signed_in("owner@kongair.example").await.post(&path, json!({})).await.expect(404);
        vera.post(&path, json!({})).await.expect(204);
        assert_eq!(account.recount().await, used - 1);
        assert!(account.find_member(&member).await.is_none());
        assert!(account.team_members(&team).await.is_empty());
        token.get("/tokens").await.expect(401);
        let me = vera.get("/session").await.expect(200);
        assert_eq!((&me["account_id"], &me["accounts"]), (&Value::Null, &json!([])));
        vera.post(&path, json!({})).await.expect(404);
        let log = account.admin.items_of("/audit-log?action=member.left").await;
        assert_eq!(log.len(), 1);
        assert_eq!((&log[0]["target"]["id"], &log[0]["actor"]["kind"]), (&json!(member), &json!("person")));
    }

    async fn the_last_owner_stays_until_there_is_another(app: App) {
        let account = app.account(9).await;
        let owner = app.signed_in("owner@kongair.example").await;
        let path = format!("/session/memberships/{}/leave", account.made.owner_id);
        let refused = owner.post(&path, json!({})).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:last-owner");
        let second = account.add_member("second@kongair.example", "owner").await;
        let second = account.admin.with_token(&account.token_for(&app, &second).await);
        owner.post(&path, json!({})).await.expect(204);
        assert_eq!(second.items("/members").await.len(), 1);
    }

    async fn whom_the_identity_provider_keeps_is_unassigned_there(app: App) {
        let account = app.account(9).await;
        let member = account.provision(VERA).await;
        let vera = app.signed_in(VERA).await;
        let path = format!("/session/memberships/{member}/leave");
        let refused = vera.post(&path, json!({})).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:kept-by-identity-provider");
        assert!(text(&refused, "detail").contains("unassign you"), "{refused}");
        assert!(account.find_member(&member).await.is_some());
        // Without SCIM nothing would bring them back.
        account.admin.post("/connector/disable", json!({})).await.expect(204);
        vera.post(&path, json!({})).await.expect(204);
        assert!(account.find_member(&member).await.is_none());
    }

    async fn an_inactive_account_can_be_left(app: App) {
        let account = app.account(9).await;
        let member = account.add_member(VERA, "member").await;
        let vera = app.signed_in(VERA).await;
        app.database.execute("UPDATE enterprises SET plan_active = FALSE");
        vera.post(&format!("/session/memberships/{member}/leave"), json!({})).await.expect(204);
        assert!(account.find_member(&member).await.is_none());
    }
}
