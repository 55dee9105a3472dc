//! Home and Overview.

use serde_json::json;

use super::{OWNER, Reader, is_silent_on, says, with_role};
use crate::support::on_both_databases;

/// How often a page says that a step is done.
fn done(page: &str) -> usize {
    page.matches("<li class=\"done\">").count()
}

on_both_databases! {
    async fn the_first_steps_are_done_when_what_they_make_is_there(app: App) {
        let account = app.account(9).await;
        let mut owner = Reader::sign_in(&app, OWNER).await;
        let home = owner.page("/app").await;
        says(&home, &["First steps", "Create organizations", "Import content", "Comes later"]);
        says(&home, &["href=\"/app/dashboard/organizations/new\"", "href=\"/app/enterprise/team/new\""]);
        // The plan, and the domain that the account was made with.
        assert_eq!(done(&home), 2, "{home}");
        let cargo = account.add_organization("Cargo").await;
        assert_eq!(done(&owner.page("/app").await), 3);
        account.add_team("Sales", &[]).await;
        assert_eq!(done(&owner.page("/app").await), 3, "the team is not linked");
        account.add_team("Flight", &[&cargo]).await;
        account.invite("cora@kongair.example", &cargo).await;
        account.admin.put("/storage-control", json!({
            "personal_workspaces": ["cloud_sync"], "organizations": ["cloud_sync"],
        })).await.expect(200);
        let home = owner.page("/app").await;
        assert_eq!(done(&home), 6, "{home}");
        says(&home, &["It is enabled; no request has come yet.", "How to connect"]);
        is_silent_on(&home, &["Enable SCIM</a>"]);
        account.scim.get("/Users").await.expect(200);
        app.background().await;
        let home = owner.page("/app").await;
        assert_eq!(done(&home), 7, "{home}");
        account.admin.post("/sso-connections", json!({"domain": "kongair.example"})).await.expect(201);
        says(&owner.page("/app").await, &["Under way: kongair.example."]);
    }

    async fn hidden_steps_stay_hidden_for_who_has_hidden_them(app: App) {
        let account = app.account(9).await;
        let mut owner = Reader::sign_in(&app, OWNER).await;
        let page = owner.done("/app/first-steps", &[("hidden", "true")]).await;
        says(&page, &["The first steps are hidden.", "Show first steps"]);
        let mut other = with_role(&app, &account, "co-owner").await;
        says(&other.page("/app").await, &["Create organizations"]);
        is_silent_on(&owner.page("/app").await, &["Create organizations"]);
        says(&owner.done("/app/first-steps", &[("hidden", "false")]).await, &["Create organizations"]);
    }

    async fn each_role_begins_where_it_has_something_to_do(app: App) {
        let account = app.account(9).await;
        let mut member = with_role(&app, &account, "member").await;
        let organizations = format!("{}/app/dashboard/organizations", app.url);
        assert_eq!(member.get("/app").await.leads_to(), organizations);
        member.get("/app/enterprise").await.page(403);
        let mut payer = with_role(&app, &account, "billing-only").await;
        assert_eq!(payer.get("/app").await.leads_to(), format!("{}/app/billing", app.url));
        let mut nobody = Reader { browser: crate::support::Browser::new(), server: app.url.clone() };
        let to = nobody.get("/app").await.leads_to();
        assert_eq!(to, format!("{}/sign-in?return_to=%2Fapp", app.url));
    }

    async fn home_and_overview_show_plan_seats_scim_and_the_latest_changes(app: App) {
        let account = app.account(9).await;
        account.add_team("Flight", &[]).await;
        account.provision("amelia@kongair.example").await;
        let mut owner = Reader::sign_in(&app, OWNER).await;
        for path in ["/app", "/app/enterprise"] {
            let page = owner.page(path).await;
            says(&page, &["2 of 9 used", "Latest changes", "A team was created", "Flight"]);
            says(&page, &["The identity provider made a user", ">Identity provider<", ">Enabled<"]);
        }
        // Ten changes at most, however many there are.
        for number in 0..12 {
            account.add_team(&format!("Team {number}"), &[]).await;
        }
        let page = owner.page("/app/enterprise").await;
        assert!(page.contains("10 shown") && !page.contains(">Team 0<"), "{page}");
    }

    async fn a_co_owner_of_an_inactive_account_learns_whom_to_ask(app: App) {
        let account = app.account(9).await;
        let mut co_owner = with_role(&app, &account, "co-owner").await;
        account.admin.post("/plan/downgrade", json!({"confirm": "KongAir"})).await.expect(200);
        for path in ["/app", "/app/enterprise", "/app/billing"] {
            let page = co_owner.get(path).await.page(403);
            says(&page, &["The account is inactive", "mailto:owner@kongair.example"]);
        }
    }
}
