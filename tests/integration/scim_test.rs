//! `scim test`: what an administrator sees when the connector is checked from outside.

use std::process::Output;

use serde_json::Value;

use crate::support::{Account, command, on_both_databases};

/// What the command said.
#[derive(Debug)]
struct Said {
    code: i32,
    out: String,
    err: String,
}

/// Checks a connector. Everything is logged that can be, and the token must appear nowhere.
async fn check(url: &str, token: &str, options: &[&str]) -> Said {
    let mut command = command(&["scim", "test"]);
    command
        .args(options)
        .env("INSOMNIA_SCIM_URL", url)
        .env("INSOMNIA_SCIM_TOKEN", token)
        .env("RUST_LOG", "trace");
    // The server's threads must not wait for this one.
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    let Output { status, stdout, stderr } = output;
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let said = Said { code: status.code().unwrap(), out: text(stdout), err: text(stderr) };
    assert!(!said.out.contains(token) && !said.err.contains(token), "the token is a secret");
    said
}

async fn check_account(account: &Account, options: &[&str]) -> Said {
    check(&account.scim.base, &account.scim.token, options).await
}

/// The object that `--json` prints.
fn object(said: &Said) -> Value {
    serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error}: {said:?}"))
}

/// The steps that failed.
fn failures(object: &Value) -> Vec<&Value> {
    object["steps"].as_array().unwrap().iter().filter(|step| step["passed"] == false).collect()
}

on_both_databases! {
    async fn a_connector_of_this_server_passes_and_is_left_as_it_was(app: App) {
        let account = app.account(3).await;
        let before = account.snapshot().await;
        let said = check_account(&account, &[]).await;
        assert_eq!(said.code, 0, "{}", said.out);
        assert!(said.out.contains("✓ create") && !said.out.contains('✗'), "{}", said.out);
        assert!(said.out.contains(" steps passed.") && said.out.contains(" ms\n"), "{}", said.out);
        assert_eq!(account.snapshot().await, before);
        account.recount().await;
    }

    async fn the_report_of_a_machine_is_one_object(app: App) {
        let account = app.account(3).await;
        let said = check_account(&account, &["--json"]).await;
        let object = object(&said);
        assert_eq!((said.code, &object["passed"]), (0, &Value::Bool(true)), "{object}");
        assert_eq!(object["failed"], 0);
        let steps = object["steps"].as_array().unwrap();
        assert_eq!(object["total"], steps.len());
        let plays: Vec<&str> = steps.iter().map(|step| step["play"].as_str().unwrap()).collect();
        for play in ["Okta: a user", "Okta: a group", "Entra: a user", "Entra: a group"] {
            let count = plays.iter().filter(|&&one| one == play).count();
            assert!(count >= 8, "{play} has {count} steps");
        }
        assert!(steps.iter().all(|step| step["milliseconds"].is_number()), "{object}");
    }

    async fn a_failed_step_says_what_was_expected_and_what_came_and_the_rest_is_removed(app: App) {
        // A seat for the first user, and none for the second.
        let account = app.account(2).await;
        let before = account.scim.get("/Users").await.expect(200);
        let said = check_account(&account, &["--json"]).await;
        let object = object(&said);
        assert_eq!(said.code, 1, "{object}");
        let failed = failures(&object);
        assert_eq!(failed.len(), 1, "{object}");
        assert_eq!(failed[0]["play"], "Entra: a user");
        assert_eq!(failed[0]["expected"], "status 201");
        assert_eq!(failed[0]["status"], 403);
        assert!(failed[0]["detail"].as_str().unwrap().contains("No licence seat"), "{object}");
        assert!(object["notes"].to_string().contains("two free seats"), "{object}");
        assert_eq!(object["complete"], false);
        assert_eq!(account.scim.get("/Users").await.expect(200), before);
        assert_eq!(account.seats().await, (1, 2));
    }

    async fn a_wrong_token_is_named_as_what_is_wrong(app: App) {
        let account = app.account(3).await;
        let said = check(&account.scim.base, "insomnia_scim_no_such_token", &[]).await;
        assert_eq!(said.code, 1, "{}", said.out);
        assert!(said.out.contains("expected: status 200"), "{}", said.out);
        assert!(said.out.contains("status 401"), "{}", said.out);
        assert!(said.out.contains("refuses the token (401)"), "{}", said.out);
        assert_eq!(said.out.matches('✗').count(), 1, "one reason, not forty: {}", said.out);
        assert!(said.err.contains("1 of 1 steps failed"), "{}", said.err);
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_failure_with_its_reason() {
    // The port was free a moment ago, and is again.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let said = check(&format!("http://127.0.0.1:{port}/scim/v2/x"), "a-token", &[]).await;
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.out.contains("no answer: ") && said.out.contains("does not answer"), "{said:?}");
    assert_eq!(said.out.matches('✗').count(), 1, "{said:?}");
    let said = check(&format!("http://127.0.0.1:{port}"), "a-token", &["--json"]).await;
    assert_eq!((said.code, &object(&said)["passed"]), (1, &Value::Bool(false)), "{said:?}");
}

#[tokio::test]
async fn wrong_arguments_are_told_from_failures() {
    for (url, token) in [
        ("scim.kong.example", "a-token"),
        ("https://user:word@scim.kong.example", "a-token"),
        ("https://scim.kong.example/scim?aadOptscim062020", "a-token"),
        ("https://scim.kong.example", "two tokens"),
    ] {
        let said = check(url, token, &[]).await;
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{url}: {said:?}");
    }
    for arguments in [&["scim"][..], &["scim", "test"], &["scim", "test", "--url", "http://x"]] {
        let output = command(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}
