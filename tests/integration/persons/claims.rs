//! Which person a member is: claimed at once, asked, declined, ended.

use serde_json::json;

use super::{nobody, rename};
use crate::support::{Browser, link_in, on_both_databases, patch, text, user};

const VERA: &str = "vera@vera.example";

on_both_databases! {
    async fn what_accounts_say_makes_nobody_a_person(app: App) {
        let home = app.account_named("Home", "home.example", 9).await;
        home.provision("amelia@home.example").await;
        home.provision(VERA).await;
        let manual = home.add_member("manual@home.example", "co-owner").await;
        let cargo = home.add_organization("Cargo").await;
        home.invite("invited@home.example", &cargo).await;
        home.scim.patch(&format!("/Users/{}", home.provision("b@home.example").await), rename("c@home.example")).await.expect(200);
        assert_eq!(app.database.count("users"), 0);
        assert_eq!(home.member(&manual).await["claimed_at"], json!(null));
        app.signed_in("amelia@home.example").await;
        assert_eq!(app.database.count("users"), 1);
        let members = home.admin.items("/members").await;
        let claimed: Vec<_> = members.iter().filter(|one| !one["claimed_at"].is_null()).collect();
        assert_eq!(claimed.len(), 1);
        assert_eq!(claimed[0]["email"], "amelia@home.example");
    }

    async fn who_comes_by_the_invitation_is_the_member_at_once(app: App) {
        let home = app.account_named("Home", "home.example", 9).await;
        let cargo = home.add_organization("Cargo").await;
        home.invite(VERA, &cargo).await;
        app.background().await;
        let link = link_in(&app.mailbox.to(VERA)[0]);
        let token = parameter_of(&link);
        let joined = nobody(&app).post("/invitations/accept", json!({"token": token})).await.expect(200);
        let member = text(&joined, "member_id");
        assert!(!home.member(&member).await["claimed_at"].is_null());
        let me = app.signed_in(VERA).await.get("/session").await.expect(200);
        assert_eq!((&me["member_id"], &me["waiting"]), (&json!(member), &json!([])));
    }

    async fn of_several_accounts_one_is_chosen(app: App) {
        let home = app.account_named("Home", "vera.example", 9).await;
        home.add_member(VERA, "member").await;
        let other = app.account_named("Other", "other.example", 9).await;
        let there = other.add_member(VERA, "co-owner").await;
        let vera = app.signed_in(VERA).await;
        vera.post(&format!("/session/memberships/{there}/join"), json!({})).await.expect(200);
        vera.post(&format!("/session/memberships/{there}/join"), json!({})).await.expect(404);
        // Signing in again does not say where: nothing is reached before that is said.
        let vera = app.signed_in(VERA).await;
        let me = vera.get("/session").await.expect(200);
        assert_eq!((&me["account_id"], &me["role"]), (&json!(null), &json!(null)));
        vera.get("/members").await.expect(403);
        let choice = json!({"account_id": other.made.account_id});
        let me = vera.patch("/session", choice.clone()).await.expect(200);
        assert_eq!(me["role"], "co-owner");
        vera.get("/members").await.expect(200);
        let link = app.sign_in_link(VERA).await;
        let asked = json!({"token": link, "account_id": other.made.account_id});
        let made = nobody(&app).post("/sessions", asked).await.expect(201);
        let me = nobody(&app).with_token(&text(&made, "secret")).get("/session").await.expect(200);
        assert_eq!(me["member_id"], there.as_str());
    }

    async fn a_browser_is_asked_where_to_go_on_and_whether_to_join(app: App) {
        let other = app.account_named("<b>Other", "other.example", 9).await;
        let there = other.add_member(VERA, "member").await;
        let link = app.sign_in_link(VERA).await;
        let (mut browser, url) = (Browser::new(), format!("{}/sign-in/{link}", app.url));
        let accounts = browser.submit(&url, &app.url, &[]).await.leads_to();
        assert!(accounts.ends_with("/accounts"), "{accounts}");
        let page = browser.get(&accounts).await.page(200);
        assert!(page.contains("&lt;b&gt;Other has added you: join?"), "{page}");
        browser.submit(&accounts, "https://evil.example", &[("join", &there)]).await.page(400);
        browser.submit(&accounts, &app.url, &[("join", &there)]).await.leads_to();
        assert!(!other.member(&there).await["claimed_at"].is_null());
        let page = browser.get(&accounts).await.page(200);
        assert!(page.contains("Go on in &lt;b&gt;Other"), "{page}");
        assert!(Browser::new().get(&accounts).await.leads_to().contains("/sign-in?return_to="));
    }

    async fn a_declined_membership_does_not_ask_again(app: App) {
        let other = app.account_named("Other", "other.example", 9).await;
        let there = other.provision(VERA).await;
        let vera = app.signed_in(VERA).await;
        vera.post(&format!("/session/memberships/{there}/decline"), json!({})).await.expect(204);
        let me = app.signed_in(VERA).await.get("/session").await.expect(200);
        assert_eq!((&me["accounts"], &me["waiting"]), (&json!([]), &json!([])));
        vera.post(&format!("/session/memberships/{there}/join"), json!({})).await.expect(404);
        let log = other.admin.items("/audit-log").await;
        assert!(log.iter().any(|row| row["action"] == "member.declined"), "{log:?}");
        assert_eq!(other.recount().await, 2);
    }

    async fn a_claim_ends_with_the_last_proved_address_and_takes_sessions_and_tokens_along(app: App) {
        let home = app.account_named("Home", "vera.example", 9).await;
        let other = app.account_named("Other", "other.example", 9).await;
        let member = home.provision(VERA).await;
        let there = other.add_member(VERA, "member").await;
        let vera = app.signed_in(VERA).await;
        let token = vera.post("/tokens", json!({"name": "cli"})).await.expect(201);
        let token = vera.with_token(&text(&token, "secret"));
        token.get("/tokens").await.expect(200);
        // A further address changes nothing; another one in the place of all ends it.
        let path = format!("/Users/{member}");
        let more = patch(json!([{"op": "add", "path": "emails", "value": [{"value": "v@vera.example", "type": "home"}]}]));
        home.scim.patch(&path, more).await.expect(200);
        token.get("/tokens").await.expect(200);
        home.scim.put(&path, user("somebody@vera.example")).await.expect(200);
        token.get("/tokens").await.expect(401);
        vera.get("/session").await.expect(401);
        assert_eq!(home.member(&member).await["claimed_at"], json!(null));
        let log = home.admin.items("/audit-log").await;
        assert!(log.iter().any(|row| row["action"] == "member.claim-ended"), "{log:?}");
        // She is who she was, elsewhere.
        let me = app.signed_in(VERA).await.get("/session").await.expect(200);
        assert_eq!(me["accounts"], json!([]));
        assert_eq!(me["waiting"][0]["member_id"], there.as_str());
        // And the member is the one who has the new address.
        let me = app.signed_in("somebody@vera.example").await.get("/session").await.expect(200);
        assert_eq!(me["member_id"], member.as_str());
    }

    async fn a_deactivated_members_tokens_do_not_come_back(app: App) {
        let home = app.account_named("Home", "vera.example", 9).await;
        let member = home.provision(VERA).await;
        let vera = app.signed_in(VERA).await;
        let token = vera.post("/tokens", json!({"name": "cli"})).await.expect(201);
        let token = vera.with_token(&text(&token, "secret"));
        let active = |active: bool| patch(json!([{"op": "replace", "path": "active", "value": active}]));
        let path = format!("/Users/{member}");
        home.scim.patch(&path, active(false)).await.expect(200);
        home.scim.patch(&path, active(true)).await.expect(200);
        token.get("/tokens").await.expect(401);
        vera.get("/session").await.expect(401);
        let me = app.signed_in(VERA).await.get("/session").await.expect(200);
        assert_eq!(me["member_id"], member.as_str(), "the claim stays");
    }

    async fn a_member_is_known_by_each_of_its_addresses(app: App) {
        let home = app.account_named("Home", "home.example", 9).await;
        let mut jane = user("jdoe@home.example");
        jane["emails"] = json!([
            {"value": "jane.doe@home.example", "type": "work", "primary": true},
            {"value": "jane@agency.example", "type": "home"},
        ]);
        let id = text(&home.scim.post("/Users", jane).await.expect(201), "id");
        let me = app.signed_in("jdoe@home.example").await.get("/session").await.expect(200);
        assert_eq!((&me["member_id"], &me["email"]), (&json!(id), &json!("jdoe@home.example")));
        let found = home.scim.filter("/Users", "emails.value eq \"jdoe@home.example\"").await;
        assert_eq!(found.expect(200)["totalResults"], 0, "the user name is no e-mail of hers");
        // Another address is another person until she proves it, too.
        let other = app.signed_in("jane@agency.example").await.get("/session").await.expect(200);
        assert_ne!(other["user_id"], me["user_id"]);
        assert_eq!((&other["accounts"], &other["waiting"]), (&json!([]), &json!([])));
    }
}

/// The token that an invitation's link ends with.
fn parameter_of(link: &str) -> String {
    link.rsplit_once(['=', '/']).unwrap().1.to_owned()
}
