//! Signing up: the link in the mail, once, for a day.

use insomnia_scim::enterprise::Timestamp;
use insomnia_scim::store::{Cost, sign_ups};
use reqwest::Method;
use serde_json::json;

use super::start;
use crate::support::{Client, at_once, link_in, on_both_migrated_databases, text};

const HOUR: i64 = 60 * 60 * 1000;
const AMELIA: &str = "amelia@elsewhere.example";

on_both_migrated_databases! {
    async fn a_person_of_no_domain_signs_up_and_has_an_account_of_their_own(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(5).await;
        let joined = app.join(AMELIA).await.expect(200);
        assert!(text(&joined, "user_id").starts_with("acct_"));
        assert_eq!(joined["email"], AMELIA);
        assert_eq!(joined["role"], "owner");
        assert_ne!(joined["account_id"], account.made.account_id.as_str());
        assert_eq!(account.recount().await, 1);
        let mail = &app.mailbox.to(AMELIA)[0];
        assert_eq!(mail.subject, "Confirm your address");
        assert!(mail.text.contains("within 24 hours"), "{}", mail.text);
    }

    async fn a_link_works_once(database: Database) {
        let (app, _dns) = start(database).await;
        let (first, second) = (app.sign_up(AMELIA).await, app.sign_up(AMELIA).await);
        let public = app.public();
        let answers = at_once((0..4).map(|_| {
            let (public, token) = (public.clone(), first.clone());
            async move { public.post("/sign-ups/confirm", json!({"token": token})).await.status }
        }))
        .await;
        assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
        for token in [&first, &second, "insomnia_signup_x", "", "\0"] {
            let refused = app.confirm(token).await.expect(404);
            assert_eq!(refused["type"], "urn:insomnia:problem:no-such-link");
        }
    }

    async fn a_link_ends_after_a_day_and_is_forgotten(database: Database) {
        let (app, _dns) = start(database).await;
        let token = app.sign_up(AMELIA).await;
        let late = app.sign_up("late@elsewhere.example").await;
        app.clock.advance(24 * HOUR - 1);
        app.confirm(&token).await.expect(200);
        app.clock.advance(1);
        app.confirm(&late).await.expect(404);
        let kept = async || {
            let count = |conn: &mut _| sign_ups::count_since(conn, "late@elsewhere.example", Timestamp(0));
            app.store.read(Cost::Point, count).await.unwrap()
        };
        assert_eq!(kept().await, 1);
        app.clock.advance(HOUR);
        app.background().await;
        assert_eq!(kept().await, 0);
    }

    async fn one_address_gets_three_mails_in_an_hour_at_most(database: Database) {
        let (app, _dns) = start(database).await;
        let public = app.public();
        let ask = async |email: &str| public.post("/sign-ups", json!({"email": email})).await;
        for email in [AMELIA, "AMELIA@elsewhere.example", AMELIA] {
            ask(email).await.expect(202);
        }
        let refused = ask(AMELIA).await;
        assert_eq!(refused.header("retry-after"), "1");
        assert_eq!(refused.expect(429)["type"], "urn:insomnia:problem:too-many-mails");
        ask("bessie@elsewhere.example").await.expect(202);
        app.clock.advance(HOUR);
        ask(AMELIA).await.expect(202);
        app.background().await;
        assert_eq!(app.mailbox.mails().len(), 5);
    }

    async fn nobody_learns_who_has_an_address_but_who_has_it(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(5).await;
        account.add_member(AMELIA, "member").await;
        app.signed_in(AMELIA).await;
        let public = app.public();
        let known = public.post("/sign-ups", json!({"email": AMELIA})).await;
        let new = public.post("/sign-ups", json!({"email": "new@elsewhere.example"})).await;
        assert_eq!((known.status, &known.body), (new.status, &new.body));
        app.background().await;
        let mail = &app.mailbox.to(AMELIA)[1];
        assert_eq!(mail.subject, "You have an Insomnia account");
        assert!(!mail.text.contains("token="), "{}", mail.text);
    }

    async fn an_address_that_became_somebodys_meanwhile_is_not_taken(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(5).await;
        let token = app.sign_up(AMELIA).await;
        account.add_member(AMELIA, "member").await;
        app.signed_in(AMELIA).await;
        let refused = app.confirm(&token).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:already-signed-up");
    }

    async fn mistakes_are_named(database: Database) {
        let (app, _dns) = start(database).await;
        let public = app.public();
        for (body, status, said) in [
            (json!({"email": "amelia"}), 422, "not an e-mail address"),
            (json!({"email": "a\u{0}@b.example"}), 422, "NUL"),
            (json!({"email": format!("{}@b.example", "a".repeat(300))}), 422, "email"),
            (json!({"email": AMELIA, "name": "  "}), 422, "name"),
            (json!({"email": AMELIA, "colour": "red"}), 400, "colour"),
            (json!({}), 400, "email"),
        ] {
            let detail = public.post("/sign-ups", body).await.detail(status);
            assert!(detail.contains(said), "{detail}");
        }
    }

    async fn the_link_leads_to_a_page_that_asks_first(database: Database) {
        let (app, _dns) = start(database).await;
        let token = app.sign_up(AMELIA).await;
        let site = Client::new(app.url.clone(), String::new());
        let link = link_in(&app.mailbox.to(AMELIA)[0]);
        let path = link.strip_prefix(&app.url).unwrap();
        for _ in 0..2 {
            let page = site.get(path).await;
            assert_eq!(page.header("referrer-policy"), "same-origin");
            let html = page.expect(200);
            let form = format!("name=\"token\" value=\"{token}\"");
            assert!(html.as_str().unwrap().contains(&form), "{html}");
        }
        let evil = site.get("/sign-up?token=%22%3E%3Cscript%3E").await.expect(200);
        assert!(!evil.as_str().unwrap().contains("<script>"), "{evil}");
        let send = async |origin: &str| {
            let form = ("content-type", "application/x-www-form-urlencoded");
            let headers = [form, ("origin", origin)];
            site.send(Method::POST, "/sign-up", &headers, Some(format!("token={token}"))).await
        };
        for origin in ["https://evil.example", "null"] {
            send(origin).await.expect(403);
        }
        let done = send(&app.url).await.expect(200);
        assert!(done.as_str().unwrap().contains("amelia@elsewhere.example is confirmed"), "{done}");
        let again = send(&app.url).await.expect(404);
        assert!(again.as_str().unwrap().contains("does not work"), "{again}");
    }
}
