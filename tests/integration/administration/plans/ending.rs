//! Downgrade, the inactive state, and what brings an account back.

use insomnia_scim::enterprise::Role;
use serde_json::{Value, json};

use super::{DAY, code_for, plan};
use crate::support::{Account, App, group, on_both_databases, user};

/// An account with something of everything, whose plan ends in 40 days.
async fn furnished(app: &App) -> Account {
    let account = app.account(9).await;
    let code = code_for(app, &account, 9, 40).await;
    account.admin.post("/plan/activations", json!({"code": code})).await.expect(200);
    let cargo = account.add_organization("Cargo").await;
    let amelia = account.provision("amelia@kongair.example").await;
    let team = account.add_team("Flight", &[&cargo]).await;
    account.join(&team, "amelia@kongair.example").await;
    account.scim.post("/Groups", group("Crew", &[&amelia])).await.expect(201);
    account.invite("guest@kongair.example", &cargo).await;
    account
}

on_both_databases! {
    async fn at_the_end_of_a_paid_term_without_renewal_the_account_goes_down_to_essentials(app: App) {
        let account = furnished(&app).await;
        app.clock.advance(40 * DAY);
        app.background().await;
        let after = plan(&account.admin).await;
        assert_eq!((&after["plan"], &after["active"]), (&json!("essentials"), &json!(false)));
        // Exactly once, however many nodes there are and however often they look.
        let node = app.second_node();
        app.clock.advance(DAY);
        node.background().await;
        app.background().await;
        let log = account.admin.items_of("/audit-log?action=plan.ended").await;
        assert_eq!(log.len(), 1);
        assert_eq!((&log[0]["actor"]["kind"], &log[0]["before"]["plan"]), (&json!("system"), &json!("enterprise")));
        let mails = app.mailbox.to("owner@kongair.example");
        let ended = mails.iter().filter(|mail| mail.subject.contains("has ended")).count();
        assert_eq!(ended, 1);
    }

    async fn while_inactive_only_the_owner_reaches_the_data_and_nothing_changes(app: App) {
        let account = furnished(&app).await;
        let co_owner = account.admin.with_token(&account.token_of(&app, Role::CoOwner).await);
        let before = account.snapshot().await;
        app.clock.advance(40 * DAY);
        app.background().await;
        co_owner.get("/members").await.expect(403);
        co_owner.get("/export").await.expect(403);
        account.admin.get("/members").await.expect(200);
        for refused in [
            account.admin.post("/organizations", json!({"name": "New"})).await,
            account.admin.post("/teams", json!({"name": "New"})).await,
            account.admin.post("/members", json!({"email": "n@kongair.example"})).await,
            account.admin.patch("/connector", json!({"invite_control_binds_scim": true})).await,
        ] {
            assert!(refused.detail(403).contains("plan has ended"));
        }
        let refused = account.scim.post("/Users", user("new@kongair.example")).await;
        assert!(refused.detail(403).contains("plan has ended"));
        // Reactivation restores it as it was. Invitations have gone the way of all invitations.
        let code = code_for(&app, &account, 9, 40).await;
        account.admin.post("/plan/activations", json!({"code": code})).await.expect(200);
        let mut after = account.snapshot().await;
        after["invitations"][0]["state"] = json!("pending");
        after["invitations"][0]["delivery"] = before["invitations"][0]["delivery"].clone();
        after["seats"] = before["seats"].clone();
        assert_eq!(after, before);
        account.provision("new@kongair.example").await;
        co_owner.get("/members").await.expect(200);
    }

    async fn the_owner_exports_everything(app: App) {
        let account = furnished(&app).await;
        app.clock.advance(40 * DAY);
        app.background().await;
        let export = account.admin.get("/export").await;
        assert_eq!(export.header("content-type"), "application/x-ndjson");
        let export = export.expect(200);
        let lines: Vec<Value> =
            export.as_str().unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let kinds = |kind: &str| lines.iter().filter(|line| line["kind"] == kind).count();
        assert_eq!(lines[0]["name"], "KongAir");
        assert_eq!((kinds("organization"), kinds("member"), kinds("team")), (2, 2, 2));
        assert_eq!((kinds("team_member"), kinds("invitation")), (2, 1));
        let amelia = lines.iter().find(|line| line["user_name"] == "amelia@kongair.example").unwrap();
        assert_eq!(amelia["attributes"]["name"]["familyName"], "Family");
    }

    async fn an_export_longer_than_a_section_is_whole(app: App) {
        let account = app.account(1200).await;
        let mut ids = Vec::new();
        for number in 0..1100 {
            ids.push(account.provision(&format!("u{number}@kongair.example")).await);
        }
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        account.scim.post("/Groups", group("All", &ids)).await.expect(201);
        let export = account.admin.get("/export").await.expect(200);
        let count = |kind: &str| export.as_str().unwrap().lines()
            .filter(|line| line.contains(&format!("\"kind\":\"{kind}\""))).count();
        assert_eq!((count("member"), count("team_member")), (1101, 1100));
    }

    async fn owners_are_warned_before_the_end_once_for_each_step(app: App) {
        let account = furnished(&app).await;
        account.add_member("carol@kongair.example", "co-owner").await;
        for day in 0..40 {
            app.background().await;
            if day == 20 {
                let node = app.second_node();
                app.clock.advance(60_000);
                node.background().await;
            }
            app.clock.advance(DAY);
        }
        let subjects = |address: &str| -> Vec<String> {
            let mails = app.mailbox.to(address);
            mails.into_iter().map(|mail| mail.subject).filter(|it| it.contains("ends on")).collect()
        };
        let expected = vec!["KongAir: the plan ends on 2026-02-10".to_owned(); 3];
        assert_eq!(subjects("owner@kongair.example"), expected);
        assert_eq!(subjects("carol@kongair.example"), expected);
    }

    async fn a_downgrade_has_to_be_meant(app: App) {
        let account = furnished(&app).await;
        let detail = account.admin.post("/plan/downgrade", json!({"confirm": "Kong"})).await.detail(422);
        assert!(detail.contains("\"KongAir\""), "{detail}");
        let down = account.admin.post("/plan/downgrade", json!({"confirm": "kongair"})).await.expect(200);
        assert_eq!((&down["plan"], &down["active"]), (&json!("essentials"), &json!(false)));
        account.scim.get("/Users").await.expect(403);
        account.admin.post("/plan/downgrade", json!({"confirm": "kongair"})).await.expect(409);
    }

    async fn pro_goes_down_to_essentials_and_stays_active(app: App) {
        let account = app.account(9).await;
        app.database.execute("UPDATE enterprises SET plan = 'pro', plan_ends_at = 1767225600001");
        app.clock.advance(60_000);
        app.background().await;
        let after = plan(&account.admin).await;
        assert_eq!((&after["plan"], &after["active"]), (&json!("essentials"), &json!(true)));
    }

    async fn essentials_serves_git_sync_to_three_users_or_not_at_all(app: App) {
        let account = app.account(9).await;
        for number in 0..3 {
            account.add_member(&format!("u{number}@kongair.example"), "member").await;
        }
        assert_eq!(plan(&account.admin).await["git_sync"]["available"], true);
        app.database.execute("UPDATE enterprises SET plan = 'essentials'");
        let sync = plan(&account.admin).await["git_sync"].clone();
        assert_eq!((&sync["available"], &sync["limit"], &sync["active_users"]), (&json!(false), &json!(3), &json!(4)));
        assert!(sync["reason"].as_str().unwrap().contains("disable Git Sync"));
        // Either reduce active users to three …
        let one = account.admin.items("/members").await[3]["id"].as_str().unwrap().to_owned();
        account.admin.delete(&format!("/licences/{one}")).await.expect(204);
        assert_eq!(plan(&account.admin).await["git_sync"]["available"], true);
        // … or disable Git Sync.
        let off = account.admin.patch("/plan", json!({"git_sync_enabled": false})).await.expect(200);
        assert_eq!(off["git_sync"]["available"], false);
        assert_eq!(off["git_sync"]["enabled"], false);
    }
}
