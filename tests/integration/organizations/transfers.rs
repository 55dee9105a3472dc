//! Transfer of an organization to another person's account (docs/domain.md §2).

use serde_json::{Value, json};

use crate::support::{Account, App, Client, at_once, on_both_databases, text};

const DAY: i64 = 24 * 60 * 60 * 1000;
const HEIR: &str = "owner@rival.example";

/// KongAir's people sign in at an identity provider.
const SSO_ON: &str = "INSERT INTO sso_connections (id, enterprise_pk, domain_pk, settings, \
    verified_at, is_on, revision, created_at) SELECT 'sso_1', enterprise_pk, pk, '{}', 1, TRUE, 0, 1 \
    FROM domains WHERE name = 'kongair.example'";

/// KongAir wants to give Cargo, which a pilot reaches, to the owner of Rival.
struct Giving {
    kongair: Account,
    rival: Account,
    cargo: String,
    pilot: String,
    /// The owner of Rival, signed in.
    heir: Client,
}

impl Giving {
    /// Every condition is met; the receiving account has this many seats.
    async fn new(app: &App, seats: i64) -> Self {
        let kongair = app.account(9).await;
        let rival = app.account_named("Rival", "rival.example", seats).await;
        let cargo = kongair.add_organization("Cargo").await;
        let flight = kongair.add_team("Flight", &[&cargo]).await;
        let pilot = json!({"email": "pilot@kongair.example", "given_name": "Amelia", "family_name": "Kong"});
        let pilot = text(&kongair.admin.post("/members", pilot).await.expect(201), "id");
        kongair.join(&flight, "pilot@kongair.example").await;
        kongair.add_member(HEIR, "member").await;
        let path = format!("/organizations/{cargo}/collaborators");
        kongair.admin.post(&path, json!({"email": HEIR, "role": "admin"})).await.expect(201);
        let heir = app.signed_in(HEIR).await;
        Self { kongair, rival, cargo, pilot, heir }
    }

    fn path(&self) -> String {
        format!("/organizations/{}/transfer", self.cargo)
    }

    async fn offer(&self) -> String {
        let made = self.kongair.admin.post(&self.path(), json!({"email": HEIR})).await.expect(201);
        assert_eq!(made["state"], "pending");
        text(&made, "id")
    }
}

async fn answer(client: &Client, transfer: &str, verb: &str) -> crate::support::Response {
    client.post(&format!("/organization-transfers/{transfer}/{verb}"), json!({})).await
}

on_both_databases! {
    async fn the_new_owner_accepts_and_those_who_reach_it_come_along(app: App) {
        let giving = Giving::new(&app, 5).await;
        let Giving { kongair, rival, cargo, pilot, heir } = &giving;
        let id = giving.offer().await;
        app.background().await;
        let mail = &app.mailbox.to(HEIR)[1];
        assert!(mail.subject.contains("Cargo"), "{}", mail.subject);
        assert!(mail.text.contains(&format!("/organization-transfers/{id}")), "{}", mail.text);
        let offered = giving.heir.items("/organization-transfers").await;
        assert_eq!(offered[0]["organization_name"], "Cargo");
        assert_eq!(offered[0]["account_name"], "KongAir");
        assert_eq!(kongair.admin.get(&giving.path()).await.expect(200)["id"], id.as_str());

        let moved = answer(heir, &id, "accept").await.expect(200);
        assert_eq!((&moved["came_along"], &moved["left_behind"]), (&json!(2), &json!(0)));
        assert_eq!(moved["organization"]["id"], cargo.as_str());
        kongair.admin.get(&format!("/organizations/{cargo}")).await.expect(404);
        rival.admin.get(&format!("/organizations/{cargo}")).await.expect(200);
        // The pilot is a member there, too, with the name that is known, and keeps the seat here.
        let members = rival.admin.items("/members").await;
        assert_eq!(members.len(), 2);
        assert_eq!(members[1]["display_name"], "Amelia Kong");
        let reached = rival.access(&text(&members[1], "id")).await;
        assert_eq!(reached, [(cargo.clone(), "member".to_owned(), json!(["direct"]))]);
        assert!(kongair.access(pilot).await.is_empty());
        assert_eq!((kongair.recount().await, rival.recount().await), (3, 2));

        // Accepting again does nothing; both sides have it in their log, and the old owner a mail.
        let again = answer(heir, &id, "accept").await.expect(409);
        assert_eq!(again["type"], "urn:insomnia:problem:transfer-ended");
        assert_eq!(kongair.admin.items_of("/audit-log?action=organization.transfer-accepted").await.len(), 1);
        assert_eq!(rival.admin.items_of("/audit-log?action=organization.received").await.len(), 1);
        app.background().await;
        assert_eq!(app.mailbox.to("owner@kongair.example").len(), 1);
    }

    async fn everything_that_is_missing_is_named_at_once(app: App) {
        let kongair = app.account(9).await;
        let only = text(&kongair.admin.items("/organizations").await[0], "id");
        kongair.invite("guest@kongair.example", &only).await;
        let path = format!("/organizations/{only}/transfer");
        app.database.execute(SSO_ON);
        let refused = kongair.admin.post(&path, json!({"email": HEIR})).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:transfer-conditions");
        let text = refused["detail"].as_str().unwrap();
        for missing in [
            "must already be an active member", "1 invitations to the organization are pending",
            "single sign-on must be off", "keeps its last organization", "must own an account",
        ] {
            assert!(text.contains(missing), "{missing}: {text}");
        }
        assert!(app.mailbox.mails().is_empty());
        kongair.admin.get(&path).await.expect(404);
    }

    async fn each_condition_is_looked_at_again_when_it_is_accepted(app: App) {
        let giving = Giving::new(&app, 5).await;
        let Giving { kongair, rival, cargo, heir, .. } = &giving;
        let id = giving.offer().await;
        let before = [kongair.snapshot().await, rival.snapshot().await];
        for (broken, mended, missing) in [
            (SSO_ON, "DELETE FROM sso_connections", "single sign-on must be off"),
            ("UPDATE enterprises SET plan = 'pro' WHERE name = 'Rival'",
                "UPDATE enterprises SET plan = 'enterprise'", "equal to or higher than enterprise"),
            ("UPDATE enterprises SET plan_active = FALSE WHERE name = 'KongAir'",
                "UPDATE enterprises SET plan_active = TRUE", "hands over must be active"),
            ("UPDATE enterprises SET seats_total = 1 WHERE name = 'Rival'",
                "UPDATE enterprises SET seats_total = 5 WHERE name = 'Rival'", "must have 1 free seats"),
            ("UPDATE organizations SET name_key = 'cargo' WHERE name = 'Personal Workspace' AND enterprise_pk = 2",
                "UPDATE organizations SET name_key = 'personal workspace' WHERE name = 'Personal Workspace'",
                "organization of the same name"),
        ] {
            app.database.execute(broken);
            let refused = answer(heir, &id, "accept").await.detail(409);
            assert!(refused.contains(missing), "{missing}: {refused}");
            app.database.execute(mended);
        }
        let invitation = kongair.invite("guest@kongair.example", cargo).await;
        let refused = answer(heir, &id, "accept").await.detail(409);
        assert!(refused.contains("1 invitations"), "{refused}");
        kongair.admin.delete(&format!("/invitations/{invitation}")).await.expect(204);
        let after = [kongair.snapshot().await, rival.snapshot().await];
        assert_eq!(after[1], before[1], "nothing changed");
        assert_eq!(after[0]["members"], before[0]["members"]);
        answer(heir, &id, "accept").await.expect(200);
    }

    async fn it_is_declined_cancelled_or_ends_by_itself(app: App) {
        let giving = Giving::new(&app, 5).await;
        let Giving { kongair, heir, .. } = &giving;
        let first = giving.offer().await;
        let twice = kongair.admin.post(&giving.path(), json!({"email": HEIR})).await.expect(409);
        assert_eq!(twice["type"], "urn:insomnia:problem:transfer-pending");
        let declined = answer(heir, &first, "decline").await.expect(200);
        assert_eq!(declined["state"], "declined");
        answer(heir, &first, "accept").await.expect(409);

        let second = giving.offer().await;
        kongair.admin.delete(&giving.path()).await.expect(204);
        kongair.admin.delete(&giving.path()).await.expect(404);
        let refused = answer(heir, &second, "accept").await.detail(409);
        assert!(refused.contains("cancelled"), "{refused}");

        // Seven days, whether the job has run or not.
        let third = giving.offer().await;
        app.clock.advance(7 * DAY);
        let heir = app.signed_in(HEIR).await;
        let refused = answer(&heir, &third, "accept").await.detail(409);
        assert!(refused.contains("expired"), "{refused}");
        assert!(heir.items("/organization-transfers").await.is_empty());
        kongair.admin.get(&giving.path()).await.expect(404);
        app.background().await;
        let expired = kongair.admin.items_of("/audit-log?action=organization.transfer-expired").await;
        assert_eq!(expired.len(), 1);
        assert_eq!(expired[0]["actor"]["kind"], "system");
        let fourth = giving.offer().await;
        app.clock.advance(8 * DAY);
        let fifth = giving.offer().await;
        assert_ne!(fourth, fifth);
        app.background().await;
        let mails = app.mailbox.to(HEIR);
        let about = mails.iter().filter(|mail| mail.subject.contains("Cargo")).count();
        assert_eq!(about, 6, "five offers and one that was taken back");
        assert_eq!(app.mailbox.to("owner@kongair.example").len(), 1, "one was declined");
    }

    async fn it_is_nobody_elses_to_see_ask_for_or_accept(app: App) {
        let giving = Giving::new(&app, 5).await;
        let Giving { kongair, rival, pilot, heir, .. } = &giving;
        let id = giving.offer().await;
        let third = app.account_named("Third", "third.example", 5).await;
        for owner in ["owner@third.example", "owner@kongair.example"] {
            let client = app.signed_in(owner).await;
            for verb in ["accept", "decline"] {
                answer(&client, &id, verb).await.expect(404);
            }
            client.get(&format!("/organization-transfers/{id}")).await.expect(404);
            assert!(client.items("/organization-transfers").await.is_empty());
        }
        // A member's token speaks for no person, though the account says the address.
        let refused = answer(&rival.admin, &id, "accept").await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:session-needed");
        answer(&rival.admin, &id, "decline").await.expect(401);
        rival.admin.get("/organization-transfers").await.expect(401);
        for (client, path) in [(&third.admin, giving.path()), (&rival.admin, giving.path())] {
            client.post(&path, json!({"email": HEIR})).await.expect(404);
            client.delete(&path).await.expect(404);
        }
        // In the account that gives, the new owner is no owner; as an owner there, it is the wrong one.
        let waiting = heir.get("/session").await.expect(200)["waiting"].clone();
        assert_eq!(waiting[0]["name"], "KongAir");
        let member = text(&waiting[0], "member_id");
        heir.post(&format!("/session/memberships/{member}/join"), json!({})).await.expect(200);
        let there = json!({"account_id": kongair.made.account_id});
        heir.patch("/session", there).await.expect(200);
        answer(heir, &id, "accept").await.expect(403);
        kongair.admin.patch(&format!("/members/{member}"), json!({"role": "owner"})).await.expect(200);
        let refused = answer(heir, &id, "accept").await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:same-account");
        let pilot = kongair.admin.with_token(&kongair.token_for(&app, pilot).await);
        pilot.post(&giving.path(), json!({"email": HEIR})).await.expect(403);
    }

    async fn accepted_twice_and_invited_to_at_once_it_moves_once_and_seats_are_exact(app: App) {
        let giving = Giving::new(&app, 2).await;
        let Giving { kongair, rival, cargo, heir, .. } = &giving;
        let id = giving.offer().await;
        let node = app.peer();
        let far_heir = Client::new(format!("{}/api/v1", node.url), heir.token.clone());
        let (far, near_giving) = (rival.through(&node), kongair.through(&node));
        let mut requests: Vec<(Client, String, Value)> = Vec::new();
        for number in 0..4 {
            let accept = format!("/organization-transfers/{id}/accept");
            requests.push(([heir, &far_heir][number % 2].clone(), accept, json!({})));
            let seat = json!({"email": format!("new{number}@rival.example")});
            requests.push(([&far.admin, &rival.admin][number % 2].clone(), "/members".to_owned(), seat));
            let guest = json!({"email": format!("guest{number}@kongair.example"), "organization_id": cargo});
            let client = [&kongair.admin, &near_giving.admin][number % 2].clone();
            requests.push((client, "/invitations".to_owned(), guest));
        }
        let answers = at_once(requests.into_iter().map(|(client, path, body)| async move {
            let answer = client.post(&path, body).await;
            (path, answer.status)
        }))
        .await;
        let accepted = answers.iter().filter(|(path, status)| path.ends_with("accept") && *status == 200).count();
        assert!(accepted <= 1, "{answers:?}");
        assert!(answers.iter().all(|(_, status)| [200, 201, 403, 404, 409].contains(status)), "{answers:?}");
        assert!(rival.recount().await <= 2);
        kongair.recount().await;
        let here = kongair.admin.get(&format!("/organizations/{cargo}")).await.status;
        assert_eq!(here == 404, accepted == 1, "{answers:?}");
        if accepted == 1 {
            let invitations = kongair.admin.items("/invitations").await;
            assert!(invitations.iter().all(|one| one["state"] != "pending"), "{invitations:?}");
        }
    }

    async fn two_accounts_that_give_to_each_other_at_once_both_succeed(app: App) {
        let giving = Giving::new(&app, 9).await;
        let Giving { kongair, rival, heir, .. } = &giving;
        let owner = app.signed_in("owner@kongair.example").await;
        let to_rival = giving.offer().await;
        let back = rival.add_organization("Back").await;
        rival.add_member("owner@kongair.example", "member").await;
        let path = format!("/organizations/{back}/collaborators");
        rival.admin.post(&path, json!({"email": "owner@kongair.example"})).await.expect(201);
        let path = format!("/organizations/{back}/transfer");
        let made = rival.admin.post(&path, json!({"email": "owner@kongair.example"})).await.expect(201);
        let to_kongair = text(&made, "id");
        let node = app.peer();
        let far = Client::new(format!("{}/api/v1", node.url), owner.token.clone());
        let statuses = at_once([(heir.clone(), to_rival), (far, to_kongair)].map(
            |(client, id)| async move { answer(&client, &id, "accept").await.status },
        ))
        .await;
        assert_eq!(statuses, [200, 200]);
        kongair.recount().await;
        rival.recount().await;
    }

    async fn the_conditions_are_seen_before_the_offer(app: App) {
        let giving = Giving::new(&app, 5).await;
        let Giving { kongair, cargo, .. } = &giving;
        let look = |email: &'static str| {
            let (client, path) = (kongair.admin.clone(), format!("{}/preview?email={email}", giving.path()));
            async move { client.get(&path).await.expect(200) }
        };
        let shown = look(HEIR).await;
        assert_eq!(shown["possible"], true);
        assert_eq!(shown["conditions"].as_array().unwrap().len(), 9);
        let invitation = kongair.invite("guest@kongair.example", cargo).await;
        app.database.execute(SSO_ON);
        let shown = look("pilot@kongair.example").await;
        assert_eq!(shown["possible"], false);
        let of = |word: &str| {
            shown["conditions"].as_array().unwrap().iter().find(|one| one["condition"] == word).unwrap().clone()
        };
        assert_eq!(of("reaches_organization")["met"], true);
        assert_eq!(of("owns_account")["met"], false);
        assert_eq!((&of("free_seats")["met"], &of("free_seats")["missing"]), (&Value::Null, &Value::Null));
        assert_eq!(of("sso_off")["met"], false);
        assert!(text(&of("no_invitations"), "missing").contains("1 invitations"));
        assert_eq!(kongair.invitation_state(&invitation).await, "pending");
        kongair.admin.get(&giving.path()).await.expect(404);
        kongair.admin.get(&format!("{}/preview?email=x", giving.path())).await.expect(422);
    }
}
