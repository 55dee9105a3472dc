//! Single sign-on binds only while the account's plan includes it, and can always be switched off.

use insomnia_scim::enterprise::Role;
use serde_json::{Value, json};

use super::{Connected, DOMAIN, callback, connection, start};
use crate::support::{Account, App, Browser, Client, link_in, on_both_databases, text};

const OWNER: &str = "owner@kongair.example";

fn nobody(app: &App) -> Client {
    Client::new(format!("{}/api/v1", app.url), String::new())
}

/// Signs the owner in by mail.
async fn signed_in_by_mail(app: &App) -> Client {
    nobody(app).post("/sign-in", json!({"email": OWNER})).await.expect(202);
    app.background().await;
    let link = app.mailbox.to(OWNER).into_iter().rfind(|mail| mail.subject.starts_with("Sign in"));
    let link = link_in(&link.unwrap());
    let token = link.rsplit_once('/').unwrap().1;
    let made = nobody(app).post("/sessions", json!({"token": token})).await.expect(201);
    nobody(app).with_token(&text(&made, "secret"))
}

/// State and reason, as administrators see them.
async fn state(account: &Account, id: &str) -> (Value, Value) {
    let shown = connection(account, id).await;
    (shown["state"].clone(), shown["rests_because"].clone())
}

on_both_databases! {
    async fn after_a_trial_that_turned_into_pro_people_sign_in_by_mail(app: App) {
        let account = app.account(5).await;
        let connected = Connected::on(&app, &account).await;
        nobody(&app).post("/sign-in", json!({"email": OWNER})).await.expect(403);
        assert_eq!(state(&account, &connected.id).await, (json!("on"), Value::Null));
        app.database.execute("UPDATE enterprises SET plan = 'pro'");
        let owner = signed_in_by_mail(&app).await;
        owner.get("/export").await.expect(200);
        assert_eq!(state(&account, &connected.id).await, (json!("resting"), json!("plan_lacks")));
        assert_eq!(account.admin.items("/sso-connections").await[0]["state"], "resting");
        Browser::new().get(&start(&app)).await.page(404);
        // What was bought again is in force again, as it was.
        app.database.execute("UPDATE enterprises SET plan = 'enterprise'");
        nobody(&app).post("/sign-in", json!({"email": OWNER})).await.expect(403);
        connected.answer(&app, &mut Browser::new(), &start(&app), OWNER).await.leads_to();
    }

    async fn after_the_end_of_the_plan_the_owner_reaches_the_export(app: App) {
        let account = app.account(5).await;
        let connected = Connected::on(&app, &account).await;
        // Of the moment, not of the job that writes down that it has ended.
        let end = app.clock.now().0 + 1;
        app.database.execute(&format!("UPDATE enterprises SET plan_ends_at = {end}"));
        app.clock.advance(1);
        assert_eq!(state(&account, &connected.id).await, (json!("resting"), json!("plan_ended")));
        let owner = signed_in_by_mail(&app).await;
        owner.get("/export").await.expect(200);
    }

    async fn a_sign_in_under_way_ends_with_the_plan(app: App) {
        let account = app.account(5).await;
        let connected = Connected::on(&app, &account).await;
        let mut browser = Browser::new();
        let (request, claims) = connected.begin(&app, &mut browser, &start(&app), OWNER).await;
        app.database.execute("UPDATE enterprises SET plan_active = FALSE");
        connected.issuer.give(&connected.key.sign(&claims));
        browser.get(&callback(&app, &request)).await.page(404);
    }

    async fn switching_off_is_never_a_matter_of_the_plan(app: App) {
        let account = app.account(5).await;
        let co_owner = account.admin.with_token(&account.token_of(&app, Role::CoOwner).await);
        let connected = Connected::on(&app, &account).await;
        let activation = format!("/sso-connections/{}/activation", connected.id);
        app.database.execute("UPDATE enterprises SET plan = 'pro'");
        assert_eq!(co_owner.delete(&activation).await.expect(200)["state"], "verified");
        let refused = account.admin.put(&activation, json!({})).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:plan-lacks");
        app.database.execute("UPDATE enterprises SET plan = 'enterprise'");
        account.admin.put(&activation, json!({})).await.expect(200);
        app.database.execute("UPDATE enterprises SET plan = 'essentials', plan_active = FALSE");
        assert!(co_owner.delete(&activation).await.detail(403).contains("plan has ended"));
        assert_eq!(account.admin.delete(&activation).await.expect(200)["state"], "verified");
        assert!(account.admin.put(&activation, json!({})).await.detail(403).contains("plan has ended"));
    }

    async fn the_operators_word_is_enough_for_scim_whatever_connections_do(app: App) {
        let account = app.account(5).await;
        let missing = async || account.admin.get("/connector").await.expect(200)["missing_prerequisites"].clone();
        let connected = Connected::on(&app, &account).await;
        let activation = format!("/sso-connections/{}/activation", connected.id);
        account.admin.delete(&activation).await.expect(200);
        assert_eq!(missing().await, json!([]), "the operator said so at bootstrap");
        app.database.execute("UPDATE enterprises SET sso_configured_at = NULL");
        assert_eq!(missing().await.as_array().unwrap().len(), 1);
        account.admin.put(&activation, json!({})).await.expect(200);
        assert_eq!(missing().await, json!([]));
        assert_eq!(connection(&account, &connected.id).await["domain"], DOMAIN);
    }
}
