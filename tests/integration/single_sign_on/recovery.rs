//! Recovery links: how an owner signs in past single sign-on.

use insomnia_scim::enterprise::Role;
use serde_json::json;

use super::{Connected, client, connection};
use crate::support::{
    Account, App, Browser, Client, SECRET_KEY, command_of, link_in, on_both_databases, text,
};

const OWNER: &str = "owner@kongair.example";
const DAY: i64 = 24 * 60 * 60 * 1000;

/// Makes a link; gives its URL.
async fn made(admin: &Client) -> String {
    text(&admin.post("/recovery-links", json!({})).await.expect(201), "url")
}

/// Opens a link and presses the button.
async fn used(app: &App, url: &str) -> (Browser, u16) {
    let mut browser = Browser::new();
    let status = browser.submit(url, &app.url, &[]).await.status;
    (browser, status)
}

async fn signed_in(app: &App, url: &str) -> Client {
    let (browser, status) = used(app, url).await;
    assert_eq!(status, 303);
    client(app, &browser).unwrap()
}

fn nobody(app: &App) -> Client {
    Client::new(format!("{}/api/v1", app.url), String::new())
}

/// Runs a command of the operator's on the test's database.
async fn operator(app: &App, arguments: &[&str]) -> std::process::Output {
    let mut command = command_of(&app.database, &[&["operator"], arguments].concat());
    command.env("INSOMNIA_SCIM_SECRET_KEY", SECRET_KEY);
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

/// A link that the operator has sent.
async fn sent(app: &App, account: &Account, owner: &str) -> String {
    let arguments = ["recovery-link", "--account", &account.made.account_id, "--owner", owner];
    let arguments = [&arguments[..], &["--public-url", &app.url]].concat();
    let output = operator(app, &arguments).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(printed.contains(OWNER) && !printed.contains("recover/"), "{printed}");
    // The command goes by the machine's clock: its mail is due when the test's server gets there.
    app.database.let_mail_be_due();
    app.background().await;
    link_in(&app.mailbox.to(OWNER).pop().unwrap())
}

on_both_databases! {
    async fn an_owner_keeps_a_link_that_works_once_past_single_sign_on(app: App) {
        let account = app.account(5).await;
        // Nobody can keep a link who has not shown who they are.
        let refused = account.admin.post("/recovery-links", json!({})).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:recovery-not-proved");
        app.signed_in(OWNER).await;
        Connected::on(&app, &account).await;
        let url = made(&account.admin).await;
        let listed = account.admin.items("/recovery-links").await;
        assert_eq!((&listed[0]["made_by"], &listed[0]["used_at"]), (&json!("owner"), &json!(null)));
        assert!(!listed[0].to_string().contains("insomnia_recovery_"), "{listed:?}");
        // Opening it only asks; another site cannot press the button.
        let page = Browser::new().get(&url).await.page(200);
        assert!(page.contains(OWNER), "{page}");
        Browser::new().submit(&url, "https://evil.example", &[]).await.page(400);
        let session = signed_in(&app, &url).await;
        let shown = session.get("/session").await.expect(200);
        assert_eq!((&shown["signed_in_by"], &shown["role"]), (&json!("recovery"), &json!("owner")));
        session.get("/export").await.expect(200);
        assert_eq!(used(&app, &url).await.1, 401);
        Browser::new().get(&url).await.page(401);
        assert!(account.admin.items("/recovery-links").await[0]["used_at"].is_string());
        for action in ["recovery-link.created", "recovery-link.used"] {
            let log = account.admin.items_of(&format!("/audit-log?action={action}")).await;
            assert_eq!(log.len(), 1, "{action}");
        }
        app.background().await;
        let subjects: Vec<String> =
            app.mailbox.to(OWNER).into_iter().map(|mail| mail.subject).collect();
        for subject in ["made a recovery link", "signed in past single sign-on"] {
            assert!(subjects.iter().any(|one| one.contains(subject)), "{subjects:?}");
        }
    }

    async fn a_program_uses_a_link_by_what_it_ends_with(app: App) {
        let account = app.account(5).await;
        app.signed_in(OWNER).await;
        let url = made(&account.admin).await;
        let token = url.rsplit_once('/').unwrap().1;
        let made = nobody(&app).post("/recoveries", json!({"token": token})).await.expect(201);
        nobody(&app).with_token(&text(&made, "secret")).get("/members").await.expect(200);
        let refused = nobody(&app).post("/recoveries", json!({"token": token})).await.expect(401);
        assert_eq!(refused["type"], "urn:insomnia:problem:recovery-link-unknown");
        nobody(&app).post("/recoveries", json!({"token": "\u{0}"})).await.expect(401);
    }

    async fn five_can_be_open_and_each_ends_when_it_is_revoked_and_after_a_year(app: App) {
        let account = app.account(5).await;
        app.signed_in(OWNER).await;
        let url = made(&account.admin).await;
        for _ in 1..5 {
            made(&account.admin).await;
        }
        let refused = account.admin.post("/recovery-links", json!({})).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:too-many-recovery-links");
        let first = text(&account.admin.items("/recovery-links").await[0], "id");
        account.admin.delete(&format!("/recovery-links/{first}")).await.expect(204);
        account.admin.delete(&format!("/recovery-links/{first}")).await.expect(404);
        assert_eq!(used(&app, &url).await.1, 401);
        let url = made(&account.admin).await;
        app.clock.advance(365 * DAY - 1);
        Browser::new().get(&url).await.page(200);
        app.clock.advance(1);
        assert_eq!(used(&app, &url).await.1, 401);
        assert!(account.admin.items("/recovery-links").await.is_empty());
        app.background().await;
        assert_eq!(app.database.count("recovery_links"), 0);
    }

    async fn only_an_owner_with_all_their_rights_makes_one(app: App) {
        let account = app.account(5).await;
        app.signed_in(OWNER).await;
        for role in [Role::CoOwner, Role::Member] {
            let other = account.admin.with_token(&account.token_of(&app, role).await);
            other.post("/recovery-links", json!({})).await.expect(403);
        }
        let new = json!({"name": "few", "scopes": ["recovery:own", "tokens:own"]});
        let token = text(&account.admin.post("/tokens", new).await.expect(201), "secret");
        let few = account.admin.with_token(&token);
        let refused = few.post("/recovery-links", json!({})).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:recovery-needs-all-rights");
        // Nor is anybody else's to be seen or ended.
        made(&account.admin).await;
        let second = account.add_member("second@kongair.example", "owner").await;
        let second = account.admin.with_token(&account.token_for(&app, &second).await);
        assert!(second.items("/recovery-links").await.is_empty());
        let id = text(&account.admin.items("/recovery-links").await[0], "id");
        second.delete(&format!("/recovery-links/{id}")).await.expect(404);
    }

    async fn a_link_and_its_session_are_good_only_for_an_active_owner(app: App) {
        let account = app.account(5).await;
        let id = account.add_member("second@kongair.example", "owner").await;
        app.signed_in("second@kongair.example").await;
        let second = account.admin.with_token(&account.token_for(&app, &id).await);
        let (one, two, three) = (made(&second).await, made(&second).await, made(&second).await);
        let session = signed_in(&app, &one).await;
        session.get("/members").await.expect(200);
        let path = format!("/members/{id}");
        account.admin.patch(&path, json!({"role": "co-owner"})).await.expect(200);
        session.get("/members").await.expect(401);
        assert_eq!(used(&app, &two).await.1, 401);
        account.admin.patch(&path, json!({"role": "owner"})).await.expect(200);
        signed_in(&app, &two).await;
        // The member is somebody else now.
        app.account_named("Other", "other.example", 5).await;
        app.signed_in("owner@other.example").await;
        app.database.execute(
            "UPDATE claims SET user_pk = (SELECT pk FROM users WHERE email_key = \
             'owner@other.example') WHERE member_pk = (SELECT pk FROM members WHERE user_name = \
             'second@kongair.example')",
        );
        assert_eq!(used(&app, &three).await.1, 401);
    }

    async fn a_recovery_session_stays_in_the_links_account(app: App) {
        let account = app.account(5).await;
        app.signed_in(OWNER).await;
        let other = app.account_named("Other", "other.example", 5).await;
        let there = other.add_member(OWNER, "owner").await;
        let mailed = app.signed_in(OWNER).await;
        mailed.post(&format!("/session/memberships/{there}/join"), json!({})).await.expect(200);
        let session = signed_in(&app, &made(&account.admin).await).await;
        let choice = json!({"account_id": other.made.account_id});
        let refused = session.patch("/session", choice).await.expect(403);
        assert_eq!(refused["type"], "urn:insomnia:problem:session-confined");
        let choice = json!({"account_id": account.made.account_id});
        session.patch("/session", choice).await.expect(200);
    }

    async fn it_works_while_the_account_is_inactive(app: App) {
        let account = app.account(5).await;
        app.signed_in(OWNER).await;
        app.database.execute("UPDATE enterprises SET plan = 'essentials', plan_active = FALSE");
        let session = signed_in(&app, &made(&account.admin).await).await;
        session.get("/export").await.expect(200);
    }

    async fn the_operator_sends_an_owner_a_link_that_lasts_an_hour(app: App) {
        let account = app.account(5).await;
        Connected::on(&app, &account).await;
        let url = sent(&app, &account, OWNER).await;
        signed_in(&app, &url).await.get("/members").await.expect(200);
        assert_eq!(used(&app, &url).await.1, 401);
        let url = sent(&app, &account, "OWNER@kongair.example").await;
        // The command goes by the machine's clock, the test's server by its own.
        assert_eq!(app.database.count("recovery_links WHERE expires_at = created_at + 3600000"), 2);
        let now = app.clock.now().0;
        app.database.execute(&format!("UPDATE recovery_links SET expires_at = {now}"));
        assert_eq!(used(&app, &url).await.1, 401);
        let log = account.admin.items_of("/audit-log?action=recovery-link.created").await;
        assert_eq!(log.len(), 2);
        assert_eq!(log[0]["actor"]["kind"], "operator");
        account.add_member("amelia@kongair.example", "co-owner").await;
        for owner in ["amelia@kongair.example", "nobody@kongair.example", "\u{1}"] {
            let arguments = ["recovery-link", "--account", &account.made.account_id, "--owner", owner];
            let arguments = [&arguments[..], &["--public-url", &app.url]].concat();
            let output = operator(&app, &arguments).await;
            assert_eq!(output.status.code(), Some(1), "{owner}");
            let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(complaint.contains("No active owner"), "{complaint}");
        }
    }

    async fn the_operator_switches_single_sign_on_off(app: App) {
        let account = app.account(5).await;
        let connected = Connected::on(&app, &account).await;
        let id = account.made.account_id.clone();
        let off = ["sso-off", "--account", &id, "--domain", "KongAir.example"];
        let output = operator(&app, &off).await;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(String::from_utf8_lossy(&output.stdout).contains("is off"));
        assert_eq!(connection(&account, &connected.id).await["state"], "verified");
        assert!(String::from_utf8_lossy(&operator(&app, &off).await.stdout).contains("off already"));
        let log = account.admin.items_of("/audit-log?action=sso-connection.switched-off").await;
        assert_eq!((log.len(), &log[0]["actor"]["kind"]), (1, &json!("operator")));
        // The command goes by the machine's clock: its mail is due when the test's server gets there.
        app.database.let_mail_be_due();
        app.background().await;
        let mail = app.mailbox.to(OWNER).pop().unwrap();
        assert!(mail.text.contains("The operator of this server switched"), "{}", mail.text);
        let other = app.account_named("Other", "other.example", 5).await;
        for (account, domain, status) in [
            (&other.made.account_id, "kongair.example", 1),
            (&id, "other.example", 1),
            (&"ent_none".to_owned(), "kongair.example", 1),
            (&id, "..", 2),
        ] {
            let output = operator(&app, &["sso-off", "--account", account, "--domain", domain]).await;
            assert_eq!(output.status.code(), Some(status), "{account} {domain}");
        }
    }
}
