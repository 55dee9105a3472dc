//! Lock: who is not invited gets no access.

use insomnia_scim::enterprise::domain_entry::Admission;
use serde_json::json;

use super::start;
use crate::support::{on_both_migrated_databases, patch, text, user};

const AMELIA: &str = "amelia@kongair.example";

on_both_migrated_databases! {
    async fn an_uninvited_person_cannot_sign_up_in_a_locked_domain(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(5).await;
        let domain = account.first_domain().await;
        account.set_rule(&domain, false, true).await.expect(200);
        let token = app.sign_up(AMELIA).await;
        let refused = app.confirm(&token).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:domain-locked");
        assert!(text(&refused, "detail").contains("kongair.example"), "{refused}");
        assert!(account.unclaimed(&domain).await.is_empty(), "nobody was made");
        let cargo = account.add_organization("Cargo").await;
        let invitation = account.invite(AMELIA, &cargo).await;
        assert_eq!(app.confirm(&token).await.expect(200)["member_id"], json!(null));
        assert_eq!(account.invitation_state(&invitation).await, "pending");
        assert_eq!(app.entry(AMELIA).await.admission, Admission::Open);
        app.clock.advance(31 * 24 * 60 * 60 * 1000);
        assert_eq!(app.entry(AMELIA).await.admission, Admission::Refused, "it has expired");
    }

    async fn a_known_person_gets_no_access_under_lock_unless_a_member(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(5).await;
        let other = app.account_named("Other", "other.example", 5).await;
        app.join(AMELIA).await.expect(200);
        other.add_member("bessie@kongair.example", "member").await;
        account.set_rule(&account.first_domain().await, false, true).await.expect(200);
        for email in [AMELIA, "bessie@kongair.example"] {
            let entry = app.entry(email).await;
            assert_eq!(entry.admission, Admission::Refused, "{email}");
            assert_eq!(entry.enterprise, Some(account.made.enterprise));
            assert_eq!(entry.domain, "kongair.example");
            account.add_member(email, "member").await;
            assert_eq!(app.entry(email).await.admission, Admission::Open, "{email}");
        }
        assert_eq!(app.entry("owner@kongair.example").await.admission, Admission::Open);
        assert_eq!(app.entry("somebody@other.example").await.admission, Admission::Open);
    }

    async fn a_deactivated_member_stays_outside(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(5).await;
        account.set_rule(&account.first_domain().await, false, true).await.expect(200);
        let id = text(&account.scim.post("/Users", user(AMELIA)).await.expect(201), "id");
        assert_eq!(app.entry(AMELIA).await.admission, Admission::Open);
        let off = patch(json!([{"op": "replace", "path": "active", "value": false}]));
        account.scim.patch(&format!("/Users/{id}"), off).await.expect(200);
        assert_eq!(app.entry(AMELIA).await.admission, Admission::Refused);
    }

    async fn capture_wins_over_lock_for_new_sign_ups(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(3).await;
        app.join("early@kongair.example").await.expect(200);
        account.set_rule(&account.first_domain().await, true, true).await.expect(200);
        let joined = app.join(AMELIA).await.expect(200);
        account.member(&text(&joined, "member_id")).await;
        assert_eq!(account.recount().await, 2);
        let early = app.entry("early@kongair.example").await;
        assert_eq!(early.admission, Admission::Refused, "who was there before is not captured");
        account.add_member("third@kongair.example", "member").await;
        let refused = app.join("fourth@kongair.example").await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:no-free-seat");
    }
}
