//! How a plan is paid for, and asking for more seats.

use insomnia_scim::administration::plans::BillingContacts;
use insomnia_scim::enterprise::Role;
use serde_json::{Value, json};

use super::{DAY, plan};
use crate::support::{App, Options, on_both_databases, on_both_migrated_databases};

const SALES: &str = "sales@insomnia.example";

fn options() -> Options {
    let manage_url = Some("https://pay.example/subscriptions".to_owned());
    let billing = BillingContacts { manage_url, sales: Some(SALES.to_owned()) };
    Options { billing, ..Options::default() }
}

on_both_migrated_databases! {
    async fn a_plan_says_who_changes_it(database: Database) {
        let app = App::start_with(database, options());
        let account = app.account(5).await;
        let of_sales = plan(&account.admin).await["subscription"].clone();
        assert_eq!(of_sales, json!({"kind": "sales", "manage_url": null, "contact": SALES}));
        app.database.execute("UPDATE enterprises SET subscription_id = 'sub_1'");
        let by_card = plan(&account.admin).await["subscription"].clone();
        let page = "https://pay.example/subscriptions";
        assert_eq!(by_card, json!({"kind": "self-serve", "manage_url": page, "contact": SALES}));
        app.database.execute("UPDATE enterprises SET plan = 'essentials'");
        assert_eq!(plan(&account.admin).await["subscription"]["kind"], "none");
    }

    async fn more_seats_are_asked_for_by_mail_three_times_a_day(database: Database) {
        let app = App::start_with(database, options());
        let account = app.account(20).await;
        let ask = |seats: i64| json!({"seats": seats, "message": "We hire <b>pilots</b>."});
        let member = account.admin.with_token(&account.token_of(&app, Role::Member).await);
        member.post("/plan/seat-requests", ask(30)).await.expect(403);
        for seats in [20, 0, 100_000_001] {
            account.admin.post("/plan/seat-requests", ask(seats)).await.expect(422);
        }
        let long = json!({"seats": 30, "message": "x".repeat(1001)});
        account.admin.post("/plan/seat-requests", long).await.expect(422);
        for role in [Role::Owner, Role::CoOwner, Role::BillingOnly] {
            let one = account.admin.with_token(&account.token_of(&app, role).await);
            one.post("/plan/seat-requests", ask(30)).await.expect(202);
        }
        let refused = account.admin.post("/plan/seat-requests", ask(30)).await.expect(429);
        assert_eq!(refused["type"], "urn:insomnia:problem:too-many-seat-requests");
        app.background().await;
        let mails = app.mailbox.to(SALES);
        assert_eq!(mails.len(), 3);
        assert_eq!(mails[0].subject, "KongAir: 30 seats are asked for");
        for part in ["new-owner@kongair.example", &account.made.account_id, "20 seats", "pilots"] {
            assert!(mails[0].text.contains(part), "{part}: {}", mails[0].text);
        }
        assert!(!mails[0].html.as_deref().unwrap_or_default().contains("<b>pilots"));
        let log = account.admin.items_of("/audit-log?action=plan.seats-requested").await;
        assert_eq!((log.len(), &log[0]["after"]["seats"]), (3, &json!(30)));
        app.clock.advance(DAY);
        account.admin.post("/plan/seat-requests", ask(30)).await.expect(202);
        assert_eq!(account.seats().await.1, 20, "a request changes nothing");
    }
}

on_both_databases! {
    async fn without_a_sales_address_the_request_is_refused_and_says_what_to_set(app: App) {
        let account = app.account(5).await;
        assert_eq!(plan(&account.admin).await["subscription"]["contact"], Value::Null);
        let refused = account.admin.post("/plan/seat-requests", json!({"seats": 9})).await.detail(409);
        assert!(refused.contains("INSOMNIA_SCIM_SALES_ADDRESS"), "{refused}");
    }
}
