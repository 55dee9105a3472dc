//! Showing that a domain is the account's.

use std::time::Duration;

use serde_json::{Value, json};

use super::{publish, start, start_patient};
use crate::support::{Entry, at_once, on_both_migrated_databases, text};

/// A domain's record: name and value.
fn record(domain: &Value) -> (String, String) {
    (text(&domain["txt_record"], "name"), text(&domain["txt_record"], "value"))
}

on_both_migrated_databases! {
    async fn a_domain_waits_until_dns_has_its_txt_record(database: Database) {
        let (app, dns) = start(database).await;
        let account = app.account(5).await;
        let domain = account.add_domain("cargo.example").await;
        assert_eq!(domain["state"], "pending");
        assert_eq!(domain["last_check"], Value::Null);
        let (name, value) = record(&domain);
        assert_eq!(name, "_insomnia-challenge.cargo.example");
        assert!(value.starts_with("insomnia-verification="), "{value}");
        let id = text(&domain, "id");
        let refused = account.verify(&id).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:domain-no-such-name");
        let path = format!("/domains/{id}");
        let checked = account.admin.get(&path).await.expect(200);
        assert_eq!(
            checked["last_check"],
            json!({"at": "2026-01-01T00:00:00.000Z", "result": "no_such_name"})
        );
        publish(&dns, &domain);
        app.clock.advance(1000);
        let verified = account.verify(&id).await.expect(200);
        assert_eq!(verified["state"], "verified");
        assert_eq!(verified["verified_by"], "unique_record");
        assert_eq!(verified["verified_at"], "2026-01-01T00:00:01.000Z");
        assert_eq!(verified["last_check"]["result"], "verified");
        assert_eq!(account.admin.get(&path).await.expect(200), verified);
        let asked = dns.questions().len();
        assert_eq!(account.verify(&id).await.expect(200), verified);
        assert_eq!(dns.questions().len(), asked, "what is verified is not looked up again");
        let log = account.admin.items_of(&format!("/audit-log?target={id}")).await;
        let actions: Vec<&str> = log.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["domain.verified", "domain.added"]);
        assert_eq!(log[0]["before"], json!({"verified_by": null}));
        assert_eq!(log[0]["after"], json!({"verified_by": "unique_record"}));
        assert_eq!(log[0]["actor"]["name"], "owner@kongair.example");
    }

    async fn every_way_of_not_finding_the_record_has_its_own_message(database: Database) {
        let (app, dns) = start(database).await;
        let account = app.account(5).await;
        let domain = account.add_domain("cargo.example").await;
        let ((name, value), id) = (record(&domain), text(&domain, "id"));
        let wrong = Entry::Texts(vec![
            vec!["v=spf1 -all".to_owned()],
            vec!["insomnia-".to_owned(), "verification=old".to_owned()],
            vec![value[..value.len() - 1].to_owned()],
        ]);
        let cases = [
            (None, "no-such-name", "no_such_name", vec!["NXDOMAIN", &value, "wait"]),
            (Some(Entry::Alias("gone.example")), "no-such-name", "no_such_name", vec!["NXDOMAIN"]),
            (Some(Entry::Bare), "no-record", "no_record", vec!["has no TXT record", &value]),
            (Some(wrong), "wrong-record", "wrong_record",
                vec!["\"v=spf1 -all\", \"insomnia-verification=old\"", &value, "Correct"]),
            (Some(Entry::Fails), "dns-failure", "server_failure", vec!["SERVFAIL", "DNSSEC"]),
        ];
        for (entry, word, result, said) in cases {
            if let Some(entry) = entry {
                dns.set(&name, entry);
            }
            let refused = account.verify(&id).await.expect(409);
            assert_eq!(refused["type"], format!("urn:insomnia:problem:domain-{word}"));
            let detail = text(&refused, "detail");
            for part in said.into_iter().chain([name.as_str()]) {
                assert!(detail.contains(part), "{part:?} in {detail}");
            }
            let domain = account.admin.get(&format!("/domains/{id}")).await.expect(200);
            assert_eq!(domain["last_check"]["result"], result);
            assert_eq!(domain["state"], "pending");
        }
    }

    async fn name_servers_that_never_answer_are_not_waited_for_long(database: Database) {
        let (app, dns) = start_patient(database, Duration::from_millis(300)).await;
        let account = app.account(5).await;
        let domain = account.add_domain("cargo.example").await;
        let (name, _) = record(&domain);
        dns.set(&name, Entry::Silent);
        let refused = account.verify(&text(&domain, "id")).await.expect(409);
        assert_eq!(refused["type"], "urn:insomnia:problem:domain-dns-timeout");
        assert!(text(&refused, "detail").contains(&name), "{refused}");
        let domain = &account.admin.items("/domains").await[1];
        assert_eq!(domain["last_check"]["result"], "timeout");
    }

    async fn the_record_counts_however_the_provider_keeps_it(database: Database) {
        let (app, dns) = start(database).await;
        let account = app.account(5).await;
        for (number, shape) in ["split", "among others", "quoted", "alias", "alias to ask for", "long"]
            .into_iter()
            .enumerate()
        {
            let domain = account.add_domain(&format!("cargo{number}.example")).await;
            let (name, value) = record(&domain);
            let (start, end) = value.split_at(20);
            let other = vec!["v=spf1 -all".to_owned()];
            match shape {
                "split" => dns.set(&name, Entry::Texts(vec![vec![start.to_owned(), end.to_owned()]])),
                "among others" => {
                    dns.set(&name, Entry::Texts(vec![other.clone(), vec![value], other]));
                }
                "quoted" => dns.set(&name, Entry::Texts(vec![vec![format!("\"{value}\"")]])),
                "alias" => {
                    dns.set(&name, Entry::Alias("one.dns.example"));
                    dns.set("one.dns.example", Entry::Alias("two.dns.example"));
                    dns.set_texts("two.dns.example", &[&value]);
                }
                "alias to ask for" => {
                    dns.set(&name, Entry::BareAlias("one.dns.example"));
                    dns.set("one.dns.example", Entry::BareAlias("two.dns.example"));
                    dns.set_texts("two.dns.example", &[&value]);
                }
                _ => {
                    let mut texts = vec![vec!["x".repeat(255)]; 20];
                    texts.push(vec![value]);
                    dns.set(&name, Entry::LongTexts(texts));
                }
            }
            let verified = account.verify(&text(&domain, "id")).await;
            assert_eq!(verified.status, 200, "{shape}: {}", verified.body);
        }
    }

    async fn a_subdomain_of_a_verified_domain_is_verified_at_once(database: Database) {
        let (app, dns) = start(database).await;
        let account = app.account(5).await;
        let early = account.add_domain("eu.cargo.example").await;
        assert_eq!(early["state"], "pending");
        for name in ["eu.kongair.example", "de.eu.kongair.example"] {
            let domain = account.add_domain(name).await;
            assert_eq!(domain["state"], "verified", "{domain}");
            assert_eq!(domain["verified_by"], "root_record");
        }
        assert_eq!(account.add_domain("notkongair.example").await["state"], "pending");
        assert!(dns.questions().is_empty(), "no record is looked up: {:?}", dns.questions());
        account.verified_domain(&dns, "cargo.example").await;
        let asked = dns.questions().len();
        let verified = account.verify(&text(&early, "id")).await.expect(200);
        assert_eq!(verified["verified_by"], "root_record");
        assert_eq!(dns.questions().len(), asked);
    }

    async fn the_root_of_another_account_verifies_nothing(database: Database) {
        let (app, _dns) = start(database).await;
        app.account(5).await;
        let other = app.account_named("Other", "other.example", 5).await;
        assert_eq!(other.add_domain("eu.kongair.example").await["state"], "pending");
    }

    async fn a_name_waits_in_many_accounts_and_is_verified_in_one(database: Database) {
        let (app, dns) = start(database).await;
        let one = app.account(5).await;
        let two = app.account_named("Other", "other.example", 5).await;
        for number in 0..8 {
            let name = format!("cargo{number}.example");
            let (mine, theirs) = (one.add_domain(&name).await, two.add_domain(&name).await);
            let ((record, first), (_, second)) = (record(&mine), record(&theirs));
            assert_ne!(first, second, "each has a token of its own");
            dns.set_texts(&record, &[&first, &second]);
            let asked = [(&one, &mine), (&two, &theirs)].map(|(account, domain)| {
                let (client, id) = (account.admin.clone(), text(domain, "id"));
                async move { client.post(&format!("/domains/{id}/verify"), json!({})).await }
            });
            let mut answers = at_once(asked).await;
            answers.sort_by_key(|answer| answer.status);
            assert_eq!(answers[0].status, 200, "{}", answers[0].body);
            assert_eq!(answers[1].status, 409, "{}", answers[1].body);
            assert_eq!(answers[1].body["type"], "urn:insomnia:problem:domain-taken");
        }
        let verified = |domains: Vec<Value>| {
            domains.iter().filter(|domain| domain["state"] == "verified").count()
        };
        let all = verified(one.admin.items("/domains").await) + verified(two.admin.items("/domains").await);
        assert_eq!(all, 8 + 2, "each name once, and what the accounts were made with");
    }

    async fn a_domain_can_go_from_one_account_to_another(database: Database) {
        let (app, dns) = start(database).await;
        let one = app.account(5).await;
        let two = app.account_named("Other", "other.example", 5).await;
        let id = one.verified_domain(&dns, "cargo.example").await;
        let theirs = two.add_domain("cargo.example").await;
        publish(&dns, &theirs);
        let refused = two.verify(&text(&theirs, "id")).await.detail(409);
        assert!(refused.contains("verified in another account"), "{refused}");
        one.admin.delete(&format!("/domains/{id}")).await.expect(204);
        two.verify(&text(&theirs, "id")).await.expect(200);
    }

    async fn the_account_chooses_how_a_domain_is_verified(database: Database) {
        let (app, dns) = start(database).await;
        let account = app.account_without_domain("Cargo", "owner@cargo.example", 5).await;
        let add = |name: &str, using: &str| {
            let (admin, body) = (account.admin.clone(), json!({"name": name, "verify_using": using}));
            async move { admin.post("/domains", body).await }
        };
        let refusal = |answer: crate::support::Response| {
            let refusal = answer.expect(409);
            assert_eq!(refusal["type"], "urn:insomnia:problem:domain-no-root");
            text(&refusal, "detail")
        };
        let none = refusal(add("eu.cargo.example", "root_record").await);
        assert!(none.contains("none of the account's verified domains"), "{none}");
        assert!(none.contains("unique_record"), "{none}");
        let root = add("cargo.example", "unique_record").await.expect(201);
        let pending = refusal(add("eu.cargo.example", "root_record").await);
        assert!(pending.contains("\"cargo.example\" is not verified yet"), "{pending}");
        publish(&dns, &root);
        account.verify(&text(&root, "id")).await.expect(200);
        let below = add("eu.cargo.example", "root_record").await.expect(201);
        assert_eq!((&below["state"], &below["verified_by"]), (&json!("verified"), &json!("root_record")));
        let other = refusal(add("rail.example", "root_record").await);
        assert!(other.contains("(cargo.example, eu.cargo.example)"), "{other}");
        // A subdomain with a record of its own waits for it, whatever its root is.
        let own = add("us.cargo.example", "unique_record").await.expect(201);
        assert_eq!((&own["state"], &own["verify_using"]), (&json!("pending"), &json!("unique_record")));
        account.verify(&text(&own, "id")).await.expect(409);
        publish(&dns, &own);
        let verified = account.verify(&text(&own, "id")).await.expect(200);
        assert_eq!(verified["verified_by"], "unique_record");
        // Left out, it is as it fits.
        assert_eq!(account.add_domain("asia.cargo.example").await["verified_by"], "root_record");
        add("sea.cargo.example", "other").await.expect(400);
        app.database.execute("UPDATE domains SET lost_since = 1 WHERE name = 'cargo.example'");
        app.database.execute("DELETE FROM domains WHERE name = 'eu.cargo.example'");
        let lost = refusal(add("eu.cargo.example", "root_record").await);
        assert!(lost.contains("is missing in DNS"), "{lost}");
    }
}
