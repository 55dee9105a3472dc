//! Plan & billing.

use insomnia_scim::administration::plans::BillingContacts;
use serde_json::{Value, json};

use super::{DAY, OWNER, Reader, is_silent_on, says, told, with_role};
use crate::support::{App, Options, on_both_databases, on_both_empty_databases};

const SALES: &str = "sales@insomnia.example";

on_both_databases! {
    async fn each_role_sees_what_it_may_do_about_the_plan(app: App) {
        let account = app.account(9).await;
        let mut owner = Reader::sign_in(&app, OWNER).await;
        let page = owner.page("/app/billing").await;
        says(&page, &["By the sales team", "1 of 9 used", "Plan history", "Not needed: you have Enterprise"]);
        says(&page, &[">Downgrade<", ">Export data<", ">Switch Git Sync off<", ">Request more seats<"]);
        is_silent_on(&page, &["Start 14 day trial"]);
        let export = owner.page("/api/v1/export").await;
        assert!(export.contains("\"kind\":\"account\""), "{export}");
        for role in ["co-owner", "billing-only"] {
            let mut reader = with_role(&app, &account, role).await;
            let page = reader.page("/app/billing").await;
            says(&page, &["Only an owner changes the plan: Olive Owner (owner@kongair.example)."]);
            is_silent_on(&page, &[">Downgrade<", ">Export data<", ">Switch Git Sync"]);
            assert_eq!(page.contains("Plan history"), role == "co-owner", "{page}");
            let refused = reader.get("/app/billing/downgrade").await.page(403);
            says(&refused, &["You may not do this", "Olive Owner"]);
        }
        let mut member = with_role(&app, &account, "member").await;
        says(&member.get("/app/billing").await.page(403), &["You may not do this"]);
    }

    async fn a_downgrade_says_what_rests_and_needs_the_name(app: App) {
        let account = app.account(9).await;
        account.add_team("Flight", &[]).await;
        let mut owner = Reader::sign_in(&app, OWNER).await;
        let page = owner.page("/app/billing/downgrade").await;
        says(&page, &["Downgrade from Enterprise to Essentials?", "1 lose access", "Export data first"]);
        says(&page, &["Type KongAir to confirm", "Nothing is deleted", "On; stops"]);
        let refused = owner.submit("/app/billing/downgrade", &[("confirm", "Kong")]).await.page(422);
        assert!(told(&refused, "confirm").contains("enter the account"), "{refused}");
        assert_eq!(account.admin.get("/plan").await.expect(200)["active"], true);
        let page = owner.done("/app/billing/downgrade", &[("confirm", "KongAir")]).await;
        says(&page, &["The account is downgraded to Essentials", "Enterprise has ended"]);
        says(&page, &["Enter activation code", "Go on with Essentials", ">Export data<", ">Inactive<"]);
        says(&page, &["The account was downgraded", OWNER]);
        let ask = owner.page("/app/billing/reactivate").await;
        says(&ask, &["Reactivate with Essentials?", "50, of which 1 are in use"]);
        let page = owner.done("/app/billing/reactivate", &[]).await;
        says(&page, &["The account is active again.", "Start 14 day trial", "Upgrade"]);
        is_silent_on(&page, &[">Downgrade<", "The account is inactive."]);
        let plan = account.admin.get("/plan").await.expect(200);
        assert_eq!((&plan["plan"], &plan["active"]), (&json!("essentials"), &json!(true)));
    }

    async fn what_does_not_fit_is_said_in_numbers_with_the_ways_out(app: App) {
        let account = app.account(60).await;
        for number in 0..4 {
            account.add_member(&format!("m{number}@kongair.example"), "member").await;
        }
        let mut owner = Reader::sign_in(&app, OWNER).await;
        owner.done("/app/billing/downgrade", &[("confirm", "KongAir")]).await;
        let page = owner.page("/app/billing").await;
        says(&page, &["Git Sync serves at most 3 active users, and 5 are active", ">Licenses<"]);
        is_silent_on(&page, &[">Go on with Essentials<"]);
        let refused = owner.submit("/app/billing/reactivate", &[]).await.page(409);
        says(&refused, &["5 are active", ">Licenses<"]);
        let page = owner.done("/app/billing/git-sync", &[("enabled", "false")]).await;
        says(&page, &["Git Sync is switched off.", ">Go on with Essentials<"]);
        owner.done("/app/billing/reactivate", &[]).await;
        let ask = owner.page("/app/billing/git-sync").await;
        says(&ask, &["Switch Git Sync on?", "serves 3 active users; 5 are active"]);
        let refused = owner.submit("/app/billing/git-sync", &[("enabled", "true")]).await.page(403);
        says(&refused, &["or disable Git Sync", ">Licenses<", "Switch Git Sync on?"]);
        app.database.execute("UPDATE enterprises SET seats_total = 60");
        for number in 4..52 {
            account.add_member(&format!("m{number}@kongair.example"), "member").await;
        }
        app.database.execute("UPDATE enterprises SET plan_active = FALSE");
        says(&owner.page("/app/billing").await, &["50 seats are too few: 53 are in use"]);
    }

    async fn the_trial_says_what_it_is_runs_once_and_ends_by_itself(app: App) {
        let account = app.account(9).await;
        app.database.execute("UPDATE enterprises SET plan = 'pro'");
        let mut owner = Reader::sign_in(&app, OWNER).await;
        let ask = owner.page("/app/billing/trial").await;
        says(&ask, &["14 days", "50 seats", "one trial for each account", "goes back to Pro", "Start trial"]);
        let page = owner.done("/app/billing/trial", &[]).await;
        says(&page, &["The trial has begun", "Trial, 14 days left", "The trial ends by itself"]);
        says(&page, &["What happens then?", "the account goes back to Pro"]);
        is_silent_on(&page, &[">Downgrade<", ">Upgrade<"]);
        says(&owner.page("/app/billing/downgrade").await, &["The account cannot be downgraded", "cannot be ended"]);
        let again = owner.submit("/app/billing/trial", &[]).await.page(409);
        says(&again, &["had its trial"]);
        app.clock.advance(14 * DAY);
        let mut owner = Reader::sign_in(&app, OWNER).await;
        let page = owner.page("/app/billing").await;
        says(&page, &["The trial has ended", "Switch Pro on again", "Used, on"]);
        let page = owner.done("/app/billing/reactivate", &[]).await;
        says(&page, &["The account is active again."]);
        assert_eq!(account.admin.get("/plan").await.expect(200)["plan"], "pro");
    }

    async fn a_co_owner_starts_the_trial_where_the_plan_lacks_a_page(app: App) {
        let account = app.account(9).await;
        app.database.execute("UPDATE enterprises SET plan = 'essentials'");
        let mut co_owner = with_role(&app, &account, "co-owner").await;
        let lacking = co_owner.get("/app/enterprise/team/new").await.page(200);
        assert!(lacking.contains("Create Team"), "{lacking}");
        let refused = co_owner.submit("/app/enterprise/team/new", &[("name", "Flight"), ("role", "member")]).await;
        says(&refused.page(403), &["Your plan does not include this", "/app/billing/trial"]);
        says(&co_owner.done("/app/billing/trial", &[]).await, &["The trial has begun"]);
        account.admin.post("/teams", json!({"name": "Flight"})).await.expect(201);
    }

    async fn without_an_address_of_the_sales_team_nothing_is_asked(app: App) {
        app.account(9).await;
        let mut owner = Reader::sign_in(&app, OWNER).await;
        let page = owner.page("/app/billing/seats").await;
        says(&page, &["does not know the address of the sales team", ">Licenses<"]);
        is_silent_on(&page, &["Send request"]);
    }
}

on_both_empty_databases! {
    async fn more_seats_are_asked_for_by_whoever_pays(database: Database) {
        let manage_url = Some("https://pay.example/subscriptions".to_owned());
        let billing = BillingContacts { manage_url, sales: Some(SALES.to_owned()) };
        let app = App::start_with(database, Options { billing, ..Options::default() });
        let account = app.account(9).await;
        let mut payer = with_role(&app, &account, "billing-only").await;
        says(&payer.page("/app/billing").await, &["mailto:sales@insomnia.example"]);
        let refused = payer.submit("/app/billing/seats", &[("seats", "many")]).await.page(422);
        assert!(told(&refused, "seats").contains("a whole number"), "{refused}");
        let refused = payer.submit("/app/billing/seats", &[("seats", "9"), ("message", "soon")]).await;
        let refused = refused.page(422);
        assert!(told(&refused, "seats").contains("a number from 10"), "{refused}");
        assert!(refused.contains(">soon</textarea>"), "{refused}");
        let page = payer.done("/app/billing/seats", &[("seats", "20"), ("message", "")]).await;
        says(&page, &["The sales team has got your request"]);
        app.background().await;
        assert_eq!(app.mailbox.to(SALES).len(), 1);
        app.database.execute("UPDATE enterprises SET subscription_id = 'sub_1'");
        let page = payer.page("/app/billing").await;
        says(&page, &["By card, in the billing system", "https://pay.example/subscriptions", "Invoices and payment"]);
        assert_eq!(account.admin.post("/plan/reactivation", Value::Null).await.status, 409);
    }
}
