//! Who comes through an account's single sign-on, as which person and member.

use serde_json::json;

use super::rename;
use crate::single_sign_on::{Connected, client, start};
use crate::support::{App, Browser, Client, link_in, on_both_databases, text, user};

/// Signs somebody in at the identity provider, where they have this name.
async fn arrives(
    app: &App,
    connected: &Connected,
    email: &str,
    subject: &str,
) -> Result<Client, String> {
    let mut browser = Browser::new();
    let (request, mut claims) = connected.begin(app, &mut browser, &start(app), email).await;
    claims["sub"] = json!(subject);
    let visit = connected.come_back(app, &mut browser, &request, &claims).await;
    match client(app, &browser) {
        Some(client) => Ok(client),
        None => Err(visit.body),
    }
}

on_both_databases! {
    async fn a_member_is_known_by_any_address(app: App) {
        let account = app.account(9).await;
        let mut jane = user("jdoe@kongair.example");
        jane["emails"][0]["value"] = json!("jane.doe@kongair.example");
        let id = text(&account.scim.post("/Users", jane).await.expect(201), "id");
        let connected = Connected::on(&app, &account).await;
        for email in ["jdoe@kongair.example", "jane.doe@kongair.example", "JDoe@KongAir.example"] {
            let me = arrives(&app, &connected, email, "00u7").await.unwrap();
            assert_eq!(me.get("/session").await.expect(200)["member_id"], id.as_str());
        }
        assert_eq!(app.database.count("users"), 1, "one human is one person");
    }

    async fn adopted_with_another_address_she_goes_on_by_her_user_name(app: App) {
        let account = app.account(9).await;
        let manual = account.add_member("jdoe@kongair.example", "member").await;
        let connected = Connected::on(&app, &account).await;
        let before = arrives(&app, &connected, "jdoe@kongair.example", "00u7").await.unwrap();
        let mut jane = user("jdoe@kongair.example");
        jane["emails"][0]["value"] = json!("jane.doe@kongair.example");
        let adopted = account.scim.post("/Users", jane).await.expect(201);
        assert_eq!(adopted["id"], manual.as_str());
        before.get("/session").await.expect(200);
        for email in ["jdoe@kongair.example", "jane.doe@kongair.example"] {
            let me = arrives(&app, &connected, email, "00u7").await.unwrap();
            assert_eq!(me.get("/session").await.expect(200)["member_id"], manual.as_str());
        }
    }

    async fn who_is_invited_and_comes_by_single_sign_on_has_accepted(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        let invitation = account.invite("amelia@kongair.example", &cargo).await;
        let connected = Connected::on(&app, &account).await;
        let me = arrives(&app, &connected, "amelia@kongair.example", "00u1").await.unwrap();
        let me = me.get("/session").await.expect(200);
        assert_eq!(me["account_id"], account.made.account_id.as_str());
        assert_eq!(account.invitation_state(&invitation).await, "accepted");
        assert_eq!(account.recount().await, 2, "one seat, never two");
        assert_eq!(account.access(&text(&me, "member_id")).await[0].0, cargo);
    }

    async fn another_user_with_a_known_address_waits_for_an_administrator(app: App) {
        let account = app.account(9).await;
        let amelia = account.provision("amelia@kongair.example").await;
        let connected = Connected::on(&app, &account).await;
        let email = "amelia@kongair.example";
        arrives(&app, &connected, email, "00u1").await.unwrap();
        arrives(&app, &connected, email, "00u1").await.unwrap();
        let refused = arrives(&app, &connected, email, "00u2").await.unwrap_err();
        assert!(refused.contains("different user"), "{refused}");
        let path = format!("/sso-connections/{}/identities", connected.id);
        let known = account.admin.items(&path).await;
        let about = known.iter().find(|one| one["member_id"] == amelia.as_str()).unwrap();
        assert_eq!((&about["subject"], &about["asked_subject"]), (&json!("00u1"), &json!("00u2")));
        account.admin.post(&format!("{path}/{amelia}/confirm"), json!({})).await.expect(204);
        account.admin.post(&format!("{path}/{amelia}/confirm"), json!({})).await.expect(404);
        arrives(&app, &connected, email, "00u2").await.unwrap();
        arrives(&app, &connected, email, "00u1").await.unwrap_err();
    }

    async fn a_user_who_was_renamed_there_is_the_same_member_here(app: App) {
        let account = app.account(9).await;
        let amelia = account.provision("amelia@kongair.example").await;
        let connected = Connected::on(&app, &account).await;
        arrives(&app, &connected, "amelia@kongair.example", "00u1").await.unwrap();
        let me = arrives(&app, &connected, "a.earhart@kongair.example", "00u1").await.unwrap();
        assert_eq!(me.get("/session").await.expect(200)["member_id"], amelia.as_str());
        // The name of one is not the address of another.
        account.provision("bessie@kongair.example").await;
        arrives(&app, &connected, "bessie@kongair.example", "00u1").await.unwrap_err();
        // Bessie comes as who she is, and is remembered so.
        arrives(&app, &connected, "bessie@kongair.example", "00u2").await.unwrap();
        arrives(&app, &connected, "bessie@kongair.example", "00u3").await.unwrap_err();
    }

    async fn its_session_acts_in_its_account_and_speaks_for_one_address(app: App) {
        let account = app.account(9).await;
        account.add_member("vera@kongair.example", "member").await;
        let vera = app.signed_in("vera@kongair.example").await;
        let other = app.account_named("Other", "other.example", 9).await;
        let there = other.add_member("vera@kongair.example", "owner").await;
        vera.post(&format!("/session/memberships/{there}/join"), json!({})).await.expect(200);
        let connected = Connected::on(&app, &account).await;
        // The account's own identity provider says that it is she.
        let said = arrives(&app, &connected, "vera@kongair.example", "00u1").await.unwrap();
        let me = said.get("/session").await.expect(200);
        assert_eq!(me["accounts"].as_array().unwrap().len(), 1);
        let choice = json!({"account_id": other.made.account_id});
        let refused = said.patch("/session", choice.clone()).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:session-confined");
        assert_eq!(said.items("/sessions").await.len(), 1, "it sees its own");
        let hers = text(&vera.items("/sessions").await[0], "id");
        said.delete(&format!("/sessions/{hers}")).await.expect(404);
        said.get("/session/addresses").await.expect(403);
        // By mail she reaches the other account, and not this one.
        let mailed = app.signed_in("vera@kongair.example").await;
        mailed.patch("/session", choice).await.expect(200);
        let home = json!({"account_id": account.made.account_id});
        let refused = mailed.patch("/session", home).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:sso-required");
    }

    async fn an_owner_who_signs_in_by_single_sign_on_proves_the_address_of_a_rename(app: App) {
        let account = app.account(9).await;
        let connected = Connected::on(&app, &account).await;
        let mut browser = Browser::new();
        let (request, claims) =
            connected.begin(&app, &mut browser, &start(&app), "owner@kongair.example").await;
        connected.come_back(&app, &mut browser, &request, &claims).await.leads_to();
        let owner = client(&app, &browser).unwrap();
        let path = format!("/Users/{}", account.made.owner_id);
        let new = "olive@kongair.example";
        account.scim.patch(&path, rename(new)).await.expect(403);
        // Elsewhere is not the account's to give.
        let refused = owner.post("/session/addresses", json!({"email": "o@else.example"})).await;
        assert_eq!(refused.expect(403)["type"], "urn:insomnia:problem:session-confined");
        let mine = format!("{}/app/account", app.url);
        assert!(browser.get(&mine).await.page(200).contains("owner@kongair.example"));
        let add = format!("{mine}/addresses/add");
        browser.submit(&add, "https://evil.example", &[("email", new)]).await.page(403);
        browser.submit(&add, &app.url, &[("email", new)]).await.leads_to();
        app.background().await;
        let link = browser.get(&link_in(&app.mailbox.to(new)[0])).await.leads_to();
        browser.submit(&link, &app.url, &[]).await.leads_to();
        account.scim.patch(&path, rename(new)).await.expect(200);
        owner.get("/members").await.expect(200);

        // Who has an address of another domain, too, is more than this account's.
        let amelia = account.add_member("amelia@kongair.example", "member").await;
        let person = arrives(&app, &connected, "amelia@kongair.example", "00u9").await.unwrap();
        assert_eq!(person.get("/session").await.expect(200)["member_id"], amelia.as_str());
        app.database.execute(
            "INSERT INTO user_addresses (email_key, user_pk, email, email_domain, proof, proved_at) \
             SELECT 'a@else.example', pk, 'a@else.example', 'else.example', 'link', 0 FROM users \
             WHERE email_key = 'amelia@kongair.example'",
        );
        let further = json!({"email": "ae@kongair.example"});
        person.post("/session/addresses", further).await.expect(403);
    }
}
