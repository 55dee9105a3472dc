//! Accepting by the link of the mail.

use reqwest::Method;
use serde_json::json;

use super::{DAY, accept, anybody, log, look, token_of};
use crate::support::{Account, App, Response, on_both_databases, text};

/// An account of two seats in which `amelia@kongair.example` is invited to Cargo; the link's token.
async fn invited(app: &App) -> (Account, String) {
    let account = app.account(2).await;
    let cargo = account.add_organization("Cargo").await;
    account.invite("amelia@kongair.example", &cargo).await;
    let token = token_of(app, "amelia@kongair.example").await;
    (account, token)
}

/// The page at the link, without credentials.
async fn page(app: &App, method: Method, query: &str, form: Option<String>) -> Response {
    let url = format!("{}/invitations/accept{query}", app.url);
    let mut request = reqwest::Client::new().request(method, url);
    if let Some(form) = form {
        request = request
            .header("content-type", "application/x-www-form-urlencoded")
            .header("origin", &app.url)
            .body(form);
    }
    Response::of(request.send().await.unwrap()).await.unwrap()
}

on_both_databases! {
    async fn accepting_turns_the_pending_seat_into_the_members_and_access_is_there_at_once(app: App) {
        let (account, token) = invited(&app).await;
        assert_eq!(account.seats().await, (2, 2));
        let joined = accept(&app, &token).await.expect(200);
        assert_eq!(joined["account_name"], "KongAir");
        assert_eq!(joined["account_id"], *account.made.account_id);
        assert_eq!(joined["email"], "amelia@kongair.example");
        let id = text(&joined, "member_id");
        let seats = account.admin.get("/seats").await.expect(200);
        assert_eq!((&seats["members"], &seats["pending_invitations"]), (&json!(2), &json!(0)));
        assert_eq!(account.recount().await, 2);
        let member = account.member(&id).await;
        assert_eq!((&member["role"], &member["source"]), (&json!("member"), &json!("manual")));
        assert_eq!(member["can_sign_in"], true);
        assert_eq!(account.access(&id).await[0].1, "member");
        assert_eq!(joined["organizations"][0]["organization_name"], "Cargo");
        let log = log(&account, "invitation.accepted").await;
        assert_eq!(log[0].0["kind"], "person");
        assert_eq!(log[0].0["name"], "amelia@kongair.example");
    }

    async fn looking_at_a_link_says_what_it_offers_and_accepts_nothing(app: App) {
        let (account, token) = invited(&app).await;
        let before = account.snapshot().await;
        let offer = look(&app, &token).await.expect(200);
        assert_eq!(offer, json!({
            "account_name": "KongAir",
            "email": "amelia@kongair.example",
            "state": "pending",
            "invited_by": "owner@kongair.example",
            "expires_at": "2026-01-31T00:00:00.000Z",
            "organizations": [{"name": "Cargo", "role": "member"}],
            "teams": [],
        }));
        for method in [Method::GET, Method::HEAD] {
            page(&app, method, &format!("?token={token}"), None).await.expect(200);
        }
        assert_eq!(account.snapshot().await, before);
    }

    async fn the_page_at_the_link_accepts_by_its_button(app: App) {
        let (account, token) = invited(&app).await;
        let shown = page(&app, Method::GET, &format!("?token={token}"), None).await;
        let policy = shown.header("content-security-policy").to_owned();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("script"), "{policy}");
        assert_eq!(shown.header("referrer-policy"), "same-origin");
        assert_eq!(shown.header("cache-control"), "no-store");
        let html = shown.expect(200).as_str().unwrap().to_owned();
        assert!(html.contains("the organization Cargo as member") && html.contains(&token), "{html}");
        assert!(!html.contains("src=") && !html.contains("http"), "nothing from outside: {html}");
        let names = [("given_name", "Amelia"), ("family_name", "<b>Earhart")];
        let fields = [("token", token.as_str()), names[0], names[1]];
        let accept = format!("{}/invitations/accept", app.url);
        let mut browser = crate::support::Browser::new();
        let home = browser.submit(&accept, &app.url, &fields).await.leads_to();
        assert_eq!(home, format!("{}/app", app.url));
        assert!(browser.cookie(&app.url, "insomnia_session").is_some(), "signed in");
        let member = account.admin.items("/members").await[1].clone();
        assert_eq!(member["display_name"], "Amelia <b>Earhart");
        assert_eq!(account.recount().await, 2);
        let again = page(&app, Method::GET, &format!("?token={token}"), None).await.expect(200);
        assert!(again.as_str().unwrap().contains("is accepted already"), "{again}");
        page(&app, Method::POST, "", Some(format!("token={token}"))).await.expect(409);
    }

    async fn the_page_answers_a_broken_link_with_a_page(app: App) {
        app.account(2).await;
        for (query, status) in [("?token=%3Cscript%3E", 404), ("", 404), ("?token=%00", 404)] {
            let shown = page(&app, Method::GET, query, None).await.expect(status);
            let html = shown.as_str().unwrap();
            assert!(html.starts_with("<!DOCTYPE html>") && !html.contains("<script"), "{html}");
        }
        let form = Some("nothing".to_owned());
        page(&app, Method::POST, "", form).await.expect(400);
        page(&app, Method::POST, "", Some(format!("token={}", "x".repeat(9000)))).await.expect(404);
    }

    async fn a_link_works_once(app: App) {
        let (account, token) = invited(&app).await;
        accept(&app, &token).await.expect(200);
        let refused = accept(&app, &token).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:not-pending");
        assert_eq!(account.admin.items("/members").await.len(), 2);
    }

    async fn a_token_that_is_none_is_refused(app: App) {
        let (account, token) = invited(&app).await;
        let connector = account.scim.token.clone();
        for token in ["", "x", "insomnia_invitation_", &token[..token.len() - 1], &connector] {
            let refused = accept(&app, token).await.expect(404);
            assert_eq!(refused["type"], "urn:insomnia:problem:invitation-link-invalid");
            look(&app, token).await.expect(404);
        }
        anybody(&app).get("/invitation-acceptance").await.expect(400);
        for body in [json!({}), json!({"token": token, "given_name": "Amelia"}), json!([])] {
            anybody(&app).post("/invitations/accept", body).await.expect(400);
        }
        let nameless = json!({"token": token, "given_name": " ", "family_name": "x".repeat(256)});
        anybody(&app).post("/invitations/accept", nameless).await.expect(422);
        assert_eq!(account.admin.items("/members").await.len(), 1);
    }

    async fn who_accepts_says_their_name_and_is_the_user_that_scim_finds(app: App) {
        let (account, token) = invited(&app).await;
        let body = json!({"token": token, "given_name": "Amelia", "family_name": "Earhart"});
        let joined = anybody(&app).post("/invitations/accept", body).await.expect(200);
        let filter = "userName eq \"amelia@kongair.example\"";
        let found = account.scim.filter("/Users", filter).await.expect(200);
        assert_eq!(found["Resources"][0]["id"], joined["member_id"]);
        assert_eq!(found["Resources"][0]["name"]["familyName"], "Earhart");
    }

    async fn a_person_of_another_account_joins_as_the_same_person(app: App) {
        let other = app.account_named("Other", "other.example", 5).await;
        let there = other.add_member("amelia@kongair.example", "co-owner").await;
        let (account, token) = invited(&app).await;
        let joined = accept(&app, &token).await.expect(200);
        assert_eq!(account.member(&text(&joined, "member_id")).await["role"], "member");
        assert_eq!(other.member(&there).await["role"], "co-owner");
        assert_eq!(other.recount().await, 2);
        // One person in two accounts: gone from one, there in the other.
        other.admin.delete(&format!("/licences/{there}")).await.expect(204);
        assert_eq!(account.recount().await, 2);
    }

    async fn an_invitation_that_scim_has_accepted_cannot_be_accepted_again(app: App) {
        let (account, token) = invited(&app).await;
        let id = account.provision("Amelia@kongair.example").await;
        assert!(accept(&app, &token).await.detail(409).contains("accepted"));
        assert_eq!(account.access(&id).await.len(), 1);
        assert_eq!(account.recount().await, 2);
        assert_eq!(log(&account, "invitation.accepted").await.len(), 1);
    }

    async fn while_the_plan_has_ended_nobody_joins(app: App) {
        let (account, token) = invited(&app).await;
        let plan = |active| format!("UPDATE enterprises SET plan_active = {active}");
        app.database.execute(&plan("FALSE"));
        let refused = accept(&app, &token).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:plan-ended");
        app.clock.advance(8 * DAY);
        app.background().await;
        assert_eq!(app.mailbox.mails().len(), 1, "nobody is reminded of what is closed");
        app.database.execute(&plan("TRUE"));
        accept(&app, &token).await.expect(200);
        assert_eq!(account.recount().await, 2);
    }

    async fn removing_somebody_from_a_team_does_not_free_the_seat_and_the_licenses_page_does(app: App) {
        let (account, token) = invited(&app).await;
        let team = account.add_team("Flight", &[]).await;
        let id = text(&accept(&app, &token).await.expect(200), "member_id");
        account.join(&team, "amelia@kongair.example").await;
        account.admin.delete(&format!("/teams/{team}/members/{id}")).await.expect(204);
        assert_eq!(account.seats().await, (2, 2));
        account.admin.delete(&format!("/licences/{id}")).await.expect(204);
        assert_eq!(account.seats().await, (1, 2));
    }
}
