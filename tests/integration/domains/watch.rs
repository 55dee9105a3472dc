//! The daily look at verified domains, and what happens when a record is lost.

use std::time::Duration;

use insomnia_scim::enterprise::domain_entry::Admission;
use serde_json::{Value, json};

use super::{publish, start, start_patient};
use crate::support::{Account, App, DnsServer, Entry, on_both_migrated_databases, text};

const MINUTE: i64 = 60 * 1000;
const DAY: i64 = 24 * 60 * MINUTE;
const NAME: &str = "_insomnia-challenge.cargo.example";
const OWNER: &str = "owner@kongair.example";

/// An account with a locked domain that was verified by its record.
async fn locked(app: &App, dns: &DnsServer) -> (Account, String) {
    let account = app.account(5).await;
    app.database.execute("UPDATE connectors SET enabled = FALSE");
    let id = account.verified_domain(dns, "cargo.example").await;
    account.set_rule(&id, false, true).await.expect(200);
    (account, id)
}

/// A day passes, and the server looks.
async fn day(app: &App) {
    app.clock.advance(DAY);
    app.background().await;
}

async fn shown(account: &Account, id: &str) -> Value {
    account.admin.get(&format!("/domains/{id}")).await.expect(200)
}

async fn is_locked(app: &App) -> bool {
    app.entry("new@cargo.example").await.admission == Admission::Refused
}

/// Subjects of what the owner was told of the record.
fn told(app: &App) -> Vec<String> {
    let mails = app.mailbox.to(OWNER).into_iter().map(|mail| mail.subject);
    mails.filter(|subject| subject.contains("cargo.example")).collect()
}

on_both_migrated_databases! {
    async fn a_lost_record_is_told_and_takes_effect_after_a_week(database: Database) {
        let (app, dns) = start(database).await;
        let (account, id) = locked(&app, &dns).await;
        app.background().await;
        let before = dns.questions().len();
        app.clock.advance(DAY - MINUTE);
        app.background().await;
        assert_eq!(dns.questions().len(), before, "not before a day has passed");
        app.clock.advance(MINUTE);
        app.background().await;
        app.background().await;
        assert_eq!(dns.questions().len(), before + 1, "once a day");
        assert_eq!(shown(&account, &id).await["lost_since"], Value::Null);
        dns.set(NAME, Entry::Bare);
        day(&app).await;
        let lost = shown(&account, &id).await;
        assert_eq!((&lost["state"], &lost["rests"]), (&json!("verified"), &json!(false)));
        assert!(text(&lost, "lost_since").starts_with("2026-01-03"), "{lost}");
        assert_eq!(lost["last_check"]["result"], "no_record");
        assert_eq!(told(&app), ["KongAir: the record of cargo.example is missing in DNS"]);
        for days in 1..7 {
            assert!(is_locked(&app).await, "after {days} days");
            day(&app).await;
        }
        // A day before, once.
        let soon = "KongAir: single sign-on of cargo.example is about to be suspended";
        assert_eq!(told(&app)[1..], [soon]);
        app.clock.advance(DAY - 1);
        assert!(is_locked(&app).await);
        app.clock.advance(1);
        assert!(!is_locked(&app).await, "whether or not anybody has looked");
        day(&app).await;
        assert_eq!(shown(&account, &id).await["rests"], true);
        assert_eq!(told(&app).len(), 2);
        // Found on the day after it is back.
        publish(&dns, &shown(&account, &id).await);
        day(&app).await;
        let found = shown(&account, &id).await;
        assert_eq!((&found["lost_since"], &found["rests"]), (&Value::Null, &json!(false)));
        assert!(is_locked(&app).await);
        assert_eq!(told(&app)[2..], ["KongAir: the record of cargo.example is back in DNS"]);
        let log = account.admin.items_of(&format!("/audit-log?target={id}")).await;
        let actions: Vec<&Value> = log.iter().map(|entry| &entry["action"]).collect();
        assert!(actions.contains(&&json!("domain.lost")) && actions.contains(&&json!("domain.found")));
    }

    async fn a_record_that_is_back_is_found_at_once_when_asked(database: Database) {
        let (app, dns) = start(database).await;
        let (account, id) = locked(&app, &dns).await;
        dns.set_texts(NAME, &["something else"]);
        day(&app).await;
        let refused = account.verify(&id).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:domain-wrong-record");
        assert!(shown(&account, &id).await["lost_since"].is_string());
        publish(&dns, &shown(&account, &id).await);
        assert_eq!(account.verify(&id).await.expect(200)["lost_since"], Value::Null);
    }

    async fn name_servers_that_fail_say_nothing(database: Database) {
        let (app, dns) = start_patient(database, Duration::from_millis(500)).await;
        let (account, id) = locked(&app, &dns).await;
        for (entry, result) in [(Entry::Fails, "server_failure"), (Entry::Silent, "timeout")] {
            dns.set(NAME, entry);
            day(&app).await;
            let after = shown(&account, &id).await;
            assert_eq!((&after["lost_since"], &after["last_check"]["result"]), (&Value::Null, &json!(result)));
        }
        assert!(told(&app).is_empty());
    }

    async fn only_what_something_hangs_on_is_looked_up(database: Database) {
        let (app, dns) = start(database).await;
        let (account, id) = locked(&app, &dns).await;
        account.set_rule(&id, false, false).await.expect(200);
        let before = dns.questions().len();
        day(&app).await;
        assert_eq!(dns.questions().len(), before);
        // The account's connector needs a verified domain. The first one is the operator's word.
        app.database.execute("UPDATE connectors SET enabled = TRUE");
        day(&app).await;
        assert_eq!(dns.questions()[before..], [NAME]);
        app.database.execute("UPDATE enterprises SET plan = 'pro'");
        day(&app).await;
        assert_eq!(dns.questions().len(), before + 1);
    }

    async fn domains_below_are_lost_and_found_with_the_one_that_verified_them(database: Database) {
        let (app, dns) = start(database).await;
        let (account, id) = locked(&app, &dns).await;
        let below = text(&account.add_domain("eu.cargo.example").await, "id");
        account.set_rule(&id, false, false).await.expect(200);
        account.set_rule(&below, false, true).await.expect(200);
        let below_is_locked = async || {
            app.entry("new@eu.cargo.example").await.admission == Admission::Refused
        };
        dns.set(NAME, Entry::Bare);
        day(&app).await;
        assert!(shown(&account, &below).await["lost_since"].is_string());
        assert_eq!(account.add_domain("us.cargo.example").await["state"], "pending");
        app.clock.advance(7 * DAY);
        assert!(!below_is_locked().await);
        publish(&dns, &shown(&account, &id).await);
        account.verify(&id).await.expect(200);
        assert_eq!(shown(&account, &below).await["lost_since"], Value::Null);
        assert!(below_is_locked().await);
    }

    async fn single_sign_on_rests_with_its_domain(database: Database) {
        let (app, dns) = start(database).await;
        let (account, _) = locked(&app, &dns).await;
        let new = json!({"domain": "cargo.example"});
        let made = account.admin.post("/sso-connections", new).await.expect(201);
        app.database.execute(
            "UPDATE sso_connections SET settings = '{\"protocol\":\"oidc\",\"issuer\":\"x\",\
             \"client_id\":\"x\"}', verified_at = 1, is_on = TRUE",
        );
        account.add_member("amelia@cargo.example", "member").await;
        let ask = async || {
            let email = json!({"email": "amelia@cargo.example"});
            app.public().post("/sign-in", email).await.status
        };
        dns.set(NAME, Entry::Bare);
        day(&app).await;
        app.clock.advance(7 * DAY - 1);
        assert_eq!(ask().await, 403);
        app.clock.advance(1);
        assert_eq!(ask().await, 202);
        let path = format!("/sso-connections/{}", text(&made, "id"));
        let resting = account.admin.get(&path).await.expect(200);
        assert_eq!((&resting["state"], &resting["rests_because"]), (&json!("resting"), &json!("domain_lost")));
    }

    async fn two_nodes_look_once(database: Database) {
        let (app, dns) = start(database).await;
        locked(&app, &dns).await;
        dns.set(NAME, Entry::Bare);
        let node = app.peer();
        app.clock.advance(DAY);
        tokio::join!(app.background(), node.background());
        app.background().await;
        assert_eq!(told(&app).len(), 1);
    }
}
