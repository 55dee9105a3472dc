//! Activation codes.

use serde_json::json;

use super::{DAY, activated, code, code_for, nobody, operator, plan};
use crate::support::{at_once, command_of, on_both_databases, text};

const INVALID: &str = "This activation code is not valid";

on_both_databases! {
    async fn a_further_code_sets_the_new_number_of_seats_and_term(app: App) {
        let account = app.account(5).await;
        let code = code_for(&app, &account, 40, 30).await;
        let plan = account.admin.post("/plan/activations", json!({"code": code})).await.expect(200);
        assert_eq!((&plan["seats"], &plan["days_left"]), (&json!(40), &json!(30)));
        assert_eq!(account.seats().await, (1, 40));
        let refused = account.admin.post("/plan/activations", json!({"code": code})).await;
        assert!(refused.detail(403).contains(INVALID), "a code works once");
    }

    async fn only_the_newest_code_issued_to_an_account_is_valid(app: App) {
        let account = app.account(5).await;
        let older = code_for(&app, &account, 10, 30).await;
        let newer = code_for(&app, &account, 20, 30).await;
        let refused = account.admin.post("/plan/activations", json!({"code": older})).await;
        assert!(refused.detail(403).contains(INVALID));
        account.admin.post("/plan/activations", json!({"code": newer})).await.expect(200);
        assert_eq!(account.seats().await, (1, 20));
    }

    async fn only_the_newest_code_of_a_customer_makes_an_account(app: App) {
        let older = code(&app, "KongAir", 10, 30).await;
        let newer = code(&app, "kongair", 20, 30).await;
        let new = |code: &str| {
            json!({"code": code, "account_name": "KongAir", "owner_email": "o@kongair.example"})
        };
        nobody(&app).post("/activations", new(&older)).await.expect(403);
        nobody(&app).post("/activations", new(&newer)).await.expect(201);
    }

    async fn fewer_seats_than_are_in_use_are_refused_with_both_numbers(app: App) {
        let account = app.account(5).await;
        for number in 0..3 {
            account.provision(&format!("u{number}@kongair.example")).await;
        }
        let few = code_for(&app, &account, 3, 30).await;
        let refused = account.admin.post("/plan/activations", json!({"code": few})).await;
        let detail = refused.detail(409);
        assert!(detail.contains("3 seats are too few: 4 are in use"), "{detail}");
        assert_eq!(account.seats().await, (4, 5));
        // The code is not used up by that: with a seat less in use it works.
        let one = account.scim.filter("/Users", "userName eq \"u0@kongair.example\"").await.expect(200);
        let id = text(&one["Resources"][0], "id");
        account.admin.delete(&format!("/licences/{id}")).await.expect(204);
        account.admin.post("/plan/activations", json!({"code": few})).await.expect(200);
        assert_eq!(account.seats().await, (3, 3));
    }

    async fn a_code_makes_one_account_however_many_enter_it_at_once(app: App) {
        let code = code(&app, "KongAir", 10, 30).await;
        let node = app.peer();
        let urls = [app.url.clone(), node.url.clone()];
        let attempts = (0..8).map(|number| {
            let client = crate::support::Client::new(
                format!("{}/api/v1", urls[number % 2]), String::new());
            let new = json!({"code": code, "account_name": format!("A{number}"),
                "owner_email": format!("o{number}@kongair.example")});
            async move { client.post("/activations", new).await.status }
        });
        let mut statuses = at_once(attempts).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 403, 403, 403, 403, 403, 403, 403]);
        assert_eq!(operator(&app).items("/accounts").await.len(), 1);
    }

    async fn a_code_for_one_account_is_none_for_another(app: App) {
        let account = app.account(5).await;
        let other = app.account_named("Other", "other.example", 5).await;
        let code = code_for(&app, &account, 40, 30).await;
        other.admin.post("/plan/activations", json!({"code": code})).await.expect(403);
        let new = json!({"code": code, "account_name": "New", "owner_email": "o@new.example"});
        nobody(&app).post("/activations", new).await.expect(403);
        account.admin.post("/plan/activations", json!({"code": code})).await.expect(200);
    }

    async fn every_wrong_code_is_answered_with_the_same_words(app: App) {
        let account = app.account(5).await;
        let used = code_for(&app, &account, 40, 30).await;
        account.admin.post("/plan/activations", json!({"code": used})).await.expect(200);
        let revoked = code_for(&app, &account, 40, 30).await;
        let listed = operator(&app).items("/activation-codes").await;
        let id = text(listed.last().unwrap(), "id");
        operator(&app).delete(&format!("/activation-codes/{id}")).await.expect(204);
        operator(&app).delete(&format!("/activation-codes/{id}")).await.expect(404);
        let mut answers = Vec::new();
        for code in [&used, &revoked, "INSOMNIA-00000-00000-00000-00000-00000", "", "x"] {
            let refused = account.admin.post("/plan/activations", json!({"code": code})).await;
            answers.push(refused.detail(403));
        }
        answers.dedup();
        assert_eq!(answers.len(), 1, "{answers:?}");
    }

    async fn guessing_is_slowed_down(app: App) {
        let account = app.account(5).await;
        let mut slowed = 0;
        for _ in 0..40 {
            let guess = json!({"code": "INSOMNIA-00000-00000-00000-00000-00000"});
            if account.admin.post("/plan/activations", guess).await.status == 429 {
                slowed += 1;
            }
        }
        assert!(slowed >= 10, "{slowed}");
    }

    async fn codes_are_stored_hashed_and_listed_without_secret(app: App) {
        let code = code(&app, "KongAir", 10, 30).await;
        let listed = operator(&app).get("/activation-codes").await.expect(200);
        assert!(!listed.to_string().contains(&code));
        assert_eq!(listed["items"][0]["customer"], "KongAir");
        assert_eq!(listed["items"][0]["state"], "issued");
    }

    async fn the_operators_mistakes_are_named(app: App) {
        for (new, named) in [
            (json!({"seats": 5, "days": 30}), "customer"),
            (json!({"customer": " ", "seats": 5, "days": 30}), "customer"),
            (json!({"customer": "K", "seats": 0, "days": 30}), "seats"),
            (json!({"customer": "K", "seats": 5, "days": 0}), "days"),
            (json!({"account_id": "ent_none", "seats": 5, "days": 30}), "account_id"),
        ] {
            let detail = operator(&app).post("/activation-codes", new).await.detail(422);
            assert!(detail.contains(named), "{detail}");
        }
        let wrong = operator(&app).with_token("wrong");
        wrong.get("/accounts").await.expect(401);
    }

    async fn an_account_of_a_code_can_be_made_again_reached_only_by_its_owner(app: App) {
        let owner = activated(&app, "KongAir", &code(&app, "KongAir", 5, 10).await).await;
        app.clock.advance(3 * DAY);
        assert_eq!(plan(&owner).await["days_left"], 7);
        let taken = code(&app, "Second", 5, 10).await;
        let new = json!({"code": taken, "account_name": "kongair", "owner_email": "x@x.example"});
        nobody(&app).post("/activations", new.clone()).await.expect(409);
        // A refusal for another reason does not use the code up.
        let new = json!({"code": taken, "account_name": "Second", "owner_email": "x@x.example"});
        nobody(&app).post("/activations", new).await.expect(201);
    }

    async fn the_operator_works_on_the_command_line_too(app: App) {
        let issue = ["operator", "issue-code", "--customer", "KongAir", "--seats", "7", "--days", "30", "--json"];
        let output = command_of(&app.database, &issue).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let issued: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let owner = activated(&app, "KongAir", &text(&issued, "code")).await;
        assert_eq!(plan(&owner).await["seats"], 7);
        let accounts = command_of(&app.database, &["operator", "accounts"]).output().unwrap();
        let accounts = String::from_utf8(accounts.stdout).unwrap();
        assert!(accounts.contains("KongAir") && accounts.contains("1 of      7 seats"), "{accounts}");
        let codes = command_of(&app.database, &["operator", "codes", "--json"]).output().unwrap();
        assert!(String::from_utf8(codes.stdout).unwrap().contains("\"state\":\"used\""));
        let revoke = ["operator", "revoke-code", "code_none"];
        let refused = command_of(&app.database, &revoke).output().unwrap();
        assert_eq!(refused.status.code(), Some(1));
    }
}
