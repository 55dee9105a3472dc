//! Activation: a look at the code, the person who is signed in, and the owner who was only named.

use reqwest::Method;
use serde_json::{Value, json};

use super::super::plans::billing::paid;
use super::super::plans::{code, code_for, plan};
use super::{accounts_of, act_in, join, newest_link, nobody};
use crate::support::{App, Client, on_both_databases, text};

const OLIVE: &str = "olive@kongair.example";
const TYPO: &str = "oilve@kongair.example";
const WELCOME: &str = "Welcome: KongAir is yours to claim";
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Activates an account without a session; gives a client with its token.
async fn activated(app: &App, owner: &str) -> Client {
    let code = code(app, "KongAir", 9, 60).await;
    let new = json!({"code": code, "account_name": "KongAir", "owner_email": owner});
    let made = nobody(app).post("/activations", new).await.expect(201);
    app.background().await;
    nobody(app).with_token(&text(&made, "admin_token"))
}

async fn claim(app: &App, token: &str) -> crate::support::Response {
    nobody(app).post("/activations/claim", json!({"token": token})).await
}

on_both_databases! {
    async fn a_code_is_looked_at_without_being_used(app: App) {
        let code = code(&app, "KongAir", 25, 365).await;
        let amelia = {
            join(&app, "amelia@elsewhere.example").await;
            app.signed_in("amelia@elsewhere.example").await
        };
        for client in [&nobody(&app), &amelia] {
            for spelling in [code.clone(), format!(" {} ", code.to_lowercase())] {
                let offer = client.post("/activations/preview", json!({"code": spelling})).await.expect(200);
                assert_eq!((&offer["seats"], &offer["days"], &offer["plan"]), (&json!(25), &json!(365), &json!("enterprise")));
                assert_eq!((&offer["customer"], &offer["makes_account"]), (&json!("KongAir"), &json!(true)));
                assert!(offer["ends_at"].as_str().unwrap().starts_with("2027-01-01"), "{offer}");
            }
        }
        let new = json!({"code": code, "account_name": "KongAir", "owner_email": OLIVE});
        nobody(&app).post("/activations", new).await.expect(201);
        let used = nobody(&app).post("/activations/preview", json!({"code": code})).await;
        assert!(used.detail(403).contains("This activation code is not valid"));
    }

    async fn guessing_by_looking_is_slowed_like_guessing_by_using(app: App) {
        let mut slowed = 0;
        for _ in 0..40 {
            let guess = json!({"code": "INSOMNIA-00000-00000-00000-00000-00000"});
            slowed += usize::from(nobody(&app).post("/activations/preview", guess).await.status == 429);
        }
        assert!(slowed >= 10, "{slowed}");
        let right = json!({"code": code(&app, "KongAir", 25, 365).await});
        nobody(&app).post("/activations/preview", right).await.expect(200);
    }

    async fn an_owner_sees_what_a_code_would_do_to_the_account(app: App) {
        let account = app.account(9).await;
        for number in 0..3 {
            account.add_member(&format!("u{number}@kongair.example"), "member").await;
        }
        let few = code_for(&app, &account, 3, 30).await;
        let look = json!({"code": few});
        let seen = account.admin.post("/plan/activations/preview", look.clone()).await.expect(200);
        assert_eq!((&seen["seats"], &seen["present_seats"], &seen["seats_used"]), (&json!(3), &json!(9), &json!(4)));
        assert!(text(&seen, "refusal").contains("3 seats are too few: 4 are in use"), "{seen}");
        let enough = json!({"code": code_for(&app, &account, 20, 30).await});
        let seen = account.admin.post("/plan/activations/preview", enough.clone()).await.expect(200);
        assert_eq!((&seen["refusal"], &seen["present_plan"]), (&Value::Null, &json!("enterprise")));
        assert_eq!(plan(&account.admin).await["seats"], 9, "nothing is changed");
        account.admin.post("/plan/activations/preview", look).await.expect(403);
        let other = app.account_named("Other", "other.example", 5).await;
        other.admin.post("/plan/activations/preview", enough.clone()).await.expect(403);
        account.admin.post("/plan/activations", enough).await.expect(200);
    }

    async fn with_a_session_the_account_is_that_persons_and_no_typed_address_counts(app: App) {
        join(&app, OLIVE).await;
        let olive = app.signed_in(OLIVE).await;
        let code = code(&app, "KongAir", 9, 30).await;
        let new = |owner: &str| json!({"code": code, "account_name": "KongAir", "owner_email": owner});
        let refused = olive.post("/activations", new("victim@elsewhere.example")).await;
        assert!(refused.status >= 400, "{}", refused.body);
        let without = json!({"code": code, "account_name": "KongAir"});
        nobody(&app).post("/activations", without.clone()).await.expect(400);
        let made = olive.post("/activations", without).await.expect(201);
        assert_eq!(made["admin_token"], Value::Null);
        let account = text(&made, "account_id");
        assert!(accounts_of(&olive).await.contains(&account));
        act_in(&olive, &account).await;
        assert_eq!(plan(&olive).await["plan"], "enterprise");
        let owner = &olive.items("/members").await[0];
        assert_eq!((&owner["id"], &owner["email"]), (&made["owner_id"], &json!(OLIVE)));
        app.background().await;
        let mails = app.mailbox.to(OLIVE);
        let welcome = mails.iter().find(|mail| mail.subject == "Welcome to KongAir").unwrap();
        assert!(welcome.text.contains(&format!("{}/", app.url)), "{}", welcome.text);
    }

    async fn a_session_that_is_over_is_not_taken_for_nobody(app: App) {
        let code = code(&app, "KongAir", 9, 30).await;
        let ended = nobody(&app).with_token("insomnia_session_ended");
        let new = json!({"code": code, "account_name": "KongAir", "owner_email": OLIVE});
        ended.post("/activations", new.clone()).await.expect(401);
        nobody(&app).post("/activations", new).await.expect(201);
    }

    async fn without_a_session_the_owner_claims_by_the_link_in_the_welcome_mail(app: App) {
        let holder = activated(&app, OLIVE).await;
        let link = newest_link(&app, OLIVE, WELCOME);
        let claimed = claim(&app, &link).await.expect(200);
        assert_eq!((&claimed["email"], &claimed["role"]), (&json!(OLIVE), &json!("owner")));
        let olive = app.signed_in(OLIVE).await;
        assert_eq!(accounts_of(&olive).await, [text(&claimed, "account_id")]);
        assert_eq!(olive.get("/session").await.expect(200)["waiting"], json!([]));
        plan(&olive).await;
        // The link works once, and the address is the owner's own from now on.
        assert_eq!(claim(&app, &link).await.expect(404)["type"], "urn:insomnia:problem:no-such-link");
        let late = holder.patch("/activations/owner", json!({"owner_email": TYPO})).await.expect(409);
        assert_eq!(late["type"], "urn:insomnia:problem:already-claimed");
    }

    async fn a_mistyped_address_is_corrected_until_it_is_claimed_and_the_old_link_ends(app: App) {
        let holder = activated(&app, TYPO).await;
        let old = newest_link(&app, TYPO, WELCOME);
        let right = json!({"owner_email": OLIVE});
        let corrected = holder.patch("/activations/owner", right).await.expect(200);
        assert_eq!(corrected["owner_email"], OLIVE);
        app.background().await;
        claim(&app, &old).await.expect(404);
        let owner = &holder.items("/members").await[0];
        assert_eq!((&owner["email"], &owner["id"]), (&json!(OLIVE), &corrected["owner_id"]));
        claim(&app, &newest_link(&app, OLIVE, WELCOME)).await.expect(200);
        let typo = nobody(&app);
        typo.post("/sign-in", json!({"email": TYPO})).await.expect(202);
        app.background().await;
        assert!(app.mailbox.to(TYPO).iter().all(|mail| !mail.subject.starts_with("Sign in")));
        let log = app.signed_in(OLIVE).await.items_of("/audit-log?action=owner.address-corrected").await;
        assert_eq!((&log[0]["before"]["email"], &log[0]["after"]["email"]), (&json!(TYPO), &json!(OLIVE)));
    }

    async fn corrections_are_bounded_and_only_for_who_has_all_rights(app: App) {
        let holder = activated(&app, TYPO).await;
        for wrong in ["olive", "a@x.example,b@x.example"] {
            holder.patch("/activations/owner", json!({"owner_email": wrong})).await.expect(422);
        }
        let taken = json!({"email": "bea@kongair.example", "role": "member"});
        holder.post("/members", taken).await.expect(201);
        let taken = json!({"owner_email": "bea@kongair.example"});
        holder.patch("/activations/owner", taken).await.expect(409);
        let scoped = json!({"name": "x", "scopes": ["owners:manage"]});
        let scoped = holder.post("/tokens", scoped).await.expect(201);
        let scoped = holder.with_token(&text(&scoped, "secret"));
        scoped.patch("/activations/owner", json!({"owner_email": OLIVE})).await.expect(403);
        let mut statuses = Vec::new();
        for _ in 0..6 {
            let same = json!({"owner_email": TYPO});
            statuses.push(holder.patch("/activations/owner", same).await.status);
        }
        assert_eq!(statuses, [200, 200, 200, 200, 429, 429]);
        app.clock.advance(60 * 60 * 1000);
        holder.patch("/activations/owner", json!({"owner_email": OLIVE})).await.expect(200);
    }

    async fn a_link_ends_after_30_days_and_a_new_one_is_sent(app: App) {
        let holder = activated(&app, OLIVE).await;
        let old = newest_link(&app, OLIVE, WELCOME);
        app.clock.advance(30 * DAY);
        app.background().await;
        claim(&app, &old).await.expect(404);
        holder.patch("/activations/owner", json!({"owner_email": OLIVE})).await.expect(200);
        app.background().await;
        claim(&app, &newest_link(&app, OLIVE, WELCOME)).await.expect(200);
    }

    async fn the_link_opens_a_page_that_asks_and_then_signs_in(app: App) {
        activated(&app, OLIVE).await;
        let path = format!("/welcome/{}", newest_link(&app, OLIVE, WELCOME));
        let site = Client::new(app.url.clone(), String::new());
        for _ in 0..2 {
            let page = site.get(&path).await.expect(200);
            let page = page.as_str().unwrap();
            assert!(page.contains("Claim the account") && page.contains("KongAir"), "{page}");
        }
        let send = async |origin: &str| site.send(Method::POST, &path, &[("origin", origin)], None).await;
        assert_eq!(send("https://evil.example").await.status, 400);
        let done = send(&app.url).await;
        let home = done.expect(200);
        // The client keeps no cookies, so that it is asked to sign in.
        assert!(home.as_str().unwrap().contains("<h1>Sign in</h1>"), "{home}");
        assert_eq!(send(&app.url).await.status, 404);
        let olive = app.signed_in(OLIVE).await;
        assert_eq!(accounts_of(&olive).await.len(), 1);
    }

    async fn a_payment_welcomes_the_owner_of_a_new_account_too(app: App) {
        paid(&app, "KongAir", OLIVE).await;
        app.background().await;
        claim(&app, &newest_link(&app, OLIVE, WELCOME)).await.expect(200);
        let olive = app.signed_in(OLIVE).await;
        assert_eq!(plan(&olive).await["subscription"]["kind"], "self-serve");
    }
}
