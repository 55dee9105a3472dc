//! The operator's lists, the actions of the audit log, and organizations with a storage rule.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use insomnia_scim::enterprise::audit_actions::ACTIONS;
use serde_json::json;

use super::listed;
use crate::support::{Client, OPERATOR, on_both_databases, text};

on_both_databases! {
    async fn the_operator_finds_accounts_and_codes_by_name(app: App) {
        app.account_named("Kong Air", "kongair.example", 5).await;
        app.account_named("Kong Rail", "rail.example", 5).await;
        let operator = Client::new(format!("{}/api/v1/operator", app.url), OPERATOR.to_owned());
        for (search, found) in [
            ("", vec!["Kong Air", "Kong Rail"]),
            ("?search=kong", vec!["Kong Air", "Kong Rail"]),
            ("?search=RAIL", vec!["Kong Rail"]),
            ("?search=ong", vec![]),
        ] {
            assert_eq!(listed(&operator, &format!("/accounts{search}"), "name").await, found, "{search}");
        }
        for customer in ["Acme Freight", "Zeta Acme"] {
            let new = json!({"customer": customer, "seats": 5, "days": 30});
            operator.post("/activation-codes", new).await.expect(201);
        }
        for (search, found) in [
            ("?search=acme", vec!["Zeta Acme", "Acme Freight"]),
            ("?search=freight", vec!["Acme Freight"]),
            ("?search=reight", vec![]),
        ] {
            let path = format!("/activation-codes{search}");
            assert_eq!(listed(&operator, &path, "customer").await, found, "{search}");
        }
    }

    async fn the_audit_log_lists_its_actions_and_is_filtered_by_their_beginning(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        account.add_team("Flight", &[]).await;
        let cargo = account.add_organization("Cargo").await;
        account.add_team("Sales", &[&cargo]).await;
        let shown = listed(admin, "/audit-log?action=team.", "action").await;
        assert_eq!(shown, ["team.linked", "team.created", "team.created"]);
        assert_eq!(listed(admin, "/audit-log?action=team.linked", "action").await, ["team.linked"]);
        assert!(listed(admin, "/audit-log?action=tea", "action").await.is_empty());
        assert!(listed(admin, "/audit-log?action=tea.", "action").await.is_empty());
        let all = admin.items("/audit-log").await;
        let known = admin.get("/audit-log/actions").await.expect(200);
        let known: BTreeSet<_> =
            known["items"].as_array().unwrap().iter().map(|one| text(one, "action")).collect();
        assert!(all.iter().all(|entry| known.contains(&text(entry, "action"))), "{all:?}");
        let csv = admin.get("/audit-log.jsonl?action=organization.").await;
        assert_eq!(csv.status, 200);
    }

    async fn organizations_with_a_storage_rule_of_their_own_are_listed(app: App) {
        let account = app.account(9).await;
        let admin = &account.admin;
        let mut organizations = Vec::new();
        for name in ["Cargo", "Mail", "Passengers", "Charter"] {
            organizations.push(account.add_organization(name).await);
        }
        let path = "/storage-control/organizations";
        assert!(listed(admin, path, "organization_name").await.is_empty());
        for organization in &organizations[1..] {
            let rule = json!({"allowed": ["git_sync"]});
            let path = format!("/organizations/{organization}/storage-control");
            admin.put(&path, rule).await.expect(200);
        }
        assert_eq!(listed(admin, path, "organization_name").await, ["Mail", "Passengers", "Charter"]);
        let first = admin.get(path).await.expect(200)["items"][0].clone();
        assert_eq!(first, json!({
            "organization_id": organizations[1],
            "organization_name": "Mail",
            "allowed": ["git_sync"],
        }));
        admin.delete(&format!("/organizations/{}/storage-control", organizations[1])).await.expect(200);
        assert_eq!(listed(admin, path, "organization_name").await, ["Passengers", "Charter"]);
        let rival = app.account_named("Rival", "rival.example", 5).await;
        assert!(listed(&rival.admin, path, "organization_name").await.is_empty());
    }
}

/// Every text in the sources that looks like an action of the audit log.
fn written(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            written(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            let texts = code.split('"').skip(1).step_by(2);
            let is_word = |word: &str| {
                !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || "-_".contains(c))
            };
            let is_action = |text: &&str| {
                text.split_once('.').is_some_and(|(thing, verb)| is_word(thing) && is_word(verb))
            };
            found.extend(texts.filter(is_action).map(str::to_owned));
        }
    }
}

#[test]
fn every_action_that_is_recorded_is_listed_with_a_text() {
    let mut found = BTreeSet::new();
    for room in ["administration", "provisioning", "store", "background"] {
        written(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room), &mut found);
    }
    let known: BTreeSet<&str> = ACTIONS.iter().map(|(action, _)| *action).collect();
    let things: BTreeSet<&str> =
        known.iter().filter_map(|action| action.split_once('.')).map(|(thing, _)| thing).collect();
    let is_of_thing =
        |text: &&String| text.split_once('.').is_some_and(|(thing, _)| things.contains(thing));
    let unlisted: Vec<_> =
        found.iter().filter(is_of_thing).filter(|text| !known.contains(text.as_str())).collect();
    assert!(unlisted.is_empty(), "add to enterprise/audit_actions.rs: {unlisted:?}");
    assert!(found.len() > 80, "{found:?}");
}
