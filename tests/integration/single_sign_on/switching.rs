//! Who decides by which identity provider people sign in: owners, and each of them is told.

use insomnia_scim::enterprise::Role;
use serde_json::{Value, json};

use super::{Connected, DOMAIN, callback, connection, start};
use crate::support::{Account, App, Browser, Client, Issuer, Key, on_both_databases, text};

const OWNER: &str = "owner@kongair.example";

/// Asks for the link that tries a connection, as this administrator.
async fn link(admin: &Client, id: &str) -> String {
    let path = format!("/sso-connections/{id}/verification");
    text(&admin.post(&path, json!({})).await.expect(201), "url")
}

/// Another identity provider, entered as a draft of a connection that is there.
async fn draft(admin: &Client, connected: &Connected) -> Connected {
    let key = Key::new("new");
    let issuer = Issuer::start(&key);
    let path = format!("/sso-connections/{}", connected.id);
    admin.put(&path, issuer.entry()).await.expect(200);
    Connected { issuer, key, id: connected.id.clone() }
}

/// The issuer in use.
async fn issuer_in_use(account: &Account, id: &str) -> String {
    text(&connection(account, id).await["settings"]["oidc"], "issuer")
}

/// Subjects of what an address was told of single sign-on.
async fn told(app: &App, address: &str) -> Vec<String> {
    app.background().await;
    let mails = app.mailbox.to(address).into_iter();
    mails.map(|mail| mail.subject).filter(|subject| subject.contains("single sign-on")).collect()
}

async fn co_owner(app: &App, account: &Account) -> Client {
    account.admin.with_token(&account.token_of(app, Role::CoOwner).await)
}

on_both_databases! {
    async fn a_co_owner_drafts_and_verifies_and_an_owner_switches_on(app: App) {
        let account = app.account(5).await;
        account.add_member("second@kongair.example", "owner").await;
        let co_owner = co_owner(&app, &account).await;
        let connected = Connected::entered(&account, DOMAIN).await;
        let path = format!("/sso-connections/{}", connected.id);
        let activation = format!("{path}/activation");
        co_owner.put(&path, connected.issuer.entry()).await.expect(200);
        let url = link(&co_owner, &connected.id).await;
        let page = connected.answer(&app, &mut Browser::new(), &url, OWNER).await.page(200);
        assert!(page.contains("An owner can switch it on"), "{page}");
        let refused = co_owner.put(&activation, json!({})).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:forbidden");
        assert!(told(&app, OWNER).await.is_empty());
        account.admin.put(&activation, json!({})).await.expect(200);
        // Once for each thing that has happened, to owners and co-owners and to nobody else.
        account.add_member("crew@kongair.example", "member").await;
        account.admin.put(&activation, json!({})).await.expect(200);
        for owner in [OWNER, "second@kongair.example", "new-co-owner@kongair.example"] {
            let subjects = told(&app, owner).await;
            assert_eq!(subjects, ["KongAir: single sign-on for kongair.example was switched on"]);
        }
        assert!(told(&app, "crew@kongair.example").await.is_empty());
        co_owner.delete(&activation).await.expect(200);
        let mail = app.mailbox.to(OWNER).pop().unwrap();
        assert!(mail.subject.contains("switched on"), "not sent yet: {}", mail.subject);
        assert_eq!(told(&app, OWNER).await.len(), 2);
        let mail = app.mailbox.to(OWNER).pop().unwrap();
        for part in ["was switched off", "new-co-owner@kongair.example switched", "2026-01-01T", "If this is wrong"] {
            assert!(mail.subject.contains(part) || mail.text.contains(part), "{part}: {}", mail.text);
        }
        let log = account.admin.items_of("/audit-log?action=sso-connection.switched-off").await;
        assert_eq!(log.len(), 1);
    }

    async fn what_a_co_owner_verified_while_it_is_on_waits_for_an_owner(app: App) {
        let account = app.account(5).await;
        let co_owner = co_owner(&app, &account).await;
        let old = Connected::on(&app, &account).await;
        let new = draft(&co_owner, &old).await;
        let url = link(&co_owner, &old.id).await;
        let page = new.answer(&app, &mut Browser::new(), &url, OWNER).await.page(200);
        assert!(page.contains("until an owner puts the new ones into use"), "{page}");
        let shown = connection(&account, &old.id).await;
        assert_eq!(shown["state"], "on");
        assert!(shown["draft_verified_at"].is_string(), "{shown}");
        assert_eq!(issuer_in_use(&account, &old.id).await, old.issuer.url);
        old.answer(&app, &mut Browser::new(), &start(&app), OWNER).await.leads_to();
        let activation = format!("/sso-connections/{}/activation", old.id);
        co_owner.put(&activation, json!({})).await.expect(403);
        assert_eq!(told(&app, OWNER).await.len(), 1);
        account.admin.put(&activation, json!({})).await.expect(200);
        let shown = connection(&account, &old.id).await;
        assert_eq!((&shown["draft"], &shown["draft_verified_at"]), (&Value::Null, &Value::Null));
        assert_eq!(issuer_in_use(&account, &old.id).await, new.issuer.url);
        new.answer(&app, &mut Browser::new(), &start(&app), OWNER).await.leads_to();
        assert_eq!(told(&app, OWNER).await.len(), 2);
        let mail = app.mailbox.to(OWNER).pop().unwrap();
        assert!(mail.text.contains(&new.issuer.url), "{}", mail.text);
        let log = account.admin.items_of("/audit-log?action=sso-connection.adopted").await;
        assert_eq!(log.len(), 1);
    }

    async fn what_an_owners_link_verified_is_in_use_at_once(app: App) {
        let account = app.account(5).await;
        let old = Connected::on(&app, &account).await;
        let new = draft(&account.admin, &old).await;
        let url = link(&account.admin, &old.id).await;
        let page = new.answer(&app, &mut Browser::new(), &url, OWNER).await.page(200);
        assert!(page.contains("from now on"), "{page}");
        assert_eq!(issuer_in_use(&account, &old.id).await, new.issuer.url);
        assert_eq!(told(&app, OWNER).await.len(), 2);
        let mail = app.mailbox.to(OWNER).pop().unwrap();
        assert!(mail.text.contains("by a link that owner@kongair.example signed in with"), "{}", mail.text);
    }

    async fn a_token_for_drafts_alone_puts_nothing_into_use(app: App) {
        let account = app.account(5).await;
        let old = Connected::on(&app, &account).await;
        let new = json!({"name": "drafts", "scopes": ["sso:manage", "account:read"]});
        let token = text(&account.admin.post("/tokens", new).await.expect(201), "secret");
        let drafts = account.admin.with_token(&token);
        let new = draft(&drafts, &old).await;
        let url = link(&drafts, &old.id).await;
        new.answer(&app, &mut Browser::new(), &url, OWNER).await.page(200);
        assert_eq!(issuer_in_use(&account, &old.id).await, old.issuer.url);
        let activation = format!("/sso-connections/{}/activation", old.id);
        assert!(drafts.put(&activation, json!({})).await.detail(403).contains("sso:switch"));
        assert!(drafts.delete(&activation).await.detail(403).contains("sso:off"));
    }

    async fn another_draft_ends_the_link_and_the_verification(app: App) {
        let account = app.account(5).await;
        let co_owner = co_owner(&app, &account).await;
        let old = Connected::on(&app, &account).await;
        let verified = draft(&co_owner, &old).await;
        let url = link(&co_owner, &old.id).await;
        verified.answer(&app, &mut Browser::new(), &url, OWNER).await.page(200);
        let url = link(&account.admin, &old.id).await;
        draft(&co_owner, &old).await;
        assert_eq!(connection(&account, &old.id).await["draft_verified_at"], Value::Null);
        Browser::new().get(&url).await.page(404);
        let activation = format!("/sso-connections/{}/activation", old.id);
        account.admin.put(&activation, json!({})).await.expect(200);
        assert_eq!(issuer_in_use(&account, &old.id).await, old.issuer.url);
    }

    async fn it_counts_by_whose_link_a_sign_in_was_begun(app: App) {
        let account = app.account(5).await;
        let co_owner = co_owner(&app, &account).await;
        let old = Connected::on(&app, &account).await;
        let new = draft(&co_owner, &old).await;
        let url = link(&co_owner, &old.id).await;
        let mut browser = Browser::new();
        let (request, claims) = new.begin(&app, &mut browser, &url, OWNER).await;
        link(&account.admin, &old.id).await;
        new.issuer.give(&new.key.sign(&claims));
        browser.get(&callback(&app, &request)).await.page(200);
        assert_eq!(issuer_in_use(&account, &old.id).await, old.issuer.url);
    }

    async fn who_is_no_owner_any_more_puts_nothing_into_use(app: App) {
        let account = app.account(5).await;
        let second = account.add_member("second@kongair.example", "owner").await;
        let owner = account.admin.with_token(&account.token_for(&app, &second).await);
        let old = Connected::on(&app, &account).await;
        let new = draft(&owner, &old).await;
        let url = link(&owner, &old.id).await;
        let role = json!({"role": "co-owner"});
        account.admin.patch(&format!("/members/{second}"), role).await.expect(200);
        new.answer(&app, &mut Browser::new(), &url, OWNER).await.page(200);
        assert_eq!(issuer_in_use(&account, &old.id).await, old.issuer.url);
    }
}
