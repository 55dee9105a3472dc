//! Domains: a new one, its verification, capture and lock, its end.

use serde_json::json;

use super::{OWNER, Visitor, refuses, says, start};
use crate::support::{on_both_databases, on_both_empty_databases, text};

const NEW: &str = "/app/enterprise/domains/new";

on_both_empty_databases! {
    async fn a_domain_is_added_published_and_verified(database: Database) {
        let (app, dns) = start(database).await;
        let account = app.account(5).await;
        let mut owner = Visitor::sign_in(&app, OWNER).await;
        let form = owner.page(NEW).await;
        says(&form, &["Unique verification record", "Root domain verification record", "below one of: kongair.example.", "Create Domain"]);
        let fields = [("key", "k1"), ("verify_using", "unique_record"), ("name", "Cargo.example")];
        let (page, path) = owner.done(NEW, &fields).await;
        let domain = account.admin.items("/domains").await.pop().unwrap();
        let (name, value) = (text(&domain["txt_record"], "name"), text(&domain["txt_record"], "value"));
        assert_eq!(path, format!("/app/enterprise/domains/{}", text(&domain, "id")));
        says(&page, &["Publish its record", "I have added the record", "Verify Domain", &format!("value=\"{name}\""), &format!("value=\"{value}\"")]);
        says(&page, &[&format!("{name}. 300 IN TXT &quot;{value}&quot;"), "has not been looked up yet"]);
        assert_eq!(owner.done(NEW, &fields).await.1, path, "sent twice, it is created once");
        assert_eq!(account.admin.items("/domains").await.len(), 2);

        let verify = format!("{path}/verify");
        let page = owner.send(&verify, &[]).await.page(422);
        says(&page, &["tick that you have added the record"]);
        let page = owner.send(&verify, &[("added", "true")]).await.page(409);
        says(&page, &["NXDOMAIN", "Last look-up", "DNS has nothing at this name"]);
        dns.set_texts(&name, &["v=spf1 -all"]);
        let page = owner.send(&verify, &[("added", "true")]).await.page(409);
        says(&page, &["&quot;v=spf1 -all&quot;; none is", &value]);
        says(&owner.page(&path).await, &["none has this value", "Pending"]);
        dns.set_texts(&name, &[&value]);
        let (page, back) = owner.done(&verify, &[("added", "true")]).await;
        assert_eq!(back, path);
        says(&page, &["The domain is verified.", "by its own record", "Switch on"]);
        says(&owner.page("/app/enterprise/domains/list").await, &["cargo.example", "by its own record", "by the operator"]);
    }
}

on_both_databases! {
    async fn a_subdomain_is_verified_by_its_root_and_refusals_stand_at_their_fields(app: App) {
        let account = app.account(5).await;
        let mut owner = Visitor::sign_in(&app, OWNER).await;
        let root = |name| [("verify_using", "root_record"), ("name", name)];
        let (page, path) = owner.done(NEW, &root("eu.kongair.example")).await;
        says(&page, &["The domain is verified.", "by its root domain"]);
        let page = owner.send(NEW, &root("cargo.example")).await.page(409);
        refuses(&page, "verify_using", "it is below none of the account");
        says(&page, &["value=\"cargo.example\""]);
        for (name, status, why) in [
            ("https://x.example", 422, "name:"),
            ("co.uk", 422, "name:"),
            ("KongAir.example", 409, "in this account already"),
        ] {
            let page = owner.send(NEW, &[("verify_using", "unique_record"), ("name", name)]).await.page(status);
            refuses(&page, "name", why);
        }
        assert_eq!(account.admin.items("/domains").await.len(), 2);
        // What was verified by it stays verified without it; what needs it keeps it.
        let first = text(&account.admin.items("/domains").await[0], "id");
        let question = owner.page(&format!("/app/enterprise/domains/{first}/remove")).await;
        says(&question, &["1 domain was verified by it and stay verified: eu.kongair.example."]);
        let (page, _) = owner.done(&format!("{path}/remove"), &[]).await;
        says(&page, &["The domain is removed."]);
        let page = owner.page(&format!("/app/enterprise/domains/{first}")).await;
        says(&page, &["last verified domain", "SCIM needs", "disabled"]);
        let page = owner.send(&format!("/app/enterprise/domains/{first}/remove"), &[]).await.page(409);
        says(&page, &["cannot be removed now"]);
        assert_eq!(account.admin.items("/domains").await.len(), 1);
    }

    async fn capture_and_lock_say_what_follows_and_are_switched(app: App) {
        let account = app.account(5).await;
        let other = app.account_named("Other", "other.example", 5).await;
        other.add_member("bessie@kongair.example", "member").await;
        app.signed_in("bessie@kongair.example").await;
        let mut owner = Visitor::sign_in(&app, OWNER).await;
        let id = text(&account.admin.items("/domains").await[0], "id");
        let path = format!("/app/enterprise/domains/{id}");
        says(&owner.page(&format!("{path}/capture/on")).await, &["4 of 5 seats are free", "a sign-up is refused"]);
        says(&owner.page(&format!("{path}/lock/on")).await, &["1 person cannot sign in any more", "bessie@kongair.example"]);
        let rules = async || {
            let domain = account.admin.get(&format!("/domains/{id}")).await.expect(200);
            (domain["capture"].clone(), domain["locked"].clone())
        };
        assert_eq!(rules().await, (json!(false), json!(false)), "questions change nothing");
        says(&owner.done(&format!("{path}/capture/on"), &[]).await.0, &["Capture is on"]);
        says(&owner.done(&format!("{path}/lock/on"), &[]).await.0, &["Lock is on"]);
        assert_eq!(rules().await, (json!(true), json!(true)));
        // What is captured is not lost by one click.
        account.admin.post("/domains", json!({"name": "eu.kongair.example"})).await.expect(201);
        let page = owner.send(&format!("{path}/remove"), &[("confirm", "kongair")]).await.page(422);
        refuses(&page, "confirm", "type kongair.example to confirm");
        says(&owner.done(&format!("{path}/lock/off"), &[]).await.0, &["Lock is off"]);
        assert_eq!(rules().await, (json!(true), json!(false)));
        owner.done(&format!("{path}/remove"), &[("confirm", "kongair.example")]).await;
        assert_eq!(account.admin.items("/domains").await.len(), 1);
        owner.get(&format!("{path}/shut/on")).await.page(404);
    }

    async fn a_pending_domain_has_no_rules_yet(app: App) {
        let account = app.account(5).await;
        let mut owner = Visitor::sign_in(&app, OWNER).await;
        let domain = account.admin.post("/domains", json!({"name": "cargo.example"})).await.expect(201);
        let path = format!("/app/enterprise/domains/{}", text(&domain, "id"));
        says(&owner.page(&path).await, &["Both need a verified domain."]);
        let page = owner.send(&format!("{path}/capture/on"), &[]).await.page(409);
        says(&page, &["is not verified yet"]);
    }
}
