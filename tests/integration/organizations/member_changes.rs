//! Name, address and state of members that are kept by hand (docs/domain.md §0, §4).

use insomnia_scim::enterprise::Role;
use serde_json::{Value, json};

use crate::support::{at_once, on_both_databases, text};

on_both_databases! {
    async fn a_manual_member_gets_another_name_and_address(app: App) {
        let account = app.account(5).await;
        let admin = &account.admin;
        let new = json!({"email": "a.smith@kongair.example", "given_name": "Ada", "family_name": "Smith"});
        let ada = text(&admin.post("/members", new).await.expect(201), "id");
        let path = format!("/members/{ada}");
        let name = json!({"given_name": "Ada", "family_name": "Jones"});
        assert_eq!(admin.patch(&path, name).await.expect(200)["display_name"], "Ada Jones");
        let changed = json!({"email": "A.Jones@kongair.example", "role": "co-owner"});
        let changed = admin.patch(&path, changed).await.expect(200);
        assert_eq!(changed["email"], "A.Jones@kongair.example");
        assert_eq!(changed["user_name"], "A.Jones@kongair.example");
        assert_eq!((&changed["role"], &changed["id"]), (&json!("co-owner"), &json!(ada)));
        // The identity provider finds the new one only.
        let found = account.scim.filter("/Users", "userName eq \"a.jones@kongair.example\"").await.expect(200);
        let user = &found["Resources"][0];
        assert_eq!((&user["name"]["familyName"], &user["id"]), (&json!("Jones"), &json!(ada)));
        assert_eq!(user["emails"].as_array().unwrap().len(), 1);
        let gone = account.scim.filter("/Users", "emails.value eq \"a.smith@kongair.example\"").await;
        assert_eq!(gone.expect(200)["totalResults"], 0);
        let log = admin.items_of(&format!("/audit-log?action=member.changed&target={ada}")).await;
        assert_eq!(log[0]["before"], json!({"email": "a.smith@kongair.example"}));
        // The old address is free again, the new one is taken.
        account.add_member("a.smith@kongair.example", "member").await;
        let other = account.add_member("other@kongair.example", "member").await;
        let other = format!("/members/{other}");
        let refused = admin.patch(&other, json!({"email": "a.jones@kongair.example"})).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:already-member");
        admin.patch(&other, json!({"email": "no address"})).await.expect(422);
        admin.patch(&other, json!({"given_name": "Only"})).await.expect(400);
        admin.patch(&other, json!({})).await.expect(400);
    }

    async fn another_address_is_another_person_unless_that_one_has_proved_it(app: App) {
        let account = app.account(5).await;
        let admin = &account.admin;
        let eve = account.add_member("eve@else.example", "member").await;
        let session = app.signed_in("eve@else.example").await;
        let waiting = session.get("/session").await.expect(200)["waiting"][0].clone();
        let join = format!("/session/memberships/{}/join", text(&waiting, "member_id"));
        assert!(session.post(&join, json!({})).await.status < 300);
        let token = account.token_for(&app, &eve).await;
        let path = format!("/members/{eve}");
        assert_ne!(admin.get(&path).await.expect(200)["claimed_at"], Value::Null);
        let changed = admin.patch(&path, json!({"email": "mia@else.example"})).await.expect(200);
        assert_eq!(changed["claimed_at"], Value::Null);
        admin.with_token(&token).get("/tokens").await.expect(401);
        let path = format!("/audit-log?action=member.claim-ended&target={eve}");
        assert_eq!(admin.items_of(&path).await.len(), 1);
    }

    async fn an_invitation_to_the_new_address_is_accepted(app: App) {
        let account = app.account(5).await;
        let cargo = account.add_organization("Cargo").await;
        let ada = account.add_member("ada@kongair.example", "member").await;
        let invitation = account.invite("new@kongair.example", &cargo).await;
        assert_eq!(account.recount().await, 3);
        let path = format!("/members/{ada}");
        account.admin.patch(&path, json!({"email": "new@kongair.example"})).await.expect(200);
        assert_eq!(account.invitation_state(&invitation).await, "accepted");
        assert_eq!(account.access(&ada).await.len(), 1);
        assert_eq!(account.recount().await, 2);
    }

    async fn owners_keep_the_addresses_that_they_have_proved(app: App) {
        let account = app.account(5).await;
        let admin = &account.admin;
        let co_owner = admin.with_token(&account.token_of(&app, Role::CoOwner).await);
        let owner = text(&admin.items("/members").await[0], "id");
        let path = format!("/members/{owner}");
        let evil = json!({"email": "evil@kongair.example"});
        let refused = co_owner.patch(&path, evil.clone()).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:owners-only");
        let refused = admin.patch(&path, evil).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:address-not-proved");
        assert!(text(&refused, "detail").contains("My account"));
        assert_eq!(admin.get(&path).await.expect(200)["email"], "owner@kongair.example");
        let name = json!({"given_name": "Olive", "family_name": "Owner"});
        assert_eq!(admin.patch(&path, name).await.expect(200)["display_name"], "Olive Owner");
    }

    async fn a_member_is_deactivated_by_hand_and_comes_back_with_everything(app: App) {
        let account = app.account(3).await;
        let admin = &account.admin;
        let cargo = account.add_organization("Cargo").await;
        let team = account.add_team("Flight", &[&cargo]).await;
        let pilot = account.add_member("pilot@kongair.example", "member").await;
        account.join(&team, "pilot@kongair.example").await;
        let token = account.token_for(&app, &pilot).await;
        let (before, path) = (account.access(&pilot).await, format!("/members/{pilot}"));
        let off = admin.post(&format!("{path}/deactivate"), json!({})).await.expect(200);
        assert_eq!((&off["state"], &off["seat_since"]), (&json!("inactive"), &Value::Null));
        assert_eq!(account.recount().await, 1);
        assert!(account.access(&pilot).await.is_empty());
        admin.with_token(&token).get("/tokens").await.expect(401);
        admin.post(&format!("{path}/deactivate"), json!({})).await.expect(409);
        // Its seat is taken by others, then free again.
        account.add_member("a@kongair.example", "member").await;
        let b = account.add_member("b@kongair.example", "member").await;
        let refused = admin.post(&format!("{path}/reactivate"), json!({})).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:no-free-seat");
        admin.delete(&format!("/licences/{b}")).await.expect(204);
        let answers = at_once((0..6).map(|_| {
            let (client, path) = (admin.clone(), format!("{path}/reactivate"));
            async move { client.post(&path, json!({})).await.status }
        }).collect::<Vec<_>>()).await;
        assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
        assert_eq!(account.access(&pilot).await, before);
        assert_eq!(account.recount().await, 3);
    }

    async fn provisioned_members_and_the_last_owner_stay_as_they_are(app: App) {
        let account = app.account(5).await;
        let admin = &account.admin;
        let amelia = account.provision("amelia@kongair.example").await;
        let owner = text(&admin.items("/members").await[0], "id");
        let before = account.snapshot().await;
        let amelia = format!("/members/{amelia}");
        for (answer, advice) in [
            (admin.post(&format!("{amelia}/deactivate"), json!({})).await, "Unassign"),
            (admin.post(&format!("{amelia}/reactivate"), json!({})).await, "Assign"),
            (admin.patch(&amelia, json!({"email": "x@kongair.example"})).await, "Change the name"),
        ] {
            let refused = answer.expect(409);
            assert_eq!(refused["type"], "urn:insomnia:problem:kept-by-identity-provider");
            let detail = text(&refused, "detail");
            assert!(detail.contains(advice) && detail.contains("identity provider"), "{detail}");
        }
        let refused = admin.post(&format!("/members/{owner}/deactivate"), json!({})).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:last-owner");
        assert_eq!(account.snapshot().await, before);
        let co_owner = admin.with_token(&account.token_of(&app, Role::CoOwner).await);
        account.add_member("second@kongair.example", "owner").await;
        co_owner.post(&format!("/members/{owner}/deactivate"), json!({})).await.expect(403);
    }
}
