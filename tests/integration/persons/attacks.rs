//! What an account says of an address that is not its own leads to nothing.

use serde_json::json;

use super::{about_me, nobody, rename};
use crate::support::{at_once, on_both_databases, patch, text, user};

const VICTIM: &str = "vera@victim.example";
const EVIL: &str = "evil@evil.example";

on_both_databases! {
    async fn a_renamed_guest_takes_no_person_along(app: App) {
        let home = app.account_named("Home", "victim.example", 5).await;
        home.add_member(VICTIM, "co-owner").await;
        let evil = app.account_named("Evil", "evil.example", 5).await;
        let guest = evil.provision(VICTIM).await;
        let vera = app.signed_in(VICTIM).await;
        let path = format!("/session/memberships/{guest}/join");
        vera.post(&path, json!({})).await.expect(200);
        let me = vera.get("/session").await.expect(200);

        evil.scim.patch(&format!("/Users/{guest}"), rename(EVIL)).await.expect(200);
        let after = vera.get("/session").await.expect(200);
        assert_eq!((&after["email"], &after["user_id"]), (&json!(VICTIM), &me["user_id"]));
        assert_eq!(after["account_id"], home.made.account_id.as_str());
        assert_eq!(after["accounts"].as_array().unwrap().len(), 1, "the claim has ended");
        vera.get("/members").await.expect(200);
        // She signs in as before; the new address is somebody else.
        let again = app.signed_in(VICTIM).await.get("/session").await.expect(200);
        assert_eq!(again["user_id"], me["user_id"]);
        let attacker = app.signed_in(EVIL).await.get("/session").await.expect(200);
        assert_ne!(attacker["user_id"], me["user_id"]);
        assert_eq!(attacker["account_id"], evil.made.account_id.as_str());
        assert_eq!(attacker["accounts"].as_array().unwrap().len(), 1);
    }

    async fn a_renaming_account_and_an_adding_one_at_once_do_not_meet(app: App) {
        let evil = app.account_named("Evil", "evil.example", 9).await;
        let home = app.account_named("Home", "home.example", 99).await;
        let rounds = match cfg!(debug_assertions) {
            true => 12,
            false => 60,
        };
        for round in 0..rounds {
            let victim = format!("vera{round}@victim.example");
            let guest = evil.provision(&victim).await;
            let path = format!("/Users/{guest}");
            let attacks = {
                let (scim, victim) = (evil.scim.clone(), victim.clone());
                async move {
                    for _ in 0..3 {
                        scim.patch(&path, rename(EVIL)).await.expect(200);
                        scim.patch(&path, rename(&victim)).await.expect(200);
                    }
                    scim.delete(&path).await.expect(204);
                }
            };
            let added = {
                let (admin, victim) = (home.admin.clone(), victim.clone());
                async move {
                    let body = json!({"email": victim, "role": "co-owner"});
                    admin.post("/members", body).await.expect(201);
                }
            };
            let both: [std::pin::Pin<Box<dyn Future<Output = ()> + Send>>; 2] =
                [Box::pin(attacks), Box::pin(added)];
            at_once(both).await;
            let members = home.admin.items("/members").await;
            let last = members.last().unwrap();
            assert_eq!((&last["email"], &last["user_name"]), (&json!(victim), &json!(victim)));
        }
        assert_eq!(app.database.count("users"), 0);
    }

    async fn an_offer_is_answered_by_who_has_proved_the_address(app: App) {
        let home = app.account_named("Home", "home.example", 9).await;
        let heirs = app.account_named("Heirs", "heir.example", 9).await;
        let heir = app.signed_in("owner@heir.example").await;
        let cargo = home.add_organization("Cargo").await;
        home.add_member("owner@heir.example", "member").await;
        let path = format!("/organizations/{cargo}/collaborators");
        home.admin.post(&path, json!({"email": "owner@heir.example"})).await.expect(201);
        let path = format!("/organizations/{cargo}/transfer");
        let offer = home.admin.post(&path, json!({"email": "owner@heir.example"})).await.expect(201);
        let offer = text(&offer, "id");

        // Whoever founded an account in that name, or renamed a member to it, has a token of it only.
        let squatter = app.account_owned_by("Squatter", "owner@heir.example").await;
        let evil = app.account_named("Evil", "evil.example", 9).await;
        let renamed = evil.add_member(EVIL, "owner").await;
        evil.scim.patch(&format!("/Users/{renamed}"), rename("owner@heir.example")).await.expect(403);
        let guest = evil.provision("guest@evil.example").await;
        evil.scim.patch(&format!("/Users/{guest}"), rename("owner@heir.example")).await.expect(200);
        let guest = evil.admin.with_token(&evil.token_for(&app, &guest).await);
        for client in [&squatter.admin, &guest, &heirs.admin] {
            let accept = format!("/organization-transfers/{offer}/accept");
            client.post(&accept, json!({})).await.expect(403);
            client.get("/organization-transfers").await.expect(401);
            client.get(&format!("/organization-transfers/{offer}")).await.expect(401);
        }
        assert_eq!(heir.items("/organization-transfers").await.len(), 1);
        let accept = format!("/organization-transfers/{offer}/accept");
        heir.post(&accept, json!({})).await.expect(200);
        heirs.admin.get(&format!("/organizations/{cargo}")).await.expect(200);
    }

    async fn a_members_token_neither_lists_nor_ends_sessions(app: App) {
        let home = app.account_named("Home", "victim.example", 5).await;
        home.add_member(VICTIM, "member").await;
        let vera = app.signed_in(VICTIM).await;
        let evil = app.account_named("Evil", "evil.example", 5).await;
        let guest = evil.add_member(VICTIM, "member").await;
        let token = evil.admin.with_token(&evil.token_for(&app, &guest).await);
        token.get("/sessions").await.expect(401);
        let session = text(&vera.items("/sessions").await[0], "id");
        token.delete(&format!("/sessions/{session}")).await.expect(401);
        vera.get("/session").await.expect(200);
    }

    async fn who_signs_in_acts_where_they_belong_and_not_where_they_were_named_first(app: App) {
        let evil = app.account_named("Evil", "evil.example", 5).await;
        let named = evil.add_member(VICTIM, "member").await;
        let home = app.account_named("Home", "victim.example", 5).await;
        let own = home.add_member(VICTIM, "member").await;
        let vera = app.signed_in(VICTIM).await;
        let me = vera.get("/session").await.expect(200);
        assert_eq!(me["member_id"], own.as_str());
        assert_eq!(me["waiting"][0]["member_id"], named.as_str());
        assert_eq!(me["accounts"].as_array().unwrap().len(), 1);
        // Nor does a link lead there when it is asked to, before she has joined.
        let link = app.sign_in_link(VICTIM).await;
        let there = json!({"token": link, "account_id": evil.made.account_id});
        nobody(&app).post("/sessions", there).await.expect(403);
    }

    async fn scim_does_not_say_who_signs_in_as_owner(app: App) {
        let home = app.account_named("Home", "home.example", 9).await;
        let owner = home.made.owner_id.clone();
        let co_owner = home.add_member("co@home.example", "co-owner").await;
        app.signed_in("owner@home.example").await;
        for member in [&owner, &co_owner] {
            let path = format!("/Users/{member}");
            let before = home.snapshot().await;
            let mut more = home.scim.get(&path).await.expect(200);
            more["emails"][0]["primary"] = json!(false);
            let primary = json!({"value": EVIL, "type": "home", "primary": true});
            more["emails"].as_array_mut().unwrap().push(primary);
            let mut named = home.scim.get(&path).await.expect(200);
            named["userName"] = json!(EVIL);
            let mut gone = home.scim.get(&path).await.expect(200);
            gone["userName"] = json!("nobody");
            gone.as_object_mut().unwrap().remove("emails");
            let mut adopted = user(EVIL);
            let email = home.member(member).await["email"].clone();
            adopted["emails"][0]["primary"] = json!(false);
            adopted["emails"].as_array_mut().unwrap().push(json!({"value": email, "primary": true}));
            for refused in [
                home.scim.patch(&path, rename(EVIL)).await,
                home.scim.put(&path, more).await,
                home.scim.put(&path, named).await,
                home.scim.put(&path, gone).await,
                home.scim.post("/Users", adopted).await,
            ] {
                let detail = refused.detail(403);
                assert!(detail.contains("My account"), "{detail}");
            }
            assert_eq!(home.snapshot().await, before);
        }
        // A further address leads nowhere, until its owner has proved it.
        let path = format!("/Users/{owner}");
        let alias = patch(json!([{"op": "add", "path": "emails", "value": [{"value": EVIL, "type": "other"}]}]));
        home.scim.patch(&path, alias).await.expect(200);
        let evil = app.signed_in(EVIL).await.get("/session").await.expect(200);
        assert_eq!((&evil["accounts"], &evil["waiting"]), (&json!([]), &json!([])));
        let promoted = patch(json!([
            {"op": "replace", "path": "emails[type eq \"work\"].primary", "value": false},
            {"op": "replace", "path": "emails[type eq \"other\"].primary", "value": true},
        ]));
        home.scim.patch(&path, promoted).await.expect(403);
        // What is no address of theirs may change as before.
        let title = patch(json!([{"op": "add", "path": "title", "value": "Boss"}]));
        home.scim.patch(&format!("/Users/{owner}"), title).await.expect(200);
    }

    async fn an_owner_who_has_proved_the_new_address_is_renamed_and_stays_signed_in(app: App) {
        let home = app.account_named("Home", "home.example", 9).await;
        let client = app.signed_in("owner@home.example").await;
        let new = "olive@home.example";
        client.post("/session/addresses", json!({"email": new})).await.expect(202);
        app.background().await;
        let link = crate::support::link_in(&app.mailbox.to(new)[0]);
        let token = link.rsplit_once('/').unwrap().1;
        client.post("/session/addresses/confirm", json!({"token": token})).await.expect(200);
        let path = format!("/Users/{}", home.made.owner_id);
        home.scim.patch(&path, rename(new)).await.expect(200);
        client.get("/members").await.expect(200);
        let me = app.signed_in(new).await.get("/session").await.expect(200);
        assert_eq!(me["member_id"], home.made.owner_id.as_str());
    }

    async fn every_owner_is_told_when_scim_lets_one_go(app: App) {
        let home = app.account_named("Home", "home.example", 9).await;
        let second = home.add_member("second@home.example", "owner").await;
        let co_owner = home.add_member("co@home.example", "co-owner").await;
        let off = patch(json!([{"op": "replace", "path": "active", "value": false}]));
        home.scim.patch(&format!("/Users/{co_owner}"), off.clone()).await.expect(200);
        home.scim.delete(&format!("/Users/{}", home.made.owner_id)).await.expect(204);
        app.background().await;
        for owner in ["owner@home.example", "second@home.example"] {
            let mails = app.mailbox.to(owner);
            assert_eq!(mails.len(), 2, "{owner}");
            assert!(mails[0].subject.contains("co@home.example"), "{}", mails[0].subject);
            assert!(mails[1].subject.contains("owner@home.example"), "{}", mails[1].subject);
        }
        assert!(app.mailbox.to("co@home.example").is_empty());
        home.scim.delete(&format!("/Users/{second}")).await.expect(403);
        home.scim.patch(&format!("/Users/{second}"), off).await.expect(403);
    }

    async fn what_a_person_sees_is_the_same_whatever_another_account_does(app: App) {
        let home = app.account_named("Home", "victim.example", 9).await;
        home.add_member(VICTIM, "member").await;
        let vera = app.signed_in(VICTIM).await;
        let evil = app.account_named("Evil", "evil.example", 9).await;
        let mut before = about_me(&vera).await;
        let guest = evil.provision(VICTIM).await;
        let joined = about_me(&vera).await;
        assert_eq!(joined["waiting"].as_array().unwrap().len(), 1, "she is asked, and no more");
        before["waiting"] = joined["waiting"].clone();
        assert_eq!(joined, before);
        vera.post(&format!("/session/memberships/{guest}/decline"), json!({})).await.expect(204);
        before["waiting"] = json!([]);
        assert_eq!(about_me(&vera).await, before);
        let member = evil.member(&guest).await;
        assert_eq!((&member["state"], &member["claimed_at"]), (&json!("active"), &json!(null)));
        assert_eq!(evil.recount().await, 2, "the seat is taken all the same");
        evil.scim.delete(&format!("/Users/{guest}")).await.expect(204);
        assert_eq!(about_me(&vera).await, before);
    }
}
