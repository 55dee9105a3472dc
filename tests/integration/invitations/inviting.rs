//! Inviting one or several addresses to an organization or a team.

use insomnia_scim::enterprise::Role;
use serde_json::{Value, json};

use super::{accept, log, look, token_of};
use crate::support::{on_both_databases, text};

/// The state of each result: `invited`, or the word of the refusal.
fn words(results: &Value) -> Vec<(String, String)> {
    let word = |result: &Value| match result["refusal"]["type"].as_str() {
        Some(kind) => kind.strip_prefix("urn:insomnia:problem:").unwrap().to_owned(),
        None => {
            assert_eq!(result["invitation"]["state"], "pending", "{result}");
            "invited".to_owned()
        }
    };
    let results = results["results"].as_array().unwrap();
    results.iter().map(|result| (text(result, "email"), word(result))).collect()
}

on_both_databases! {
    async fn several_addresses_are_invited_to_an_organization_at_once_as_member_or_admin(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        for (role, emails) in [
            (None, ["amelia@kongair.example", "bessie@kongair.example"]),
            (Some("admin"), ["carol@kongair.example", "dora@partner.example"]),
        ] {
            let mut body = json!({"emails": emails, "organization_id": cargo});
            if let Some(role) = role {
                body["role"] = json!(role);
            }
            let answer = account.admin.post("/invitations", body).await.expect(201);
            let invited = emails.map(|email| (email.to_owned(), "invited".to_owned()));
            assert_eq!(words(&answer), invited);
            for email in emails {
                let token = token_of(&app, email).await;
                let joined = accept(&app, &token).await.expect(200);
                assert_eq!(joined["organizations"][0]["organization_name"], "Cargo");
                assert_eq!(joined["organizations"][0]["role"], role.unwrap_or("member"));
            }
        }
        assert_eq!(account.recount().await, 5);
        assert_eq!(log(&account, "invitation.created").await.len(), 4);
    }

    async fn an_invitation_to_a_team_can_set_a_role_of_its_own(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        let team = account.add_team("Flight", &[&cargo]).await;
        let invite = |email: &str, role: &str| {
            let body = json!({"email": email, "team_id": team, "role": role});
            let admin = account.admin.clone();
            async move { admin.post("/invitations", body).await }
        };
        for (email, role, expected) in [
            ("amelia@kongair.example", "admin", "admin"),
            ("bessie@kongair.example", "member", "member"),
            ("carol@kongair.example", "team", "member"),
        ] {
            let id = text(&invite(email, role).await.expect(201), "id");
            let listed = account.admin.get(&format!("/invitations/{id}")).await.expect(200);
            assert_eq!(listed["teams"][0]["role"], expected);
            let token = token_of(&app, email).await;
            let mails = app.mailbox.to(email);
            assert!(mails.last().unwrap().text.contains(&format!("the team Flight as {expected}")));
            assert_eq!(look(&app, &token).await.expect(200)["teams"][0]["role"], expected);
            let joined = accept(&app, &token).await.expect(200);
            assert_eq!(joined["organizations"][0]["role"], expected);
        }
        // The team's role is that of everybody whose place has none of its own.
        account.admin.patch(&format!("/teams/{team}"), json!({"role": "admin"})).await.expect(200);
        let roles: Vec<_> = account.admin.items(&format!("/teams/{team}/members")).await.into_iter()
            .map(|one| (one["role"].clone(), one["own_role"].clone())).collect();
        let admin = json!("admin");
        let none = serde_json::Value::Null;
        assert_eq!(roles, [(admin.clone(), admin.clone()), (admin.clone(), none.clone()), (admin, none)]);
        invite("dora@kongair.example", "king").await.expect(400);
        let body = json!({"email": "dora@kongair.example", "organization_id": cargo, "role": "team"});
        account.admin.post("/invitations", body).await.expect(400);
    }

    async fn the_role_of_a_pending_invitation_is_changed(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let team = account.add_team("Flight", &[&cargo]).await;
        let id = account.invite("amelia@kongair.example", &cargo).await;
        let path = format!("/invitations/{id}");
        let changed = admin.patch(&path, json!({"role": "admin"})).await.expect(200);
        assert_eq!(changed["organizations"][0]["role"], "admin");
        admin.patch(&path, json!({"role": "team"})).await.expect(422);
        let body = json!({"email": "amelia@kongair.example", "team_id": team});
        admin.post("/invitations", body).await.expect(201);
        // With two targets, the one that is meant is named.
        admin.patch(&path, json!({"role": "member"})).await.expect(422);
        let changed = admin.patch(&path, json!({"role": "member", "organization_id": cargo})).await;
        assert_eq!(changed.expect(200)["organizations"][0]["role"], "member");
        let changed = admin.patch(&path, json!({"role": "admin", "team_id": team})).await.expect(200);
        assert_eq!(changed["teams"][0]["role"], "admin");
        admin.patch(&path, json!({"role": "admin", "team_id": "team_gone"})).await.expect(404);
        let of_organization = format!("/organizations/{cargo}/invitations/{id}");
        let seen = admin.patch(&of_organization, json!({"role": "admin"})).await.expect(200);
        assert_eq!((&seen["organizations"][0]["role"], &seen["teams"]), (&json!("admin"), &json!([])));
        admin.patch(&of_organization, json!({"role": "member"})).await.expect(200);
        assert_eq!(log(&account, "invitation.changed").await.len(), 6);
        let joined = accept(&app, &token_of(&app, "amelia@kongair.example").await).await.expect(200);
        assert_eq!(joined["organizations"][0]["role"], "admin", "through the team");
        admin.patch(&path, json!({"role": "admin", "team_id": team})).await.expect(409);
    }

    async fn an_owner_invites_a_co_owner_who_is_no_member_yet(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        let co_owner = admin.with_token(&account.token_of(&app, Role::CoOwner).await);
        let new = json!({"email": "carol@kongair.example"});
        co_owner.post("/invitations/co-owners", new.clone()).await.expect(403);
        let made = admin.post("/invitations/co-owners", new.clone()).await.expect(201);
        assert_eq!(made["account_role"], "co-owner");
        assert_eq!(account.recount().await, 3);
        // It stays one, whatever else it leads to, or leads to no more.
        let cargo = account.add_organization("Cargo").await;
        account.invite("carol@kongair.example", &cargo).await;
        let path = format!("/organizations/{cargo}/invitations/{}", text(&made, "id"));
        admin.delete(&path).await.expect(204);
        assert_eq!(account.invitation_state(&text(&made, "id")).await, "pending");
        let token = token_of(&app, "carol@kongair.example").await;
        let mail = app.mailbox.to("carol@kongair.example").pop().unwrap();
        assert!(mail.text.contains("You would be co-owner of KongAir"), "{}", mail.text);
        let joined = accept(&app, &token).await.expect(200);
        assert_eq!(account.member(&text(&joined, "member_id")).await["role"], "co-owner");
        admin.post("/invitations/co-owners", new).await.expect(409);
        // Provisioning makes nobody co-owner.
        let new = json!({"email": "dora@kongair.example"});
        admin.post("/invitations/co-owners", new).await.expect(201);
        let dora = account.provision("dora@kongair.example").await;
        assert_eq!(account.member(&dora).await["role"], "member");
        assert_eq!(account.recount().await, 4);
    }

    async fn several_addresses_are_invited_to_a_team_with_its_role(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        let team = json!({"name": "Flight", "role": "admin"});
        let team = text(&account.admin.post("/teams", team).await.expect(201), "id");
        let link = format!("/teams/{team}/organizations/{cargo}");
        account.admin.put(&link, json!({})).await.expect(204);
        let emails = ["amelia@kongair.example", "bessie@kongair.example"];
        let body = json!({"emails": emails, "team_id": team, "role": "admin"});
        let answer = account.admin.post("/invitations", body).await.expect(201);
        assert_eq!(words(&answer).len(), 2);
        for email in emails {
            let joined = accept(&app, &token_of(&app, email).await).await.expect(200);
            let reached = &joined["organizations"][0];
            assert_eq!((&reached["role"], &reached["via"]), (&json!("admin"), &json!([team])));
        }
        assert_eq!(account.team_members(&team).await.len(), 2);
    }

    async fn each_of_several_addresses_is_answered_and_seats_are_never_exceeded(app: App) {
        let account = app.account(4).await;
        let cargo = account.add_organization("Cargo").await;
        account.add_member("known@kongair.example", "member").await;
        let body = json!({"organization_id": cargo, "emails": [
            "known@kongair.example", "first@kongair.example", "no address", "FIRST@kongair.example",
            "second@kongair.example", "third@kongair.example", "fourth@kongair.example",
        ]});
        let answer = account.admin.post("/invitations", body.clone()).await.expect(201);
        let expected = [
            ("known@kongair.example", "already-member"),
            ("first@kongair.example", "invited"),
            ("no address", "invalid-value"),
            ("second@kongair.example", "invited"),
            ("third@kongair.example", "no-free-seat"),
            ("fourth@kongair.example", "no-free-seat"),
        ]
        .map(|(email, word)| (email.to_owned(), word.to_owned()));
        assert_eq!(words(&answer), expected);
        assert_eq!(account.seats().await, (4, 4));
        assert_eq!(account.recount().await, 4);
        let detail = answer["results"][4]["refusal"]["detail"].as_str().unwrap();
        assert!(detail.contains("4 of 4"), "{detail}");

        app.background().await;
        assert_eq!(app.mailbox.mails().len(), 2);
        // Again: who is invited keeps the seat, and gets a new link.
        let again = account.admin.post("/invitations", body).await.expect(201);
        assert_eq!(words(&again), expected);
        app.background().await;
        assert_eq!(app.mailbox.mails().len(), 4);
        assert_eq!(account.recount().await, 4);
    }

    async fn a_call_says_who_is_invited_to_what_and_not_too_much_of_it(app: App) {
        let account = app.account(5).await;
        let cargo = account.add_organization("Cargo").await;
        let team = account.add_team("Flight", &[]).await;
        let before = account.snapshot().await;
        let many: Vec<String> = (0..501).map(|number| format!("u{number}@x.example")).collect();
        for (body, status, named) in [
            (json!({"organization_id": cargo}), 400, "email, emails"),
            (json!({"email": "a@x.example", "emails": [], "organization_id": cargo}), 400, "emails"),
            (json!({"email": "a@x.example"}), 400, "organization_id, team_id"),
            (json!({"email": "a@x.example", "organization_id": cargo, "team_id": team}), 400, "team"),
            (json!({"emails": [], "organization_id": cargo}), 422, "1 to 500"),
            (json!({"emails": many, "organization_id": cargo}), 422, "there are 501"),
            (json!({"email": "nobody", "organization_id": cargo}), 422, "\"nobody\""),
            (json!({"emails": ["a@x.example"], "organization_id": "org_1"}), 404, "org_1"),
            (json!({"emails": ["a@x.example"], "team_id": "team_1"}), 404, "team_1"),
        ] {
            let detail = account.admin.post("/invitations", body).await.detail(status);
            assert!(detail.contains(named), "{detail}");
        }
        assert_eq!(account.snapshot().await, before);
    }

    async fn somebody_invited_to_two_places_waits_for_one_seat_and_gets_both(app: App) {
        let account = app.account(2).await;
        let cargo = account.add_organization("Cargo").await;
        let passengers = account.add_organization("Passengers").await;
        let team = account.add_team("Flight", &[&passengers]).await;
        let first = account.invite("amelia@kongair.example", &cargo).await;
        let old = token_of(&app, "amelia@kongair.example").await;
        let body = json!({"email": "Amelia@KongAir.example", "team_id": team});
        let second = account.admin.post("/invitations", body).await.expect(201);
        assert_eq!(text(&second, "id"), first);
        assert_eq!(account.seats().await, (2, 2));

        let listed = &account.admin.items("/invitations").await[0];
        assert_eq!(listed["organizations"][0]["organization_id"], *cargo);
        assert_eq!(listed["teams"][0]["team_name"], "Flight");
        assert_eq!(listed["invited_by"], "owner@kongair.example");

        let token = token_of(&app, "amelia@kongair.example").await;
        assert_ne!(token, old, "each mail has a link of its own");
        accept(&app, &old).await.expect(404);
        accept(&app, &token).await.expect(200);
        let member = account.admin.items("/members").await[1].clone();
        assert_eq!(account.access(&text(&member, "id")).await.len(), 2);
        assert_eq!(account.recount().await, 2);
    }

    async fn the_mail_says_who_invites_whom_to_what_until_when(app: App) {
        let account = app.account(5).await;
        let cargo = account.add_organization("Cargo <b>").await;
        account.invite("amelia@kongair.example", &cargo).await;
        app.background().await;
        let mails = app.mailbox.to("amelia@kongair.example");
        let mail = &mails[0];
        assert_eq!(mail.subject, "owner@kongair.example invites you to KongAir");
        for part in ["Cargo <b> as member", "amelia@kongair.example alone", "2026-01-31"] {
            assert!(mail.text.contains(part), "{part}: {}", mail.text);
        }
        let html = mail.html.as_deref().unwrap();
        assert!(html.contains("Cargo &lt;b&gt;") && !html.contains("Cargo <b>"), "{html}");
    }
}
