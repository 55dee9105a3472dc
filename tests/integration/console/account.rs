//! My account.

use serde_json::{Value, json};

use super::{signed_in, words};
use crate::single_sign_on::{Connected, client, start};
use crate::support::{App, Browser, link_in, on_both_databases, text};

const OWNER: &str = "owner@kongair.example";
const VERA: &str = "vera@kongair.example";

fn at(app: &App, path: &str) -> String {
    format!("{}/app/account{path}", app.url)
}

on_both_databases! {
    async fn an_owner_keeps_a_recovery_link(app: App) {
        let account = app.account(5).await;
        account.add_member(VERA, "co-owner").await;
        let mut browser = signed_in(&app, OWNER).await;
        let (list, new) = (at(&app, "/recovery"), at(&app, "/recovery/new"));
        assert!(words(&browser.get(&list).await.page(200)).contains("No recovery link"));
        assert!(words(&browser.get(&new).await.page(200)).contains("Every owner is told by mail."));
        let shown = browser.submit(&new, &app.url, &[("key", "k1")]).await.page(200);
        let (_, rest) = shown.split_once("id=\"link\"").unwrap();
        let link = rest.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert!(link.starts_with(&format!("{}/recover/", app.url)), "{link}");
        browser.submit(&new, &app.url, &[("key", "k1")]).await.page(409);
        let shown = browser.get(&list).await.page(200);
        assert!(words(&shown).contains("You") && words(&shown).contains("Open"), "{shown}");
        assert!(!shown.contains(&link), "a secret is shown once");
        let id = text(&account.admin.items("/recovery-links").await[0], "id");
        let revoke = at(&app, &format!("/recovery/{id}/revoke"));
        assert!(browser.get(&revoke).await.page(200).contains("Revoke the recovery link?"));
        browser.submit(&revoke, &app.url, &[]).await.leads_to();
        browser.submit(&revoke, &app.url, &[]).await.page(404);
        let mut vera = signed_in(&app, VERA).await;
        vera.get(&list).await.page(403);
        assert!(!vera.get(&at(&app, "")).await.page(200).contains("Recovery links"));
    }

    async fn a_person_names_themselves(app: App) {
        app.account(5).await;
        let mut browser = signed_in(&app, OWNER).await;
        let page = at(&app, "");
        let done = browser.submit(&page, &app.url, &[("name", "Olive Oyl")]).await.leads_to();
        let shown = browser.get(&done).await.page(200);
        assert!(shown.contains("Your name is changed.") && shown.contains("value=\"Olive Oyl\""), "{shown}");
        let wrong = browser.submit(&page, &app.url, &[("name", " ")]).await.page(422);
        assert!(wrong.contains("id=\"field-name-told\" role=\"alert\""), "{wrong}");
        assert!(shown.contains("Insomnia app"), "what is set elsewhere is said");
        browser.submit(&page, "https://evil.example", &[("name", "Evil")]).await.page(403);
    }

    async fn addresses_are_added_chosen_and_removed_and_the_person_is_told(app: App) {
        let account = app.account(9).await;
        account.add_member(VERA, "member").await;
        let mut browser = signed_in(&app, VERA).await;
        let second = "v@second.example";
        let add = at(&app, "/addresses/add");
        let wrong = browser.submit(&add, &app.url, &[("email", "none")]).await.page(422);
        assert!(wrong.contains("id=\"field-email-told\" role=\"alert\""), "{wrong}");
        browser.submit(&add, &app.url, &[("email", second)]).await.leads_to();
        app.background().await;
        let link = link_in(&app.mailbox.to(second).pop().unwrap());
        // The link leads to the console, and only in this browser.
        let page = browser.get(&link).await.leads_to();
        assert!(Browser::new().get(&page).await.leads_to().contains("/sign-in?return_to="));
        assert!(browser.get(&page).await.page(200).contains("Confirm the address"));
        browser.submit(&page, &app.url, &[]).await.leads_to();
        browser.submit(&page, &app.url, &[]).await.page(404);
        app.background().await;
        let told = app.mailbox.to(VERA).pop().unwrap();
        assert!(told.subject.contains("was added"), "{}", told.subject);
        assert!(told.text.contains(&format!("{}/app/account", app.url)), "{}", told.text);
        let (primary, remove) = (at(&app, "/addresses/primary"), at(&app, "/addresses/remove"));
        browser.submit(&primary, &app.url, &[("email", second)]).await.leads_to();
        browser.submit(&remove, &app.url, &[("email", second)]).await.page(409);
        browser.submit(&remove, &app.url, &[("email", VERA)]).await.leads_to();
        let shown = browser.get(&at(&app, "")).await.page(200);
        assert!(!shown.contains(VERA) && shown.contains(second), "{shown}");
        // Where the page was before leads here.
        let moved = browser.get(&format!("{}/my-addresses", app.url)).await.leads_to();
        assert_eq!(moved, at(&app, ""));
        browser.submit(&primary, "https://evil.example", &[("email", second)]).await.page(403);
    }

    async fn accounts_are_shown_and_left(app: App) {
        let account = app.account(9).await;
        let vera = account.add_member(VERA, "billing-only").await;
        app.signed_in(VERA).await;
        let other = app.account_named("Other", "other.example", 9).await;
        let there = other.add_member(VERA, "member").await;
        let mut browser = signed_in(&app, VERA).await;
        let shown = words(&browser.get(&at(&app, "")).await.page(200));
        assert!(shown.contains("KongAir Current Billing · Enterprise"), "{shown}");
        assert!(shown.contains("Other Added you"), "{shown}");
        browser.submit(&format!("{}/accounts", app.url), &app.url, &[("decline", &there)]).await.leads_to();
        let leave = at(&app, &format!("/leave/{vera}"));
        let question = browser.get(&leave).await.page(200);
        assert!(question.contains("Leave KongAir?") && question.contains("data-confirmation"), "{question}");
        let left = browser.submit(&leave, &app.url, &[]).await.leads_to();
        let shown = browser.get(&left).await.page(200);
        assert!(shown.contains("You have left the account") && shown.contains("member of no account"), "{shown}");
        assert_eq!(account.find_member(&vera).await, None);
        // The last owner stays, and is told why on the page.
        let mut owner = signed_in(&app, OWNER).await;
        let leave = at(&app, &format!("/leave/{}", account.made.owner_id));
        let refused = owner.submit(&leave, &app.url, &[]).await.page(403);
        assert!(refused.contains("role=\"alert\"") && refused.contains("Leave KongAir?"), "{refused}");
    }

    async fn invitations_are_answered_without_their_mail(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        let home = app.account_named("Home", "home.example", 9).await;
        home.add_member("bea@home.example", "member").await;
        let mut browser = signed_in(&app, "bea@home.example").await;
        let first = account.invite("bea@home.example", &cargo).await;
        let shown = words(&browser.get(&at(&app, "")).await.page(200));
        assert!(shown.contains("You would be in Cargo"), "{shown}");
        let done = browser.submit(&at(&app, "/invitations/decline"), &app.url, &[("id", &first)]).await;
        assert!(browser.get(&done.leads_to()).await.page(200).contains("is declined"));
        assert_eq!(account.invitation_state(&first).await, "declined");
        let second = account.invite("bea@home.example", &cargo).await;
        let done = browser.submit(&at(&app, "/invitations/accept"), &app.url, &[("id", &second)]).await;
        let shown = words(&browser.get(&done.leads_to()).await.page(200));
        assert!(shown.contains("KongAir Member · Enterprise"), "{shown}");
        browser.submit(&at(&app, "/invitations/accept"), &app.url, &[("id", &second)]).await.page(409);
    }

    async fn a_token_is_shown_once_and_limited_by_the_role(app: App) {
        let account = app.account(9).await;
        account.add_member(VERA, "member").await;
        let mut owner = signed_in(&app, OWNER).await;
        let (tokens, new) = (at(&app, "/tokens"), at(&app, "/tokens/new"));
        let form = owner.get(&new).await.page(200);
        assert!(form.contains("value=\"teams:manage\"") && form.contains("Manage teams"), "{form}");
        let (_, rest) = form.split_once("name=\"key\" value=\"").unwrap();
        let key = rest.split('"').next().unwrap();
        let fields = [("key", key), ("name", "Deploy"), ("scopes", "teams:manage"), ("scopes", "account:read"), ("expires_in_days", "30")];
        let shown = owner.submit(&new, &app.url, &fields).await.page(200);
        let (_, rest) = shown.split_once("value=\"insomnia_admin_").unwrap();
        let secret = format!("insomnia_admin_{}", rest.split('"').next().unwrap());
        for part in ["I have stored it", ">Copy</button>", "download=\"insomnia-token.txt\"", "data-enables=\"done\""] {
            assert!(shown.contains(part), "{part}: {shown}");
        }
        let api = account.admin.with_token(&secret);
        api.get("/teams").await.expect(200);
        api.post("/organizations", json!({"name": "No"})).await.expect(403);
        // Sent again, it makes none and shows none.
        let again = owner.submit(&new, &app.url, &fields).await.page(409);
        assert!(!again.contains(&secret) && again.contains("role=\"alert\""), "{again}");
        let list = owner.get(&tokens).await.page(200);
        assert!(list.contains("Deploy") && list.contains("teams:manage") && !list.contains(&secret), "{list}");
        let id = text(&account.admin.with_token(&client(&app, &owner).unwrap().token).items("/tokens").await.pop().unwrap(), "id");
        owner.submit(&at(&app, "/tokens/revoke"), &app.url, &[("id", &id)]).await.leads_to();
        api.get("/teams").await.expect(401);
        let unnamed = owner.submit(&new, &app.url, &[("name", ""), ("expires_in_days", "30")]).await.page(422);
        assert!(unnamed.contains("id=\"field-name-told\" role=\"alert\""), "{unnamed}");
        // A member is offered less, and given no more.
        let mut vera = signed_in(&app, VERA).await;
        assert!(vera.get(&tokens).await.page(200).contains("No personal tokens"));
        let form = vera.get(&new).await.page(200);
        assert!(!form.contains("teams:manage") && form.contains("organization:manage"), "{form}");
        let beyond = [("name", "More"), ("scopes", "teams:manage"), ("expires_in_days", "30")];
        let refused = vera.submit(&new, &app.url, &beyond).await.page(403);
        assert!(refused.contains("id=\"field-scopes-told\" role=\"alert\""), "{refused}");
        // It takes a fresh proof, before anything is typed.
        app.clock.advance(16 * 60 * 1000);
        assert!(vera.get(&new).await.page(403).contains("Confirm that it is you"));
    }

    async fn sessions_are_seen_and_ended(app: App) {
        app.account(5).await;
        let mut browser = signed_in(&app, OWNER).await;
        let (first, second) = (app.signed_in(OWNER).await, app.signed_in(OWNER).await);
        let page = at(&app, "/sessions");
        let shown = browser.get(&page).await.page(200);
        assert_eq!(shown.matches("Link by mail").count(), 3, "{shown}");
        assert_eq!(shown.matches("This one").count(), 1, "{shown}");
        let id = text(&first.get("/session").await.expect(200), "id");
        browser.submit(&at(&app, "/sessions/end"), &app.url, &[("id", &id)]).await.leads_to();
        first.get("/session").await.expect(401);
        second.get("/session").await.expect(200);
        browser.submit(&at(&app, "/sessions/end-others"), &app.url, &[]).await.leads_to();
        second.get("/session").await.expect(401);
        assert!(browser.get(&page).await.page(200).contains("This one"));
    }

    async fn the_single_sign_on_of_an_account_changes_nothing_of_the_person(app: App) {
        let account = app.account(9).await;
        let connected = Connected::on(&app, &account).await;
        let mut browser = Browser::new();
        let (request, claims) = connected.begin(&app, &mut browser, &start(&app), OWNER).await;
        connected.come_back(&app, &mut browser, &request, &claims).await.leads_to();
        let shown = browser.get(&at(&app, "")).await.page(200);
        assert!(shown.contains("Olive Owner") && !shown.contains(">Save</button>"), "{shown}");
        browser.submit(&at(&app, ""), &app.url, &[("name", "Evil")]).await.page(403);
        let me = client(&app, &browser).unwrap().get("/session").await.expect(200);
        assert_eq!(me["name"], json!("Olive Owner"));
        assert_ne!(me["name"], Value::Null);
        let add = at(&app, "/addresses/add");
        let refused = browser.submit(&add, &app.url, &[("email", "o@else.example")]).await.page(403);
        assert!(refused.contains("id=\"field-email-told\" role=\"alert\""), "{refused}");
    }
}
