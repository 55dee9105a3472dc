//! Members hear of what happens to their place in the account.

use serde_json::json;

use super::newest_link;
use crate::support::on_both_databases;

on_both_databases! {
    async fn a_changed_role_and_a_removal_are_told_to_the_member(app: App) {
        let account = app.account(9).await;
        let bea = account.add_member("bea@kongair.example", "member").await;
        account.admin.patch(&format!("/members/{bea}"), json!({"role": "co-owner"})).await.expect(200);
        account.admin.patch(&format!("/members/{bea}"), json!({"role": "co-owner"})).await.expect(200);
        account.admin.delete(&format!("/licences/{bea}")).await.expect(204);
        app.background().await;
        let mails = app.mailbox.to("bea@kongair.example");
        let subjects: Vec<&str> = mails.iter().map(|mail| mail.subject.as_str()).collect();
        assert_eq!(subjects, ["KongAir: you are co-owner now", "KongAir: you are not a member any more"]);
        assert!(mails[0].text.contains("owner@kongair.example changed your role"), "{}", mails[0].text);
        assert!(mails[0].text.contains("from member to co-owner"), "{}", mails[0].text);
        assert!(mails[1].text.contains("owner@kongair.example removed you"), "{}", mails[1].text);
    }

    async fn who_has_claimed_the_member_is_written_to_at_their_own_address(app: App) {
        let account = app.account(9).await;
        let bea = account.add_member("bea@kongair.example", "member").await;
        let session = app.signed_in("bea@kongair.example").await;
        session.post("/session/addresses", json!({"email": "bea@home.example"})).await.expect(202);
        app.background().await;
        let token = newest_link(&app, "bea@home.example", "Confirm that this");
        session.post("/session/addresses/confirm", json!({"token": token})).await.expect(200);
        session.patch("/session/addresses/bea@home.example", json!({})).await.expect(200);
        account.admin.patch(&format!("/members/{bea}"), json!({"role": "billing-only"})).await.expect(200);
        app.background().await;
        let told = |email: &str| {
            app.mailbox.to(email).iter().any(|mail| mail.subject == "KongAir: you are billing-only now")
        };
        assert!(told("bea@home.example") && !told("bea@kongair.example"));
    }
}
