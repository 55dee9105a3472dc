//! Self-serve subscriptions: the billing system's signed events.

use insomnia_scim::enterprise::{Timestamp, signature};
use reqwest::Method;
use serde_json::{Value, json};

use super::{DAY, nobody, operator, plan};
use crate::support::{App, BILLING, Client, Response, at_once, on_both_databases, text};

/// Sends an event, signed now.
async fn send(app: &App, event: &Value) -> Response {
    signed(&nobody(app), event, BILLING, app.clock.now()).await
}

async fn signed(client: &Client, event: &Value, secret: &str, now: Timestamp) -> Response {
    let body = event.to_string();
    let signature = signature::sign(secret, body.as_bytes(), now);
    let headers =
        [("content-type", "application/json"), ("insomnia-signature", signature.as_str())];
    client.send(Method::POST, "/billing/events", &headers, Some(body)).await
}

fn event(id: &str, kind: &str, at: &str, data: Value) -> Value {
    let mut data = data;
    data["subscription_id"] = json!("sub_1");
    json!({"id": id, "type": kind, "created_at": at, "data": data})
}

fn first(plan: &str, seats: i64) -> Value {
    let data = json!({"account_name": "KongAir", "owner_email": "olive@kongair.example",
        "plan": plan, "seats": seats, "ends_at": "2026-02-01T00:00:00Z"});
    event("evt_1", "subscription.activated", "2026-01-01T00:00:00Z", data)
}

/// Reports the first payment of an account to be made.
pub async fn paid(app: &App, name: &str, owner: &str) {
    let data =
        json!({"account_name": name, "owner_email": owner, "plan": "enterprise", "seats": 5});
    let first = event("evt_1", "subscription.activated", "2026-01-01T00:00:00Z", data);
    send(app, &first).await.expect(200);
}

/// The account as the operator sees it.
async fn account(app: &App) -> Value {
    let accounts = operator(app).items("/accounts").await;
    assert_eq!(accounts.len(), 1);
    accounts.into_iter().next().unwrap()
}

on_both_databases! {
    async fn a_subscription_needs_no_code_and_is_active_at_once(app: App) {
        assert_eq!(send(&app, &first("enterprise", 5)).await.expect(200)["outcome"], "applied");
        let account = account(&app).await;
        assert_eq!((&account["plan"], &account["active"], &account["seats"]), (&json!("enterprise"), &json!(true), &json!(5)));
        assert_eq!(account["ends_at"], "2026-02-01T00:00:00.000Z");
    }

    async fn an_event_is_applied_once_however_often_and_wherever_it_comes(app: App) {
        let node = app.peer();
        let urls = [app.url.clone(), node.url.clone()];
        let now = app.clock.now();
        let events = (0..8).map(|number| {
            let client = Client::new(format!("{}/api/v1", urls[number % 2]), String::new());
            async move { signed(&client, &first("pro", 5), BILLING, now).await }
        });
        let answers = at_once(events).await;
        let applied = answers.iter().filter(|it| it.body["outcome"] == "applied").count();
        assert_eq!(applied, 1, "{answers:?}");
        account(&app).await;
        assert_eq!(send(&app, &first("pro", 5)).await.expect(200)["outcome"], "repeated");
    }

    async fn renewal_change_and_end_are_applied(app: App) {
        send(&app, &first("enterprise", 5)).await.expect(200);
        let renewed = json!({"ends_at": "2026-03-01T00:00:00Z"});
        send(&app, &event("evt_2", "subscription.renewed", "2026-01-02T00:00:00Z", renewed)).await.expect(200);
        assert_eq!(account(&app).await["ends_at"], "2026-03-01T00:00:00.000Z");
        let more = json!({"seats": 12});
        send(&app, &event("evt_3", "subscription.changed", "2026-01-03T00:00:00Z", more)).await.expect(200);
        assert_eq!(account(&app).await["seats"], 12);
        send(&app, &event("evt_4", "subscription.ended", "2026-01-04T00:00:00Z", json!({}))).await.expect(200);
        let ended = account(&app).await;
        assert_eq!((&ended["plan"], &ended["active"]), (&json!("essentials"), &json!(false)));
        // And paid for again.
        let again = json!({"plan": "enterprise", "seats": 12, "ends_at": "2026-04-01T00:00:00Z"});
        send(&app, &event("evt_5", "subscription.activated", "2026-01-05T00:00:00Z", again)).await.expect(200);
        assert_eq!(account(&app).await["active"], true);
    }

    async fn an_event_older_than_the_newest_applied_changes_nothing(app: App) {
        send(&app, &first("enterprise", 5)).await.expect(200);
        let newest = event("evt_3", "subscription.changed", "2026-01-03T00:00:00Z", json!({"seats": 9}));
        send(&app, &newest).await.expect(200);
        let late = event("evt_2", "subscription.changed", "2026-01-02T00:00:00Z", json!({"seats": 7}));
        assert_eq!(send(&app, &late).await.expect(200)["outcome"], "outdated");
        assert_eq!(account(&app).await["seats"], 9);
    }

    async fn fewer_seats_than_are_in_use_are_refused_and_can_be_sent_again(app: App) {
        let made = app.account(5).await;
        app.database.execute("UPDATE enterprises SET subscription_id = 'sub_1'");
        for number in 0..3 {
            made.provision(&format!("u{number}@kongair.example")).await;
        }
        let few = event("evt_2", "subscription.changed", "2026-01-02T00:00:00Z", json!({"seats": 3, "plan": "enterprise"}));
        let refused = send(&app, &few).await.expect(409);
        assert!(text(&refused, "detail").contains("3 seats are too few: 4 are in use"), "{refused}");
        assert_eq!(made.seats().await, (4, 5));
        let id = text(&made.admin.items("/members").await[3], "id");
        made.admin.delete(&format!("/licences/{id}")).await.expect(204);
        assert_eq!(send(&app, &few).await.expect(200)["outcome"], "applied");
        assert_eq!(made.seats().await, (3, 3));
    }

    async fn what_is_not_signed_now_with_the_secret_is_refused(app: App) {
        let event = first("enterprise", 5);
        let now = app.clock.now();
        signed(&nobody(&app), &event, "another-secret-1", now).await.expect(401);
        signed(&nobody(&app), &event, BILLING, Timestamp(now.0 - 301_000)).await.expect(401);
        nobody(&app).post("/billing/events", event).await.expect(401);
        assert!(operator(&app).items("/accounts").await.is_empty());
    }

    async fn an_event_that_lacks_something_says_what(app: App) {
        let unknown = event("evt_9", "subscription.renewed", "2026-01-01T00:00:00Z", json!({}));
        send(&app, &unknown).await.expect(404);
        let bare = event("evt_9", "subscription.activated", "2026-01-01T00:00:00Z", json!({}));
        assert!(send(&app, &bare).await.detail(422).contains("account_name, owner_email"));
        for body in [json!({}), json!({"id": "x", "type": "subscription.sold"})] {
            send(&app, &body).await.expect(400);
        }
    }

    async fn what_is_paid_for_during_a_trial_is_what_the_trial_reverts_to(app: App) {
        let made = app.account(5).await;
        app.database.execute("UPDATE enterprises SET plan = 'pro', subscription_id = 'sub_1'");
        made.admin.post("/plan/trial", Value::Null).await.expect(200);
        let more = json!({"plan": "pro", "seats": 8, "ends_at": "2027-01-01T00:00:00Z"});
        send(&app, &event("evt_2", "subscription.changed", "2026-01-02T00:00:00Z", more)).await.expect(200);
        assert_eq!(made.seats().await, (1, 50));
        app.clock.advance(14 * DAY);
        app.background().await;
        assert_eq!(made.seats().await, (1, 8));
        assert_eq!(account(&app).await["ends_at"], "2027-01-01T00:00:00.000Z");
    }

    async fn a_payment_for_enterprise_during_the_trial_takes_effect_when_it_ends(app: App) {
        let made = app.account(5).await;
        app.database.execute("UPDATE enterprises SET plan = 'essentials'");
        made.admin.post("/plan/trial", Value::Null).await.expect(200);
        let data = json!({"account_id": made.made.account_id, "plan": "enterprise", "seats": 8,
            "ends_at": "2027-01-01T00:00:00Z"});
        let paid = event("evt_1", "subscription.activated", "2026-01-02T00:00:00Z", data);
        assert_eq!(send(&app, &paid).await.expect(200)["outcome"], "applied");
        assert_eq!(send(&app, &paid).await.expect(200)["outcome"], "repeated");
        let trial = plan(&made.admin).await;
        assert_eq!((&trial["plan"], &trial["seats"], &trial["days_left"]), (&json!("trial"), &json!(50), &json!(14)));
        assert_eq!(trial["trial"]["reverts_to"], "enterprise");
        assert_eq!(trial["paid_next"]["seats"], 8);
        assert_eq!(trial["paid_next"]["ends_at"], "2027-01-01T00:00:00.000Z");
        assert_eq!(trial["subscription"]["kind"], "self-serve");
        // A later event says what else there is to know.
        let more = json!({"seats": 9});
        send(&app, &event("evt_2", "subscription.changed", "2026-01-03T00:00:00Z", more)).await.expect(200);
        app.clock.advance(14 * DAY);
        app.background().await;
        let after = plan(&made.admin).await;
        assert_eq!((&after["plan"], &after["active"], &after["seats"]), (&json!("enterprise"), &json!(true), &json!(9)));
        assert_eq!((&after["ends_at"], &after["paid_next"]), (&json!("2027-01-01T00:00:00.000Z"), &Value::Null));
        made.scim.get("/Users").await.expect(200);
    }

    async fn a_payment_that_does_not_fit_waits_until_it_does(app: App) {
        let made = app.account(5).await;
        app.database.execute("UPDATE enterprises SET plan = 'essentials'");
        made.admin.post("/plan/trial", Value::Null).await.expect(200);
        for number in 0..3 {
            made.provision(&format!("u{number}@kongair.example")).await;
        }
        let data = json!({"account_id": made.made.account_id, "plan": "enterprise", "seats": 3});
        send(&app, &event("evt_1", "subscription.activated", "2026-01-02T00:00:00Z", data)).await.expect(200);
        app.clock.advance(14 * DAY);
        app.background().await;
        let after = plan(&made.admin).await;
        assert_eq!((&after["plan"], &after["active"], &after["seats"]), (&json!("enterprise"), &json!(false), &json!(4)));
        assert_eq!(after["paid_next"]["seats"], 3);
        let refused = made.admin.post("/plan/reactivation", Value::Null).await.detail(409);
        assert!(refused.contains("3 seats are too few: 4 are in use"), "{refused}");
        let one = text(&made.admin.items("/members").await[3], "id");
        made.admin.delete(&format!("/licences/{one}")).await.expect(204);
        let back = made.admin.post("/plan/reactivation", Value::Null).await.expect(200);
        assert_eq!((&back["plan"], &back["active"], &back["seats"]), (&json!("enterprise"), &json!(true), &json!(3)));
        assert_eq!(back["paid_next"], Value::Null);
    }

    async fn a_subscription_that_ends_during_the_trial_does_not_end_the_trial(app: App) {
        let made = app.account(5).await;
        app.database.execute("UPDATE enterprises SET plan = 'pro', subscription_id = 'sub_1'");
        made.admin.post("/plan/trial", Value::Null).await.expect(200);
        let more = json!({"plan": "enterprise", "seats": 8});
        send(&app, &event("evt_2", "subscription.changed", "2026-01-02T00:00:00Z", more)).await.expect(200);
        send(&app, &event("evt_3", "subscription.ended", "2026-01-03T00:00:00Z", json!({}))).await.expect(200);
        let trial = plan(&made.admin).await;
        assert_eq!((&trial["plan"], &trial["active"]), (&json!("trial"), &json!(true)));
        assert_eq!((&trial["trial"]["reverts_to"], &trial["paid_next"]), (&json!("essentials"), &Value::Null));
    }

    async fn an_account_whose_plan_another_subscription_pays_for_keeps_it(app: App) {
        let made = app.account(5).await;
        app.database.execute("UPDATE enterprises SET subscription_id = 'sub_0'");
        let data = json!({"account_id": made.made.account_id, "plan": "enterprise", "seats": 8});
        let other = event("evt_1", "subscription.activated", "2026-01-02T00:00:00Z", data);
        let refused = send(&app, &other).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:other-subscription");
        let none = json!({"account_id": "ent_none", "plan": "enterprise", "seats": 8});
        let none = event("evt_1", "subscription.activated", "2026-01-02T00:00:00Z", none);
        assert!(send(&app, &none).await.detail(422).contains("account_id"));
        assert_eq!(made.seats().await, (1, 5));
    }
}
