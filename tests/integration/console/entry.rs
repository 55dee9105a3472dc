//! Getting in and out: signing in, signing up, invitations, choosing an account.

use serde_json::json;

use super::{signed_in, words};
use crate::single_sign_on::{Connected, client};
use crate::support::{
    App, Browser, Options, link_in, on_both_databases, on_both_empty_databases, parameter, text,
};

const OWNER: &str = "owner@kongair.example";
const BEA: &str = "bea@elsewhere.example";

/// The newest link to an address.
async fn newest(app: &App, email: &str) -> String {
    app.background().await;
    link_in(app.mailbox.to(email).last().unwrap())
}

on_both_databases! {
    async fn signing_in_leads_to_the_page_that_was_asked_for(app: App) {
        app.account(5).await;
        let mut browser = Browser::new();
        let wanted = format!("{}/app/enterprise/team?search=flight", app.url);
        let sign_in = browser.get(&wanted).await.leads_to();
        assert!(sign_in.starts_with(&format!("{}/sign-in?return_to=", app.url)), "{sign_in}");
        let page = browser.get(&sign_in).await.page(200);
        assert!(page.contains(">E-mail address<") && page.contains(">Continue</button>"), "{page}");
        assert!(page.contains("/sign-up"), "{page}");
        let back = parameter(&sign_in, "return_to");
        let fields = [("email", OWNER), ("return_to", &back)];
        let post = format!("{}/sign-in", app.url);
        let told = browser.submit(&post, &app.url, &fields).await.page(200);
        assert!(told.contains("Look in your mailbox") && told.contains("Send again"), "{told}");
        // Whether somebody has the address cannot be seen.
        let unknown = [("email", "nobody@kongair.example"), ("return_to", &back)];
        let other = browser.submit(&post, &app.url, &unknown).await.page(200);
        assert_eq!(words(&told.replace(OWNER, "X")), words(&other.replace("nobody@kongair.example", "X")));
        let link = newest(&app, OWNER).await;
        assert_eq!(browser.submit(&link, &app.url, &[]).await.leads_to(), wanted);
        assert!(browser.get(&wanted).await.page(200).contains("<h1>Teams</h1>"));
        let home = browser.get(&format!("{}/", app.url)).await.leads_to();
        assert_eq!(home, format!("{}/app", app.url));
        let page = browser.get(&sign_in).await.page(200);
        assert!(page.contains(&format!("signed in as {OWNER}")), "{page}");
    }

    async fn a_sign_in_that_is_refused_says_so_at_the_field(app: App) {
        app.account(5).await;
        let (mut browser, post) = (Browser::new(), format!("{}/sign-in", app.url));
        let page = browser.submit(&post, &app.url, &[("email", "none")]).await.page(422);
        assert!(page.contains("id=\"field-email-told\" role=\"alert\">email:"), "{page}");
        for _ in 0..5 {
            browser.submit(&post, &app.url, &[("email", OWNER)]).await.page(200);
        }
        let page = browser.submit(&post, &app.url, &[("email", OWNER)]).await.page(429);
        assert!(page.contains("Use the newest one"), "{page}");
        assert!(page.contains(&format!("value=\"{OWNER}\"")), "{page}");
        browser.submit(&post, "https://evil.example", &[("email", OWNER)]).await.page(400);
        let home = browser.get(&format!("{}/", app.url)).await.leads_to();
        assert_eq!(home, post);
    }

    async fn a_link_that_was_used_or_is_old_is_replaced_by_a_new_one(app: App) {
        app.account(5).await;
        let (mut browser, post) = (Browser::new(), format!("{}/sign-in", app.url));
        let fields = [("email", OWNER), ("return_to", "/app/account")];
        browser.submit(&post, &app.url, &fields).await.page(200);
        let old = newest(&app, OWNER).await;
        app.clock.advance(15 * 60 * 1000);
        let page = browser.get(&old).await.page(401);
        assert!(page.contains("Send a new one") && page.contains("does not work"), "{page}");
        let secret = old.rsplit_once('/').unwrap().1;
        let told = browser.submit(&post, &app.url, &[("link", secret)]).await.page(200);
        assert!(told.contains(OWNER), "{told}");
        let new = newest(&app, OWNER).await;
        assert_ne!(new, old);
        let back = browser.submit(&new, &app.url, &[]).await.leads_to();
        assert_eq!(back, format!("{}/app/account", app.url));
        assert!(Browser::new().get(&new).await.page(401).contains("Send a new one"));
        browser.submit(&post, &app.url, &[("link", "guess")]).await.page(401);
    }

    async fn whose_domain_has_single_sign_on_goes_there_and_a_refusal_leads_back(app: App) {
        let account = app.account(5).await;
        let connected = Connected::on(&app, &account).await;
        let (mut browser, post) = (Browser::new(), format!("{}/sign-in", app.url));
        let fields = [("email", OWNER), ("return_to", "/app/account")];
        let there = browser.submit(&post, &app.url, &fields).await.leads_to();
        assert!(there.starts_with(&format!("{}/sso/start?email=", app.url)), "{there}");
        let (request, claims) = connected.begin(&app, &mut browser, &there, OWNER).await;
        let back = connected.come_back(&app, &mut browser, &request, &claims).await.leads_to();
        assert_eq!(back, format!("{}/app/account", app.url));
        let mut other = Browser::new();
        let start = format!("{}/sso/start?domain=kongair.example", app.url);
        let (request, claims) = connected.begin(&app, &mut other, &start, "x@elsewhere.example").await;
        let refused = connected.come_back(&app, &mut other, &request, &claims).await;
        assert!(refused.status >= 400, "{}", refused.body);
        assert!(refused.body.contains(">Try again<") && refused.body.contains("/sign-in\""), "{}", refused.body);
    }

    async fn signing_out_ends_the_session(app: App) {
        app.account(5).await;
        let mut browser = signed_in(&app, OWNER).await;
        let session = client(&app, &browser).unwrap();
        let post = format!("{}/sign-out", app.url);
        browser.submit(&post, "https://evil.example", &[]).await.page(400);
        session.get("/session").await.expect(200);
        let out = browser.submit(&post, &app.url, &[]).await.leads_to();
        let page = browser.get(&out).await.page(200);
        assert!(page.contains("You are signed out") && page.contains("Sign in again"), "{page}");
        session.get("/session").await.expect(401);
        assert!(client(&app, &browser).is_none());
    }

    async fn signing_up_leads_into_an_account_of_ones_own(app: App) {
        let (mut browser, page) = (Browser::new(), format!("{}/sign-up", app.url));
        let form = browser.get(&page).await.page(200);
        for label in ["E-mail address", "Given name", "Family name"] {
            assert!(form.contains(label), "{label}: {form}");
        }
        let wrong = [("email", BEA), ("given_name", "Bea"), ("family_name", "")];
        let again = browser.submit(&page, &app.url, &wrong).await.page(422);
        assert!(again.contains("id=\"field-family_name-told\" role=\"alert\""), "{again}");
        let fields = [("email", BEA), ("given_name", "Bea Ann"), ("family_name", "Beck")];
        browser.submit(&page, &app.url, &fields).await.page(200);
        let link = newest(&app, BEA).await;
        let token = parameter(&link, "token");
        let home = browser.submit(&page, &app.url, &[("token", &token)]).await.leads_to();
        assert_eq!(home, format!("{}/app", app.url));
        let me = client(&app, &browser).unwrap().get("/session").await.expect(200);
        assert_eq!((&me["role"], &me["name"]), (&json!("owner"), &json!("Bea Ann Beck")));
        let used = browser.submit(&page, &app.url, &[("token", &token)]).await.page(404);
        assert!(used.contains("Sign up again"), "{used}");
    }

    async fn who_accepts_an_invitation_is_signed_in_there(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        account.invite(BEA, &cargo).await;
        let link = newest(&app, BEA).await;
        let mut browser = Browser::new();
        let page = browser.get(&link).await.page(200);
        for word in ["KongAir", "Cargo", BEA, "Given name", ">Decline</button>"] {
            assert!(page.contains(word), "{word}: {page}");
        }
        let accept = format!("{}/invitations/accept", app.url);
        let token = parameter(&link, "token");
        let fields = [("token", token.as_str()), ("given_name", "Bea"), ("family_name", "Beck")];
        let home = browser.submit(&accept, &app.url, &fields).await.leads_to();
        assert_eq!(home, format!("{}/app", app.url));
        let me = client(&app, &browser).unwrap().get("/session").await.expect(200);
        assert_eq!(me["account_id"], account.made.account_id.as_str());
        let page = browser.get(&link).await.page(200);
        assert!(page.contains("accepted already") && page.contains("Sign in"), "{page}");
    }

    async fn where_single_sign_on_is_on_accepting_leads_to_it(app: App) {
        let account = app.account(9).await;
        Connected::on(&app, &account).await;
        let cargo = account.add_organization("Cargo").await;
        account.invite("bea@kongair.example", &cargo).await;
        let token = parameter(&newest(&app, "bea@kongair.example").await, "token");
        let mut browser = Browser::new();
        let accept = format!("{}/invitations/accept", app.url);
        let there = browser.submit(&accept, &app.url, &[("token", &token)]).await.leads_to();
        assert!(there.starts_with(&format!("{}/sso/start?email=bea", app.url)), "{there}");
        assert!(client(&app, &browser).is_none(), "the link signs nobody in past single sign-on");
    }

    async fn an_invitation_that_is_over_says_how(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        let revoked = account.invite("a@elsewhere.example", &cargo).await;
        account.invite("b@elsewhere.example", &cargo).await;
        let first = newest(&app, "a@elsewhere.example").await;
        let second = newest(&app, "b@elsewhere.example").await;
        account.admin.delete(&format!("/invitations/{revoked}")).await.expect(204);
        let page = Browser::new().get(&first).await.page(200);
        assert!(page.contains("was revoked"), "{page}");
        app.clock.advance(31 * 24 * 60 * 60 * 1000);
        let page = Browser::new().get(&second).await.page(200);
        assert!(page.contains("has expired") && page.contains("for a new one"), "{page}");
    }

    async fn accounts_are_chosen_by_role_and_plan(app: App) {
        let account = app.account(5).await;
        let other = app.account_named("Other", "other.example", 5).await;
        let there = other.add_member(OWNER, "co-owner").await;
        let owner = app.signed_in(OWNER).await;
        owner.post(&format!("/session/memberships/{there}/join"), json!({})).await.expect(200);
        let mut browser = signed_in(&app, OWNER).await;
        let chooser = browser.get(&format!("{}/", app.url)).await.leads_to();
        assert_eq!(chooser, format!("{}/accounts", app.url));
        let page = words(&browser.get(&chooser).await.page(200));
        assert!(page.contains("You are owner there. Plan: enterprise."), "{page}");
        assert!(page.contains("You are co-owner there."), "{page}");
        // A page that was asked for comes after the choice.
        let asked = browser.get(&format!("{}/app/enterprise/team", app.url)).await.leads_to();
        assert_eq!(parameter(&asked, "return_to"), "/app/enterprise/team");
        let id = account.made.account_id.as_str();
        let fields = [("account", id), ("return_to", "/app/enterprise/team")];
        let back = browser.submit(&chooser, &app.url, &fields).await.leads_to();
        browser.get(&back).await.page(200);
    }

    async fn who_is_in_no_account_finds_three_ways_into_one(app: App) {
        let account = app.account(5).await;
        let bea = account.add_member(BEA, "member").await;
        let joined = app.signed_in(BEA).await;
        joined.post(&format!("/session/memberships/{bea}/join"), json!({})).await.expect(200);
        account.admin.delete(&format!("/licences/{bea}")).await.expect(204);
        let cargo = account.add_organization("Cargo").await;
        let mut browser = signed_in(&app, BEA).await;
        let start = browser.get(&format!("{}/accounts", app.url)).await.leads_to();
        let page = browser.get(&start).await.page(200);
        for card in ["Enter activation code", "Start with Essentials", "I was invited"] {
            assert!(page.contains(&format!("<h2>{card}</h2>")), "{card}: {page}");
        }
        // A wrong code is told at its field.
        let code = format!("{}/app/start/code", app.url);
        let wrong = [("code", "NONE"), ("account_name", "Bea & Co")];
        let page = browser.submit(&code, &app.url, &wrong).await.page(403);
        assert!(page.contains("id=\"field-code-told\" role=\"alert\""), "{page}");
        // An invitation, answered without its mail.
        account.invite(BEA, &cargo).await;
        let page = browser.get(&start).await.page(200);
        let (_, rest) = page.split_once("name=\"id\" value=\"").unwrap();
        let id = rest.split('"').next().unwrap();
        let accept = format!("{}/app/account/invitations/accept", app.url);
        let home = browser.submit(&accept, &app.url, &[("id", id)]).await.leads_to();
        assert!(home.starts_with(&format!("{}/app?done=", app.url)), "{home}");
        let me = client(&app, &browser).unwrap().get("/session").await.expect(200);
        assert_eq!(me["account_id"], account.made.account_id.as_str());
        // And an account of one's own.
        let post = format!("{}/app/start/essentials", app.url);
        browser.submit(&post, &app.url, &[]).await.leads_to();
        let me = client(&app, &browser).unwrap().get("/session").await.expect(200);
        assert_eq!((&me["role"], text(&me, "account_id") == account.made.account_id), (&json!("owner"), false));
    }

    async fn mails_have_one_button_to_the_page_that_they_are_about(app: App) {
        let account = app.account(2).await;
        let member = account.add_member("c@kongair.example", "member").await;
        account.scim.post("/Users", crate::support::user("d@kongair.example")).await.expect(403);
        let role = json!({"role": "co-owner"});
        account.admin.patch(&format!("/members/{member}"), role).await.expect(200);
        app.background().await;
        let licenses = format!("Licenses:\n{}/app/enterprise/licenses\n", app.url);
        let seats = app.mailbox.to(OWNER);
        assert!(seats.iter().any(|mail| mail.text.contains(&licenses)), "{seats:?}");
        let controls = format!("Enterprise Controls:\n{}/app/enterprise\n", app.url);
        let told = app.mailbox.to("c@kongair.example");
        assert!(told.iter().any(|mail| mail.text.contains(&controls)), "{told:?}");
        // Five days after the test's clock begins.
        app.database.execute("UPDATE enterprises SET plan_ends_at = 1767657600000");
        app.clock.advance(24 * 60 * 60 * 1000);
        app.background().await;
        let ending = app.mailbox.to(OWNER);
        let billing = format!("Plan & billing:\n{}/app/billing\n", app.url);
        assert!(ending.iter().any(|mail| mail.text.contains(&billing)), "{ending:?}");
    }
}

on_both_empty_databases! {
    async fn pages_work_behind_a_path_of_the_public_url(database: Database) {
        let public_url = Some("http://127.0.0.1:1/insomnia".to_owned());
        let app = App::start_with(database, Options { public_url, ..Options::default() });
        let mut browser = Browser::new();
        for path in ["/sign-in", "/sign-up", "/sign-in/none", "/invitations/accept?token=none"] {
            let page = browser.get(&format!("{}{path}", app.url)).await.body;
            assert!(page.contains("href=\"/insomnia/assets/style-"), "{path}: {page}");
            assert!(page.contains("href=\"/insomnia/assets/icon-"), "{path}: {page}");
            assert!(!page.contains("action=\"/sign"), "{path}: {page}");
        }
        let visit = browser.get(&format!("{}/", app.url)).await;
        assert_eq!(visit.location.as_deref(), Some("/insomnia/sign-in"));
        let visit = browser.get(&format!("{}/app/account", app.url)).await;
        assert_eq!(visit.location.as_deref(), Some("/insomnia/sign-in?return_to=%2Fapp%2Faccount"));
    }
}
