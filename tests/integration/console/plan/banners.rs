//! What is said on every page.

use serde_json::json;

use super::{DAY, OWNER, Reader, is_silent_on, says, with_role};
use crate::support::{App, on_both_databases, user};

/// What the banners of a page say, in order.
fn banners(page: &str) -> Vec<&str> {
    page.split("<div class=\"banner ")
        .skip(1)
        .map(|rest| rest.split("</div>").next().unwrap())
        .collect()
}

/// Any page with a frame.
const PAGE: &str = "/app/enterprise/team";

/// Takes what is said of a single owner away.
async fn secure(app: &App, account: &crate::support::Account) -> Reader {
    with_role(app, account, "co-owner").await
}

on_both_databases! {
    async fn the_most_severe_come_first_and_two_at_most(app: App) {
        let account = app.account(2).await;
        let mut owner = Reader::sign_in(&app, OWNER).await;
        let page = owner.page(PAGE).await;
        let [one] = banners(&page)[..] else { panic!("{page}") };
        says(one, &["You are the only owner", "/app/enterprise/co-owners"]);
        account.provision("amelia@kongair.example").await;
        account.scim.post("/Users", user("bea@kongair.example")).await.expect(403);
        let page = owner.page(PAGE).await;
        let [first, second] = banners(&page)[..] else { panic!("{page}") };
        says(first, &["Provisioning was refused once.", "bea@kongair.example", "/app/enterprise/scim"]);
        says(second, &["2 of 2 seats are used.", "/app/enterprise/licenses", "/app/billing/seats"]);
        app.database.execute("UPDATE connector_tokens SET expires_at = 1");
        let page = owner.page(PAGE).await;
        let [first, second] = banners(&page)[..] else { panic!("{page}") };
        says(first, &["The SCIM token ended on", "Provisioning has stopped", "Refresh token"]);
        says(second, &["Provisioning was refused once."]);
        // Only of lately.
        app.clock.advance(2 * DAY);
        let mut owner = Reader::sign_in(&app, OWNER).await;
        is_silent_on(&owner.page(PAGE).await, &["Provisioning was refused"]);
    }

    async fn each_role_sees_what_concerns_it(app: App) {
        let account = app.account(4).await;
        let mut co_owner = secure(&app, &account).await;
        let mut payer = with_role(&app, &account, "billing-only").await;
        let mut member = with_role(&app, &account, "member").await;
        let page = payer.page("/app/billing").await;
        says(banners(&page)[0], &["4 of 4 seats are used."]);
        says(banners(&co_owner.page(PAGE).await)[0], &["4 of 4 seats are used."]);
        let page = member.submit("/app/proof", &[]).await.page(200);
        assert!(banners(&page).is_empty(), "{page}");
        account.admin.post("/plan/downgrade", json!({"confirm": "KongAir"})).await.expect(200);
        let page = member.submit("/app/proof", &[]).await.page(200);
        let [one] = banners(&page)[..] else { panic!("{page}") };
        says(one, &["The account is inactive.", "Ask an owner: Olive Owner (owner@kongair.example)."]);
        is_silent_on(one, &["Reactivate"]);
        let mut owner = Reader::sign_in(&app, OWNER).await;
        let page = owner.page("/app/billing").await;
        let [one] = banners(&page)[..] else { panic!("{page}") };
        says(one, &["The account is inactive.", ">Reactivate<", ">Export data<"]);
    }

    async fn ends_are_told_before_they_come(app: App) {
        let account = app.account(9).await;
        let mut co_owner = secure(&app, &account).await;
        let now = app.clock.now();
        let ends = |days: i64| {
            let at = now.plus_days(days).0;
            app.database.execute(&format!("UPDATE enterprises SET plan_ends_at = {at}"));
        };
        ends(31);
        is_silent_on(&co_owner.page(PAGE).await, &["The plan Enterprise ends"]);
        ends(30);
        let page = co_owner.page(PAGE).await;
        says(banners(&page)[0], &["The plan Enterprise ends on", ">Plan &amp; billing<"]);
        let mut owner = Reader::sign_in(&app, OWNER).await;
        let page = owner.page(PAGE).await;
        says(banners(&page)[0], &["/app/subscription/update", "Enter activation code"]);
        // Paid by card it goes on by itself.
        app.database.execute("UPDATE enterprises SET subscription_id = 'sub_1'");
        is_silent_on(&owner.page(PAGE).await, &["The plan Enterprise ends"]);
        app.database.execute("UPDATE enterprises SET plan_ends_at = NULL");
        let soon = now.plus_days(20).0;
        app.database.execute(&format!("UPDATE connector_tokens SET expires_at = {soon}"));
        let page = owner.page(PAGE).await;
        says(banners(&page)[0], &["The SCIM token ends on", "Refresh token"]);
        app.database.execute("UPDATE enterprises SET subscription_id = NULL, plan = 'pro'");
        owner.done("/app/billing/trial", &[]).await;
        let page = owner.page(PAGE).await;
        says(banners(&page)[1], &["The trial ends on", "the account goes back to Pro", "What happens then?"]);
    }

    async fn what_goes_wrong_with_single_sign_on_and_mail_is_told(app: App) {
        let account = app.account(9).await;
        secure(&app, &account).await;
        let made = account.admin.post("/sso-connections", json!({"domain": "kongair.example"})).await;
        made.expect(201);
        let cargo = account.add_organization("Cargo").await;
        account.invite("typo@kongair.example", &cargo).await;
        let mut owner = Reader::sign_in(&app, OWNER).await;
        let page = owner.page(PAGE).await;
        assert!(banners(&page).is_empty(), "{page}");
        let at = app.clock.now().0;
        app.database.execute(&format!(
            "UPDATE sso_connections SET is_on = TRUE, settings = '{SETTINGS}', verified_at = 1, last_failure = 'no email claim', \
             last_failure_at = {at}"
        ));
        app.database.execute("UPDATE invitations SET mail_state = 'refused'");
        let page = owner.page(PAGE).await;
        let [first, second] = banners(&page)[..] else { panic!("{page}") };
        says(first, &["A sign-in by single sign-on failed", "kongair.example: no email claim", "/app/enterprise/sso/list"]);
        says(second, &["The mail of 1 invitation could not be delivered.", "source=invitation"]);
    }

    async fn git_sync_that_rests_and_offers_are_told_to_the_owner(app: App) {
        let account = app.account(9).await;
        for number in 0..4 {
            account.add_member(&format!("m{number}@kongair.example"), "member").await;
        }
        let mut co_owner = secure(&app, &account).await;
        app.database.execute("UPDATE enterprises SET plan = 'essentials'");
        is_silent_on(&co_owner.page(PAGE).await, &["Git Sync has stopped"]);
        let mut owner = Reader::sign_in(&app, OWNER).await;
        let page = owner.page(PAGE).await;
        says(banners(&page)[0], &["Git Sync has stopped: 6 users are active, 3 are allowed.", "/app/billing/git-sync"]);
        app.database.execute("UPDATE enterprises SET plan = 'enterprise'");
        let rival = app.account_named("Rival", "rival.example", 9).await;
        let wings = rival.add_organization("Wings").await;
        rival.add_member(OWNER, "member").await;
        let path = format!("/organizations/{wings}/collaborators");
        rival.admin.post(&path, json!({"email": OWNER, "role": "admin"})).await.expect(201);
        let path = format!("/organizations/{wings}/transfer");
        rival.admin.post(&path, json!({"email": OWNER})).await.expect(201);
        let page = owner.page(PAGE).await;
        says(banners(&page)[0], &["Rival offers you the organization", "Wings", "/app/transfers"]);
        is_silent_on(&co_owner.page(PAGE).await, &["offers you"]);
    }
}

/// Settings of a connection.
const SETTINGS: &str =
    r#"{"protocol":"oidc","issuer":"https://idp.example","client_id":"insomnia"}"#;
