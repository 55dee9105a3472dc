//! Signing up makes an Essentials account; people who came another way make one themselves.

use serde_json::{Value, json};

use super::{accounts_of, act_in, join, nobody};
use crate::support::{App, at_once, on_both_databases, text};

const AMELIA: &str = "amelia@elsewhere.example";

/// The names of all accounts on the server.
async fn accounts(app: &App) -> Vec<String> {
    let operator = super::super::plans::operator(app);
    operator.items("/accounts").await.iter().map(|one| text(one, "name")).collect()
}

on_both_databases! {
    async fn signing_up_makes_an_essentials_account_whose_trial_starts_in_the_next_minute(app: App) {
        let joined = join(&app, AMELIA).await;
        assert_eq!((&joined["role"], &joined["email"]), (&json!("owner"), &json!(AMELIA)));
        let amelia = app.signed_in(AMELIA).await;
        let session = amelia.get("/session").await.expect(200);
        assert_eq!(session["account_id"], joined["account_id"]);
        assert_eq!(session["server_version"], env!("CARGO_PKG_VERSION"));
        let plan = amelia.get("/plan").await.expect(200);
        assert_eq!((&plan["plan"], &plan["active"]), (&json!("essentials"), &json!(true)));
        assert_eq!(plan["subscription"]["kind"], "none");
        let organizations = amelia.items("/organizations").await;
        assert_eq!(organizations.len(), 1);
        assert_eq!(organizations[0]["name"], "Personal Workspace");
        let owner = &amelia.items("/members").await[0];
        assert_eq!((&owner["id"], &owner["role"]), (&joined["member_id"], &json!("owner")));
        amelia.post("/teams", json!({"name": "Flight"})).await.expect(403);
        app.clock.advance(60_000);
        let trial = amelia.post("/plan/trial", Value::Null).await.expect(200);
        assert_eq!((&trial["plan"], &trial["trial"]["reverts_to"]), (&json!("trial"), &json!("essentials")));
        amelia.post("/teams", json!({"name": "Flight"})).await.expect(201);
    }

    async fn a_co_owner_starts_the_trial_of_such_an_account_too(app: App) {
        let joined = join(&app, AMELIA).await;
        let amelia = app.signed_in(AMELIA).await;
        let bea = json!({"email": "bea@elsewhere.example", "role": "co-owner"});
        amelia.post("/members", bea).await.expect(201);
        let bea = app.signed_in("bea@elsewhere.example").await;
        let waiting = bea.get("/session").await.expect(200)["waiting"][0].clone();
        assert_eq!(waiting["account_id"], joined["account_id"]);
        let member = text(&waiting, "member_id");
        bea.post(&format!("/session/memberships/{member}/join"), json!({})).await.expect(200);
        act_in(&bea, &text(&joined, "account_id")).await;
        bea.post("/plan/trial", Value::Null).await.expect(200);
    }

    async fn who_is_invited_or_added_gets_no_account_by_force_and_may_have_one(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        account.invite(AMELIA, &cargo).await;
        account.add_member("bea@elsewhere.example", "member").await;
        for email in [AMELIA, "bea@elsewhere.example"] {
            let joined = join(&app, email).await;
            assert_eq!((&joined["account_id"], &joined["role"]), (&Value::Null, &Value::Null));
            let session = app.signed_in(email).await;
            assert!(accounts_of(&session).await.is_empty());
        }
        assert_eq!(accounts(&app).await, ["KongAir"]);
        let amelia = app.signed_in(AMELIA).await;
        let made = amelia.post("/accounts", json!({})).await.expect(201);
        assert_eq!((&made["plan"], &made["role"]), (&json!("essentials"), &json!("owner")));
        assert_eq!((&made["account_name"], &made["organization"]), (&json!(AMELIA), &json!("Personal Workspace")));
        assert_eq!(accounts_of(&amelia).await, [text(&made, "account_id")]);
        act_in(&amelia, &text(&made, "account_id")).await;
        amelia.post("/plan/trial", Value::Null).await.expect(200);
    }

    async fn each_person_makes_one_account_however_often_they_ask_at_once(app: App) {
        app.account(9).await.add_member(AMELIA, "member").await;
        let amelia = app.signed_in(AMELIA).await;
        let asks = (0..6).map(|number| {
            let amelia = amelia.clone();
            async move { amelia.post("/accounts", json!({"name": format!("Mine {number}")})).await.status }
        });
        let mut statuses = at_once(asks).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
        assert_eq!(accounts(&app).await.len(), 2);
        let refused = amelia.post("/accounts", json!({})).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:has-account");
        let own = accounts_of(&amelia).await;
        assert!(refused["detail"].as_str().unwrap().contains(&own[0]), "{refused}");
    }

    async fn who_signed_up_has_their_one_account_and_a_taken_name_is_refused(app: App) {
        join(&app, AMELIA).await;
        let amelia = app.signed_in(AMELIA).await;
        amelia.post("/accounts", json!({"name": "Second"})).await.expect(409);
        app.account(9).await.add_member("bea@elsewhere.example", "member").await;
        let bea = app.signed_in("bea@elsewhere.example").await;
        let taken = bea.post("/accounts", json!({"name": "kongair"})).await.expect(409);
        assert_eq!(taken["type"], "urn:insomnia:problem:name-taken");
        bea.post("/accounts", json!({"name": " "})).await.expect(422);
        // Whoever has named an account after somebody's address does not keep them out.
        bea.post("/accounts", json!({"name": "carol@elsewhere.example"})).await.expect(201);
        join(&app, "carol@elsewhere.example").await;
        assert!(accounts(&app).await.contains(&"carol@elsewhere.example (2)".to_owned()));
    }

    async fn of_people_who_choose_one_name_at_once_one_gets_it(app: App) {
        let account = app.account(9).await;
        let mut people = Vec::new();
        for number in 0..4 {
            let email = format!("u{number}@elsewhere.example");
            account.add_member(&email, "member").await;
            people.push(app.signed_in(&email).await);
        }
        let asks = people.into_iter().map(|person| async move {
            person.post("/accounts", json!({"name": "Bluebird"})).await.status
        });
        let mut statuses = at_once(asks).await;
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409, 409, 409]);
    }

    async fn a_token_makes_no_account(app: App) {
        let account = app.account(9).await;
        account.admin.post("/accounts", json!({})).await.expect(401);
        nobody(&app).post("/accounts", json!({})).await.expect(401);
        assert_eq!(accounts(&app).await, ["KongAir"]);
    }
}
