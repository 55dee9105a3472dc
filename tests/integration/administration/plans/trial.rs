//! The trial.

use insomnia_scim::enterprise::Role;
use serde_json::{Value, json};

use super::{DAY, code_for, plan};
use crate::support::{Account, App, on_both_databases, user};

/// An account with the plan Pro and so many seats.
async fn pro(app: &App, seats: i64) -> Account {
    let account = app.account(seats).await;
    app.database.execute("UPDATE enterprises SET plan = 'pro'");
    account
}

on_both_databases! {
    async fn it_gives_enterprise_for_14_days_with_50_seats_and_reverts_by_itself(app: App) {
        let account = pro(&app, 5).await;
        account.scim.get("/Users").await.expect(403);
        account.admin.post("/teams", json!({"name": "Flight"})).await.expect(403);
        let trial = account.admin.post("/plan/trial", Value::Null).await.expect(200);
        assert_eq!((&trial["plan"], &trial["seats"], &trial["days_left"]), (&json!("trial"), &json!(50), &json!(14)));
        assert_eq!(trial["trial"]["reverts_to"], "pro");
        account.provision("amelia@kongair.example").await;
        account.admin.post("/teams", json!({"name": "Flight"})).await.expect(201);
        app.clock.advance(14 * DAY - 1);
        account.scim.get("/Users").await.expect(200);
        // It is over at its time, before any scheduler comes by.
        app.clock.advance(1);
        account.scim.get("/Users").await.expect(403);
        assert_eq!(plan(&account.admin).await["active"], false);
        app.background().await;
        let after = plan(&account.admin).await;
        assert_eq!((&after["plan"], &after["seats"], &after["active"]), (&json!("pro"), &json!(5), &json!(false)));
        assert_eq!(after["trial"]["started_at"], "2026-01-01T00:00:00.000Z");
        let mails = app.mailbox.to("owner@kongair.example");
        assert!(mails.iter().any(|mail| mail.subject == "KongAir: the plan trial has ended"));
    }

    async fn a_paid_plan_that_the_trial_reverts_to_is_switched_on_again(app: App) {
        let account = pro(&app, 5).await;
        account.admin.post("/plan/trial", Value::Null).await.expect(200);
        app.clock.advance(15 * DAY);
        app.background().await;
        account.admin.post("/members", json!({"email": "x@kongair.example"})).await.expect(403);
        let back = account.admin.post("/plan/reactivation", Value::Null).await.expect(200);
        assert_eq!((&back["plan"], &back["active"], &back["seats"]), (&json!("pro"), &json!(true), &json!(5)));
        account.admin.post("/members", json!({"email": "x@kongair.example"})).await.expect(201);
        account.admin.post("/plan/reactivation", Value::Null).await.expect(409);
    }

    async fn members_beyond_the_previous_seats_stay_and_are_not_lost(app: App) {
        let account = pro(&app, 2).await;
        account.admin.post("/plan/trial", Value::Null).await.expect(200);
        for number in 0..4 {
            account.provision(&format!("u{number}@kongair.example")).await;
        }
        app.clock.advance(15 * DAY);
        app.background().await;
        assert_eq!(account.seats().await, (5, 5), "as many as are in use, and none free");
        let refused = account.admin.post("/plan/reactivation", Value::Null).await;
        let detail = refused.detail(409);
        assert!(detail.contains("2 seats are too few: 5 are in use"), "{detail}");
        let code = code_for(&app, &account, 9, 30).await;
        account.admin.post("/plan/activations", json!({"code": code})).await.expect(200);
        assert_eq!(account.seats().await, (5, 9));
        account.scim.post("/Users", user("new@kongair.example")).await.expect(201);
    }

    async fn there_is_one_for_each_account_for_owner_and_co_owner(app: App) {
        let account = pro(&app, 5).await;
        let co_owner = account.admin.with_token(&account.token_of(&app, Role::CoOwner).await);
        let member = account.admin.with_token(&account.token_of(&app, Role::Member).await);
        member.post("/plan/trial", Value::Null).await.expect(403);
        co_owner.post("/plan/trial", Value::Null).await.expect(200);
        let again = account.admin.post("/plan/trial", Value::Null).await.expect(409);
        assert_eq!(again["type"], "urn:insomnia:problem:trial-used");
        app.clock.advance(15 * DAY);
        app.background().await;
        account.admin.post("/plan/trial", Value::Null).await.expect(409);
    }

    async fn it_is_neither_ended_early_nor_turned_into_a_paid_plan(app: App) {
        let account = pro(&app, 5).await;
        account.admin.post("/plan/trial", Value::Null).await.expect(200);
        let down = account.admin.post("/plan/downgrade", json!({"confirm": "KongAir"})).await;
        assert!(down.detail(409).contains("The trial runs until 2026-01-15T00:00:00.000Z"));
        let code = code_for(&app, &account, 60, 30).await;
        let early = account.admin.post("/plan/activations", json!({"code": code})).await;
        assert!(early.detail(409).contains("The trial runs until"));
        app.clock.advance(14 * DAY);
        account.admin.post("/plan/activations", json!({"code": code})).await.expect(200);
        assert_eq!(plan(&account.admin).await["plan"], "enterprise");
    }

    async fn who_has_enterprise_has_nothing_to_try(app: App) {
        let account = app.account(5).await;
        let refused = account.admin.post("/plan/trial", Value::Null).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:has-plan");
    }
}
