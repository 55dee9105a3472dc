//! Change subscription plan: from a code to Enterprise.

use serde_json::json;

use super::{OWNER, Reader, code, is_silent_on, says, told, with_role};
use crate::support::{App, on_both_databases};

const UPDATE: &str = "/app/subscription/update";
const ACTIVATE: &str = "/app/subscription/activate";

/// A person who is a member of no account.
async fn newcomer(app: &App) -> Reader {
    let account = app.account_named("Other", "other.example", 5).await;
    let id = account.add_member("olive@elsewhere.example", "member").await;
    let reader = Reader::sign_in(app, "olive@elsewhere.example").await;
    account.admin.delete(&format!("/licences/{id}")).await.expect(204);
    reader
}

on_both_databases! {
    async fn a_code_is_shown_before_it_is_used(app: App) {
        let account = app.account(9).await;
        app.database.execute("UPDATE enterprises SET plan = 'essentials'");
        let mut owner = Reader::sign_in(&app, OWNER).await;
        let page = owner.page(UPDATE).await;
        says(&page, &["Change subscription plan", "Essentials", "Pro", "Current plan", "Verify activation code"]);
        says(&page, &["Paid by card", "Provisioning by SCIM"]);
        let code = code(&app, Some(&account), 40).await;
        let typed = format!("  {} ", code.to_lowercase().replace('-', " "));
        let offer = owner.submit(UPDATE, &[("code", &typed)]).await.page(200);
        says(&offer, &["This code is valid", "40, now 9, of which 1 are used", "365 days from now", ">Activate<"]);
        says(&offer, &["datetime=\"2027-01-01T00:00:00.000Z\"", ">Cancel<"]);
        assert_eq!(account.admin.get("/plan").await.expect(200)["plan"], "essentials");
        let page = owner.done(ACTIVATE, &[("code", &code)]).await;
        says(&page, &["Enterprise is active", "You are the owner", "Enterprise Controls", "First steps"]);
        let plan = account.admin.get("/plan").await.expect(200);
        assert_eq!((&plan["plan"], &plan["seats"]), (&json!("enterprise"), &json!(40)));
    }

    async fn wrong_used_and_strange_codes_are_refused_in_one_text_at_the_field(app: App) {
        let account = app.account(9).await;
        let other = app.account_named("Other", "other.example", 5).await;
        let mut owner = Reader::sign_in(&app, OWNER).await;
        let used = code(&app, Some(&account), 40).await;
        owner.done(ACTIVATE, &[("code", &used)]).await;
        let strange = code(&app, Some(&other), 40).await;
        let mut texts = std::collections::BTreeSet::new();
        for wrong in ["nonsense", &used, &strange, ""] {
            for path in [UPDATE, ACTIVATE] {
                let page = owner.submit(path, &[("code", wrong)]).await.page(403);
                texts.insert(told(&page, "code"));
            }
        }
        assert_eq!(texts.len(), 1, "{texts:?}");
        assert!(texts.first().unwrap().contains("Codes work once"), "{texts:?}");
        for _ in 0..20 {
            owner.submit(UPDATE, &[("code", "nonsense")]).await;
        }
        let limited = owner.submit(UPDATE, &[("code", "nonsense")]).await.page(429);
        assert!(told(&limited, "code").contains("try again after"), "{limited}");
    }

    async fn fewer_seats_than_are_used_are_refused_before_the_code_is_used(app: App) {
        let account = app.account(9).await;
        account.add_member("cora@kongair.example", "member").await;
        let mut owner = Reader::sign_in(&app, OWNER).await;
        let code = code(&app, Some(&account), 1).await;
        let offer = owner.submit(UPDATE, &[("code", &code)]).await.page(200);
        says(&offer, &["1 seats are too few: 2 are in use", ">Licenses<"]);
        is_silent_on(&offer, &[">Activate<"]);
        let refused = owner.submit(ACTIVATE, &[("code", &code)]).await.page(409);
        says(&refused, &["1 seats are too few: 2 are in use"]);
        assert_eq!(account.admin.get("/plan").await.expect(200)["seats"], 9);
    }

    async fn during_a_trial_no_code_is_taken_and_only_owners_enter_one(app: App) {
        let account = app.account(9).await;
        let mut co_owner = with_role(&app, &account, "co-owner").await;
        let page = co_owner.page(UPDATE).await;
        says(&page, &["Only an owner enters an activation code: ask Olive Owner"]);
        is_silent_on(&page, &["Verify activation code"]);
        let code = code(&app, Some(&account), 40).await;
        for path in [UPDATE, ACTIVATE] {
            let refused = co_owner.submit(path, &[("code", &code)]).await.page(403);
            says(&refused, &["Only an owner enters an activation code"]);
        }
        let mut member = with_role(&app, &account, "member").await;
        says(&member.get(UPDATE).await.page(403), &["You may not do this"]);
        app.database.execute("UPDATE enterprises SET plan = 'pro'");
        let mut owner = Reader::sign_in(&app, OWNER).await;
        owner.done("/app/billing/trial", &[]).await;
        let page = owner.page(UPDATE).await;
        says(&page, &["cannot be turned into a paid plan before"]);
        is_silent_on(&page, &["Verify activation code"]);
        let refused = owner.submit(ACTIVATE, &[("code", &code)]).await.page(409);
        says(&refused, &["The trial runs until"]);
    }

    async fn without_an_account_a_code_makes_one_and_one_acts_in_it(app: App) {
        let mut olive = newcomer(&app).await;
        let page = olive.page(UPDATE).await;
        says(&page, &["A code makes an Enterprise account, and you its owner."]);
        is_silent_on(&page, &["Current plan"]);
        let code = code(&app, None, 40).await;
        let offer = olive.submit(UPDATE, &[("code", &code)]).await.page(200);
        says(&offer, &["Name of the account", "value=\"KongAir\"", "You, olive@elsewhere.example", ">40<"]);
        let taken = [("code", code.as_str()), ("account_name", "other"), ("given", "Olive"), ("family", "Owner")];
        let refused = olive.submit(ACTIVATE, &taken).await.page(409);
        assert!(told(&refused, "account_name").contains("already exists"), "{refused}");
        says(&refused, &["value=\"other\"", "value=\"Olive\"", &code]);
        let new = [("code", code.as_str()), ("account_name", "KongAir"), ("given", "Olive"), ("family", "Owner")];
        let page = olive.done(ACTIVATE, &new).await;
        says(&page, &["Enterprise is active", "KongAir", "You are the owner"]);
        says(&olive.page("/app").await, &["First steps", "KongAir"]);
        says(&olive.page("/app/billing").await, &["1 of 40 used"]);
    }

    async fn a_code_for_an_account_that_exists_makes_no_other(app: App) {
        let mut olive = newcomer(&app).await;
        let account = app.account(9).await;
        let code = code(&app, Some(&account), 40).await;
        let refused = olive.submit(UPDATE, &[("code", &code)]).await.page(422);
        assert!(told(&refused, "code").contains("exists already"), "{refused}");
    }
}
