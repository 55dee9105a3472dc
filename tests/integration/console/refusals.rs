//! Pages that somebody may not see say why, who may, and how to go on.

use serde_json::json;

use super::{signed_in, words};
use crate::support::{App, on_both_databases};

const OWNER: &str = "owner@kongair.example";

fn new_team(app: &App) -> String {
    format!("{}/app/enterprise/team/new", app.url)
}

on_both_databases! {
    async fn who_may_not_is_told_who_may(app: App) {
        let account = app.account(9).await;
        for role in ["member", "billing-only"] {
            let email = format!("{role}@kongair.example");
            account.add_member(&email, role).await;
            let mut browser = signed_in(&app, &email).await;
            let page = browser.get(&new_team(&app)).await.page(403);
            let said = words(&page);
            assert!(said.contains("You may not do this"), "{said}");
            assert!(said.contains(&format!("Your role {role} may not manage teams. You can ask: Olive Owner, {OWNER}")), "{said}");
            assert!(page.contains(&format!("href=\"mailto:{OWNER}\"")), "{page}");
            assert!(said.contains("Your organizations") && said.contains("My account"), "{said}");
            browser.submit(&new_team(&app), &app.url, &[("name", "No")]).await.page(403);
            browser.get(&format!("{}/app/account", app.url)).await.page(200);
        }
        account.add_member("co@kongair.example", "co-owner").await;
        let mut browser = signed_in(&app, "co@kongair.example").await;
        browser.get(&new_team(&app)).await.page(200);
    }

    async fn an_inactive_account_says_so_to_each_role(app: App) {
        let account = app.account(9).await;
        for role in ["co-owner", "member", "billing-only"] {
            account.add_member(&format!("{role}@kongair.example"), role).await;
        }
        account.admin.post("/teams", json!({"name": "Flight", "description": "", "role": "member"})).await.expect(201);
        account.admin.post("/plan/downgrade", json!({"confirm": "KongAir"})).await.expect(200);
        let teams = format!("{}/app/enterprise/team", app.url);
        let mut owner = signed_in(&app, OWNER).await;
        assert!(owner.get(&teams).await.page(200).contains("Flight"), "the owner reads on");
        let fields = [("name", "New"), ("description", ""), ("role", "member")];
        let refused = owner.submit(&new_team(&app), &app.url, &fields).await.page(403);
        assert!(refused.contains("inactive") && refused.contains(">Reactivate<"), "{refused}");
        let mut co_owner = signed_in(&app, "co-owner@kongair.example").await;
        let page = words(&co_owner.get(&teams).await.page(403));
        assert!(page.contains("The account is inactive") && page.contains("You can ask: Olive Owner"), "{page}");
        assert!(!page.contains("Reactivate") && !page.contains("Flight"), "{page}");
        for role in ["member", "billing-only"] {
            let mut browser = signed_in(&app, &format!("{role}@kongair.example")).await;
            let page = words(&browser.get(&teams).await.page(403));
            assert!(page.contains("You may not do this"), "{page}");
            let page = browser.get(&format!("{}/app/account", app.url)).await.page(200);
            assert!(page.contains("Inactive"), "{page}");
        }
    }

    async fn what_the_plan_lacks_leads_to_the_trial_or_a_code(app: App) {
        let account = app.account(9).await;
        account.admin.post("/plan/downgrade", json!({"confirm": "KongAir"})).await.expect(200);
        let mut owner = signed_in(&app, OWNER).await;
        account.admin.post("/plan/reactivation", serde_json::Value::Null).await.expect(200);
        let fields = [("name", "New"), ("description", ""), ("role", "member")];
        let page = owner.submit(&new_team(&app), &app.url, &fields).await.page(403);
        for part in ["Start 14 day trial", "Enter activation code", "Your plan does not include this"] {
            assert!(page.contains(part), "{part}: {page}");
        }
    }

    async fn a_session_that_is_over_leads_to_the_page_to_sign_in_and_back(app: App) {
        app.account(5).await;
        let mut browser = signed_in(&app, OWNER).await;
        app.clock.advance(13 * 60 * 60 * 1000);
        let form = new_team(&app);
        let there = browser.submit(&form, &app.url, &[("name", "Flight")]).await.leads_to();
        assert_eq!(there, format!("{}/sign-in?return_to=%2Fapp%2Fenterprise%2Fteam%2Fnew", app.url));
        let nowhere = format!("{}/app/nowhere", app.url);
        assert!(signed_in(&app, OWNER).await.get(&nowhere).await.page(404).contains("This is not here"));
    }
}
