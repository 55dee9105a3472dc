//! Names in every spelling, and what is no name of one's own.

use serde_json::json;

use super::{publish, start};
use crate::support::{on_both_migrated_databases, text, user};

on_both_migrated_databases! {
    async fn an_internationalised_name_is_one_domain_in_every_spelling(database: Database) {
        let (app, dns) = start(database).await;
        let account = app.account(5).await;
        let domain = account.add_domain("Bücher.Example.").await;
        assert_eq!(domain["name"], "xn--bcher-kva.example");
        assert_eq!(domain["display_name"], "bücher.example");
        assert_eq!(domain["txt_record"]["name"], "_insomnia-challenge.xn--bcher-kva.example");
        for spelling in ["xn--bcher-kva.example", "BÜCHER.example", "bu\u{308}cher.example"] {
            let refused = account.admin.post("/domains", json!({"name": spelling})).await.expect(409);
            assert_eq!(refused["type"], "urn:insomnia:problem:domain-exists", "{spelling}");
        }
        publish(&dns, &domain);
        let id = text(&domain, "id");
        account.verify(&id).await.expect(200);
        account.set_rule(&id, true, false).await.expect(200);
        for email in ["a@bücher.example", "b@XN--BCHER-KVA.example"] {
            let joined = app.join(email).await.expect(200);
            assert!(joined["member_id"].is_string(), "{email}: {joined}");
        }
    }

    async fn provisioning_knows_an_internationalised_domain_in_both_spellings(database: Database) {
        let (app, dns) = start(database).await;
        let account = app.account(5).await;
        account.verified_domain(&dns, "bücher.example").await;
        let binds = json!({"invite_control_binds_scim": true});
        account.admin.patch("/connector", binds).await.expect(200);
        for email in ["a@bücher.example", "b@xn--bcher-kva.example"] {
            account.scim.post("/Users", user(email)).await.expect(201);
        }
        account.scim.post("/Users", user("c@buecher.example")).await.expect(403);
    }

    async fn a_domain_that_waits_is_not_verified_for_provisioning(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(5).await;
        account.add_domain("cargo.example").await;
        let binds = json!({"invite_control_binds_scim": true});
        account.admin.patch("/connector", binds).await.expect(200);
        account.scim.post("/Users", user("a@cargo.example")).await.expect(403);
    }

    async fn what_nobody_can_own_is_refused_and_it_is_said_why(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(5).await;
        for (name, said) in [
            ("com", "public suffix"),
            ("co.uk", "public suffix"),
            ("公司.cn", "public suffix"),
            ("github.io", "public suffix"),
            ("10.0.0.1", "IP address"),
            ("[2001:db8::1]", "IP address"),
            ("*.cargo.example", "wildcard"),
            ("https://cargo.example/", "more than a domain name"),
            ("owner@cargo.example", "more than a domain name"),
            ("localhost", "not a domain name"),
            ("a_b.example", "not a domain name"),
            ("", "not a domain name"),
            ("cargo\u{0}.example", "not a domain name"),
            (&"a".repeat(5000), "too long"),
            (&format!("{}.example", "a".repeat(64)), "too long"),
        ] {
            let refused = account.admin.post("/domains", json!({"name": name})).await.expect(422);
            assert_eq!(refused["type"], "urn:insomnia:problem:invalid-domain");
            let detail = text(&refused, "detail");
            assert!(detail.contains(said), "{name}: {detail}");
        }
        assert_eq!(account.admin.items("/domains").await.len(), 1);
    }

    async fn domains_are_listed_page_by_page_and_seen_by_their_account_only(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(5).await;
        let stranger = app.account_named("Other", "other.example", 5).await;
        for number in 0..4 {
            account.add_domain(&format!("cargo{number}.example")).await;
        }
        let domains = account.admin.items_of("/domains?limit=2").await;
        let names: Vec<String> = domains.iter().map(|domain| text(domain, "name")).collect();
        assert_eq!(names.len(), 5);
        assert_eq!(names[4], "cargo3.example");
        let id = text(&domains[0], "id");
        let path = format!("/domains/{id}");
        let before = account.admin.items("/domains").await;
        stranger.admin.get(&path).await.expect(404);
        stranger.admin.patch(&path, json!({"capture": true})).await.expect(404);
        stranger.admin.post(&format!("{path}/verify"), json!({})).await.expect(404);
        stranger.admin.get(&format!("{path}/unclaimed-accounts")).await.expect(404);
        stranger.admin.get(&format!("{path}/unclaimed-accounts.csv")).await.expect(404);
        stranger.admin.delete(&path).await.expect(404);
        assert_eq!(account.admin.items("/domains").await, before);
        assert_eq!(stranger.admin.items("/domains").await.len(), 1);
    }

    async fn a_repeated_call_adds_once(database: Database) {
        let (app, _dns) = start(database).await;
        let account = app.account(5).await;
        let headers = [("content-type", "application/json"), ("idempotency-key", "k1")];
        let body = json!({"name": "cargo.example"}).to_string();
        let mut answers = Vec::new();
        for _ in 0..2 {
            let method = reqwest::Method::POST;
            let answer = account.admin.send(method, "/domains", &headers, Some(body.clone())).await;
            answers.push(answer.expect(201));
        }
        assert_eq!(answers[0], answers[1]);
    }
}
