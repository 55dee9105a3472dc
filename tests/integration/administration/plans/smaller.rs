//! Going on after a trial or a term: an account can always become smaller, and goes on with the plan
//! that it fell to as soon as what is in use fits.

use insomnia_scim::enterprise::Role;
use serde_json::{Value, json};

use super::{DAY, code_for};
use crate::support::{Account, App, on_both_databases, text};

/// An account on Essentials whose trial begins now.
async fn in_trial(app: &App) -> Account {
    let account = app.account(50).await;
    app.database.execute("UPDATE enterprises SET plan = 'essentials'");
    account.admin.post("/plan/trial", Value::Null).await.expect(200);
    account
}

/// Lets the trial be over.
async fn end(app: &App) {
    app.clock.advance(14 * DAY);
    app.background().await;
}

on_both_databases! {
    async fn after_a_trial_the_owner_goes_on_with_essentials_by_one_call(app: App) {
        let account = in_trial(&app).await;
        let co_owner = account.admin.with_token(&account.token_of(&app, Role::CoOwner).await);
        let cargo = account.add_organization("Cargo").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        let amelia = account.provision("amelia@kongair.example").await;
        account.join(&flight, "amelia@kongair.example").await;
        let before = account.access(&amelia).await;
        assert_eq!(before.len(), 1);
        let closed = json!({"rule": "off"});
        account.admin.put("/invite-control", closed.clone()).await.expect(200);
        end(&app).await;
        account.admin.post("/organizations", json!({"name": "New"})).await.expect(403);
        co_owner.post("/plan/reactivation", Value::Null).await.expect(403);
        let back = account.admin.post("/plan/reactivation", Value::Null).await.expect(200);
        assert_eq!((&back["plan"], &back["active"], &back["seats"]), (&json!("essentials"), &json!(true), &json!(50)));
        account.admin.post("/organizations", json!({"name": "New"})).await.expect(201);
        co_owner.get("/members").await.expect(200);
        // What Essentials lacks rests, and is kept.
        let refused = account.admin.post("/teams", json!({"name": "Crew"})).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:plan-lacks");
        account.scim.get("/Users").await.expect(403);
        assert!(account.access(&amelia).await.is_empty(), "access through teams rests");
        assert_eq!(account.team_members(&flight).await, std::slice::from_ref(&amelia));
        let off = json!({"git_sync_enabled": false});
        account.admin.patch("/plan", off).await.expect(200);
        account.invite("guest@elsewhere.example", &cargo).await;
        assert_eq!(account.admin.get("/invite-control").await.expect(200)["rule"], "off");
        // As Enterprise again it is as it was.
        let code = code_for(&app, &account, 50, 30).await;
        account.admin.post("/plan/activations", json!({"code": code})).await.expect(200);
        assert_eq!(account.access(&amelia).await, before);
        account.scim.get("/Users").await.expect(200);
        let barred = json!({"email": "other@elsewhere.example", "organization_id": cargo});
        assert!(account.admin.post("/invitations", barred).await.status >= 400);
        account.admin.post("/plan/reactivation", Value::Null).await.expect(409);
    }

    async fn after_a_term_too_and_before_any_scheduler_came_by(app: App) {
        let account = app.account(9).await;
        let code = code_for(&app, &account, 9, 40).await;
        account.admin.post("/plan/activations", json!({"code": code})).await.expect(200);
        app.clock.advance(40 * DAY);
        let back = account.admin.post("/plan/reactivation", Value::Null).await.expect(200);
        assert_eq!((&back["plan"], &back["active"]), (&json!("essentials"), &json!(true)));
        let log = account.admin.items_of("/audit-log?action=plan.ended").await;
        assert_eq!(log.len(), 1);
    }

    async fn more_active_users_than_git_sync_serves_are_refused_with_both_ways_out(app: App) {
        let account = in_trial(&app).await;
        for number in 0..3 {
            account.provision(&format!("u{number}@kongair.example")).await;
        }
        end(&app).await;
        let refused = account.admin.post("/plan/reactivation", Value::Null).await;
        let detail = refused.detail(409);
        for part in ["at most 3 active users, and 4 are active", "Licenses page", "disable Git Sync"] {
            assert!(detail.contains(part), "{detail}");
        }
        let off = json!({"git_sync_enabled": false});
        account.admin.patch("/plan", off).await.expect(200);
        account.admin.post("/plan/reactivation", Value::Null).await.expect(200);
    }

    async fn removing_members_is_the_other_way_out(app: App) {
        let account = in_trial(&app).await;
        for number in 0..3 {
            account.provision(&format!("u{number}@kongair.example")).await;
        }
        end(&app).await;
        account.admin.post("/plan/reactivation", Value::Null).await.expect(409);
        let one = text(&account.admin.items("/members").await[3], "id");
        account.admin.delete(&format!("/licences/{one}")).await.expect(204);
        account.admin.post("/plan/reactivation", Value::Null).await.expect(200);
    }

    async fn more_seats_in_use_than_essentials_has_are_refused_with_both_numbers(app: App) {
        let account = app.account(60).await;
        app.database.execute("UPDATE enterprises SET git_sync_enabled = FALSE");
        let cargo = account.add_organization("Cargo").await;
        let emails: Vec<String> = (0..50).map(|number| format!("u{number}@kongair.example")).collect();
        let invited = json!({"emails": emails, "organization_id": cargo});
        account.admin.post("/invitations", invited).await.expect(201);
        let down = json!({"confirm": "KongAir"});
        account.admin.post("/plan/downgrade", down).await.expect(200);
        let refused = account.admin.post("/plan/reactivation", Value::Null).await.detail(409);
        assert!(refused.contains("50 seats are too few: 51 are in use"), "{refused}");
        let one = text(&account.admin.items("/invitations").await[0], "id");
        account.admin.delete(&format!("/invitations/{one}")).await.expect(204);
        let back = account.admin.post("/plan/reactivation", Value::Null).await.expect(200);
        assert_eq!((&back["seats"], &back["seats_used"]), (&json!(50), &json!(50)));
    }

    async fn an_inactive_account_can_become_smaller_in_every_way(app: App) {
        let account = app.account(20).await;
        let cargo = account.add_organization("Cargo").await;
        let flight = account.add_team("Flight", &[&cargo]).await;
        let sales = account.add_team("Sales", &[]).await;
        let amelia = account.provision("amelia@kongair.example").await;
        account.join(&flight, "amelia@kongair.example").await;
        let guest = account.invite("guest@kongair.example", &cargo).await;
        let bea = account.add_member("bea@kongair.example", "member").await;
        let direct = json!({"email": "bea@kongair.example"});
        let collaborators = format!("/organizations/{cargo}/collaborators");
        account.admin.post(&collaborators, direct).await.expect(201);
        let domain = text(&account.admin.items("/domains").await[0], "id");
        let rule = json!({"capture": true, "locked": true});
        account.admin.patch(&format!("/domains/{domain}"), rule.clone()).await.expect(200);
        let down = json!({"confirm": "KongAir"});
        account.admin.post("/plan/downgrade", down).await.expect(200);
        let admin = &account.admin;
        // It does not grow.
        for refused in [
            admin.put(&format!("/teams/{sales}/organizations/{cargo}"), json!({})).await,
            admin.post(&format!("/teams/{sales}/members"), json!({"email": "bea@kongair.example"})).await,
            admin.patch(&format!("/domains/{domain}"), rule.clone()).await,
            admin.patch(&format!("/domains/{domain}"), json!({"capture": false, "locked": true})).await,
            admin.post("/members", json!({"email": "new@kongair.example"})).await,
        ] {
            assert!(refused.detail(403).contains("plan has ended"));
        }
        // It shrinks.
        admin.get("/connector").await.expect(200);
        let off = admin.patch(&format!("/domains/{domain}"), json!({"capture": false, "locked": false})).await;
        assert_eq!(off.expect(200)["capture"], false);
        admin.delete(&format!("/teams/{flight}/organizations/{cargo}")).await.expect(204);
        admin.delete(&format!("/teams/{flight}/members/{amelia}")).await.expect(204);
        admin.delete(&format!("/teams/{flight}")).await.expect(204);
        admin.delete(&format!("{collaborators}/{bea}")).await.expect(200);
        admin.delete(&format!("/invitations/{guest}")).await.expect(204);
        admin.delete(&format!("/licences/{bea}")).await.expect(204);
        admin.post("/connector/disable", json!({})).await.expect(204);
        admin.delete(&format!("/organizations/{cargo}")).await.expect(204);
        assert_eq!(account.seats().await.0, 2);
    }
}
