//! A person's own name and sessions.

use serde_json::{Value, json};

use crate::single_sign_on::{Connected, client, start};
use crate::support::{Browser, on_both_databases, text};

const VERA: &str = "vera@kongair.example";

on_both_databases! {
    async fn a_name_is_the_persons_and_no_accounts(app: App) {
        let account = app.account(9).await;
        let names = json!({"email": VERA, "role": "member", "given_name": "V.", "family_name": "Account"});
        let member = text(&account.admin.post("/members", names).await.expect(201), "id");
        let vera = app.signed_in(VERA).await;
        assert_eq!(vera.get("/me").await.expect(200)["name"], Value::Null);
        let before = account.member(&member).await;
        let named = vera.patch("/me", json!({"name": "Vera Verity"})).await.expect(200);
        assert_eq!((&named["name"], &named["email"]), (&json!("Vera Verity"), &json!(VERA)));
        assert_eq!(vera.get("/session").await.expect(200)["name"], "Vera Verity");
        // What administrators and the identity provider see of the member is theirs.
        assert_eq!(account.member(&member).await, before);
        vera.patch("/me", json!({"name": " "})).await.expect(422);
        // A token is not a person.
        let token = account.admin.with_token(&account.token_for(&app, &member).await);
        token.get("/me").await.expect(401);
        // The single sign-on of one account shows what the account says, and changes nothing.
        let connected = Connected::on(&app, &account).await;
        let mut browser = Browser::new();
        let (request, claims) = connected.begin(&app, &mut browser, &start(&app), VERA).await;
        connected.come_back(&app, &mut browser, &request, &claims).await;
        let there = client(&app, &browser).unwrap();
        assert_eq!(there.get("/session").await.expect(200)["name"], "V. Account");
        let refused = there.patch("/me", json!({"name": "Evil"})).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:session-confined");
    }

    async fn the_first_steps_stay_hidden_for_who_hid_them(app: App) {
        let account = app.account(9).await;
        account.add_member(VERA, "co-owner").await;
        let (vera, owner) = (app.signed_in(VERA).await, app.signed_in("owner@kongair.example").await);
        assert_eq!(vera.get("/me/first-steps").await.expect(200), json!({"hidden": false}));
        vera.put("/me/first-steps", json!({"hidden": true})).await.expect(200);
        let later = app.signed_in(VERA).await;
        assert_eq!(later.get("/me/first-steps").await.expect(200), json!({"hidden": true}));
        assert_eq!(owner.get("/me/first-steps").await.expect(200), json!({"hidden": false}));
        later.put("/me/first-steps", json!({"hidden": false})).await.expect(200);
        assert_eq!(vera.get("/me/first-steps").await.expect(200), json!({"hidden": false}));
    }

    async fn all_other_sessions_end_in_one_call(app: App) {
        let account = app.account(9).await;
        account.add_member(VERA, "member").await;
        let (first, second, own) =
            (app.signed_in(VERA).await, app.signed_in(VERA).await, app.signed_in(VERA).await);
        let stranger = app.signed_in("owner@kongair.example").await;
        let listed = own.items("/sessions").await;
        let current: Vec<bool> = listed.iter().map(|one| one["is_current"] == true).collect();
        assert_eq!(current, [false, false, true]);
        assert_eq!(own.delete("/sessions").await.expect(200), json!({"ended": 2}));
        first.get("/session").await.expect(401);
        second.get("/session").await.expect(401);
        stranger.get("/session").await.expect(200);
        assert_eq!(own.items("/sessions").await.len(), 1);
        assert_eq!(own.delete("/sessions").await.expect(200), json!({"ended": 0}));
        let log = account.admin.items_of("/audit-log?action=session.others-ended").await;
        assert_eq!(log.len(), 1);
        assert_eq!(log[0]["before"], json!({"sessions": 2}));
    }

    async fn the_single_sign_on_of_one_account_ends_no_session_elsewhere(app: App) {
        let account = app.account(9).await;
        account.add_member(VERA, "member").await;
        app.account_named("Other", "other.example", 5).await.add_member(VERA, "member").await;
        let by_mail = app.signed_in(VERA).await;
        let connected = Connected::on(&app, &account).await;
        let mut sessions = Vec::new();
        for _ in 0..2 {
            let mut browser = Browser::new();
            let (request, claims) = connected.begin(&app, &mut browser, &start(&app), VERA).await;
            connected.come_back(&app, &mut browser, &request, &claims).await;
            sessions.push(client(&app, &browser).unwrap());
        }
        assert_eq!(sessions[1].delete("/sessions").await.expect(200), json!({"ended": 1}));
        sessions[0].get("/session").await.expect(401);
        by_mail.get("/session").await.expect(200);
    }
}
