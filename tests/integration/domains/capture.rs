//! Capture: who signs up with an address in the domain joins the account.

use insomnia_scim::enterprise::domain_entry::Admission;
use serde_json::json;

use super::start;
use crate::support::{at_once, on_both_migrated_databases, text};

on_both_migrated_databases! {
    async fn a_sign_up_in_a_captured_domain_joins_the_account_and_takes_a_seat(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(5).await;
        let domain = account.first_domain().await;
        let changed = account.set_rule(&domain, true, false).await.expect(200);
        assert_eq!((&changed["capture"], &changed["locked"]), (&json!(true), &json!(false)));
        let joined = app.join("amelia@KongAir.example").await.expect(200);
        let id = text(&joined, "member_id");
        let member = account.member(&id).await;
        assert_eq!(member["email"], "amelia@KongAir.example");
        assert_eq!(member["role"], "member");
        assert_eq!(member["source"], "manual");
        assert_eq!(account.recount().await, 2);
        assert!(account.unclaimed(&domain).await.is_empty());
        let licences = account.admin.get("/licences?source=captured").await.expect(200);
        assert_eq!(licences["items"][0]["id"], id);
        assert_eq!(licences["items"][0]["source"], "captured");
        let manual = account.admin.get("/licences?source=manual").await.expect(200);
        assert_eq!(manual["items"].as_array().unwrap().len(), 1, "the owner alone");
        let log = account.admin.items_of(&format!("/audit-log?target={id}")).await;
        let captured = log.iter().find(|entry| entry["action"] == "member.captured").unwrap();
        assert_eq!(captured["actor"]["kind"], "person");
        assert_eq!(captured["actor"]["name"], "amelia@KongAir.example");
        let switched = account.admin.items_of(&format!("/audit-log?target={domain}")).await;
        assert_eq!(switched[0]["action"], "domain.changed");
        assert_eq!(switched[0]["after"], json!({"capture": true}));
    }

    async fn other_domains_and_subdomains_are_not_captured(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(5).await;
        account.set_rule(&account.first_domain().await, true, false).await.expect(200);
        for email in ["a@eu.kongair.example", "a@notkongair.example", "a@kongair.example.org"] {
            assert_eq!(app.join(email).await.expect(200)["role"], json!("owner"), "{email}");
        }
        assert_eq!(account.recount().await, 1);
    }

    async fn with_no_seat_left_the_sign_up_is_refused_and_works_once_one_is_free(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(2).await;
        account.set_rule(&account.first_domain().await, true, false).await.expect(200);
        let other = account.add_member("other@kongair.example", "member").await;
        let token = app.sign_up("amelia@kongair.example").await;
        let before = account.snapshot().await;
        let refused = app.confirm(&token).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:no-free-seat");
        assert!(text(&refused, "detail").contains("administrator of your company"), "{refused}");
        assert_eq!(account.snapshot().await, before);
        account.admin.delete(&format!("/licences/{other}")).await.expect(204);
        let joined = app.confirm(&token).await.expect(200);
        account.member(&text(&joined, "member_id")).await;
        assert_eq!(account.recount().await, 2);
    }

    async fn sign_ups_at_once_never_take_more_seats_than_there_are(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(4).await;
        account.set_rule(&account.first_domain().await, true, false).await.expect(200);
        let mut tokens = Vec::new();
        for number in 0..8 {
            tokens.push(app.sign_up(&format!("p{number}@kongair.example")).await);
        }
        let public = app.public();
        let answers = at_once(tokens.into_iter().map(|token| {
            let public = public.clone();
            async move { public.post("/sign-ups/confirm", json!({"token": token})).await.status }
        }))
        .await;
        let count = |status| answers.iter().filter(|answer| **answer == status).count();
        assert_eq!((count(200), count(403)), (3, 5), "{answers:?}");
        assert_eq!(account.recount().await, 4);
    }

    async fn an_invited_person_keeps_its_seat_and_gets_what_was_promised(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(2).await;
        account.set_rule(&account.first_domain().await, true, false).await.expect(200);
        let cargo = account.add_organization("Cargo").await;
        let invitation = account.invite("amelia@kongair.example", &cargo).await;
        let joined = app.join("Amelia@kongair.example").await.expect(200);
        assert_eq!(account.invitation_state(&invitation).await, "accepted");
        let access = account.access(&text(&joined, "member_id")).await;
        assert_eq!(access[0].0, cargo);
        assert_eq!(account.recount().await, 2);
    }

    async fn who_was_there_before_is_not_captured(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(5).await;
        let domain = account.first_domain().await;
        app.join("early@kongair.example").await.expect(200);
        account.set_rule(&domain, true, false).await.expect(200);
        assert_eq!(app.entry("early@kongair.example").await.admission, Admission::Open);
        assert_eq!(app.entry("late@kongair.example").await.admission, Admission::Captured);
        assert_eq!(account.unclaimed(&domain).await, ["early@kongair.example"]);
        assert_eq!(account.recount().await, 1);
    }

    async fn a_domain_that_waits_decides_over_nobody(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(5).await;
        let id = text(&account.add_domain("cargo.example").await, "id");
        let refused = account.set_rule(&id, true, true).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:domain-not-verified");
        assert_eq!(app.join("a@cargo.example").await.expect(200)["role"], json!("owner"));
    }

    async fn after_the_plan_has_ended_nothing_is_captured_or_locked(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(5).await;
        account.set_rule(&account.first_domain().await, true, true).await.expect(200);
        assert_eq!(app.entry("a@kongair.example").await.admission, Admission::Captured);
        app.database.execute("UPDATE enterprises SET plan = 'essentials', plan_active = FALSE");
        assert_eq!(app.entry("a@kongair.example").await.admission, Admission::Open);
        assert_eq!(app.join("a@kongair.example").await.expect(200)["role"], json!("owner"));
    }
}
