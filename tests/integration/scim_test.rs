//! `scim test`: what an administrator sees when the connector is checked from outside.

mod between;

use std::net::TcpListener;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::support::{Account, Process, command, command_of, on_both_databases};
use between::{Between, Fault};

/// What the command said.
#[derive(Debug)]
struct Said {
    code: i32,
    out: String,
    err: String,
}

/// The command that checks a connector, told to log everything that it can.
fn check_of(url: &str, token: &str, options: &[&str]) -> Command {
    let mut command = command(&["scim", "test"]);
    command
        .args(options)
        .env("INSOMNIA_SCIM_URL", url)
        .env("INSOMNIA_SCIM_TOKEN", token)
        .env("RUST_LOG", "trace")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Waits for the end. The token must appear nowhere: of the log, only the command's own complaint
/// is let through, since the HTTP client's shows every byte.
async fn said(running: std::process::Child, token: &str) -> Said {
    // The server's threads must not wait for this one.
    let output = tokio::task::spawn_blocking(move || running.wait_with_output().unwrap());
    let Output { status, stdout, stderr } = output.await.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let said = Said { code: status.code().unwrap(), out: text(stdout), err: text(stderr) };
    assert!(!said.out.contains(token) && !said.err.contains(token), "the token is a secret");
    if said.code == 1 {
        assert!(
            said.err.starts_with("insomnia-scim: ") && said.err.lines().count() == 1,
            "{said:?}"
        );
    }
    said
}

/// Checks a connector.
async fn check(url: &str, token: &str, options: &[&str]) -> Said {
    said(check_of(url, token, options).spawn().unwrap(), token).await
}

/// Checks a connector through something in between.
async fn check_through(between: &Between, account: &Account, options: &[&str]) -> Said {
    check(&through(between, account), &account.scim.token, options).await
}

fn through(between: &Between, account: &Account) -> String {
    format!("{}/scim/v2/{}", between.url, account.made.connector_id)
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
        assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
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

    async fn what_a_failed_create_has_made_all_the_same_is_found_and_removed(app: App) {
        let account = app.account(3).await;
        let before = account.snapshot().await;
        let between = Between::start(&app.url, Fault::LosesNewGroups);
        let said = check_through(&between, &account, &[]).await;
        assert_eq!(said.code, 1, "{}", said.out);
        assert_eq!(said.out.matches('✗').count(), 2, "{}", said.out);
        let came = "came:     status 500, not JSON (no content type): <html>failed  Bearer [token]";
        assert!(said.out.contains(came), "{}", said.out);
        assert_eq!(said.out.matches("✓ look for insomnia-scim-test-").count(), 2, "{}", said.out);
        assert_eq!(account.snapshot().await, before);
    }

    async fn what_cannot_be_removed_is_named(app: App) {
        let account = app.account(3).await;
        let between = Between::start(&app.url, Fault::KeepsUsers);
        let said = check_through(&between, &account, &["--json"]).await;
        let object = object(&said);
        assert_eq!(said.code, 1, "{object}");
        let left = account.scim.get("/Users?filter=userName+co+%22scim-test%22").await.expect(200);
        assert_eq!(left["totalResults"], 2);
        for user in left["Resources"].as_array().unwrap() {
            let [id, name] = ["id", "userName"].map(|name| user[name].as_str().unwrap());
            let note = format!("/Users/{id} ({name}) is left behind: remove it by hand.");
            assert!(object["notes"].as_array().unwrap().contains(&note.into()), "{object}");
        }
    }

    async fn interrupted_it_removes_what_it_made(app: App) {
        let account = app.account(3).await;
        let before = account.snapshot().await;
        let between = Between::start(&app.url, Fault::IsSlow);
        let (url, token) = (through(&between, &account), &account.scim.token);
        let running = check_of(&url, token, &[]).spawn().unwrap();
        let first_user = async {
            while account.seats().await.0 == 1 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), first_user).await.unwrap();
        let id = running.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        let said = said(running, token).await;
        assert_eq!(said.code, 1, "{}", said.out);
        assert!(said.out.contains("Interrupted"), "{}", said.out);
        assert!(said.out.contains("✓ remove /Users/"), "{}", said.out);
        assert_eq!(account.snapshot().await, before);
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

on_both_databases! {
    async fn a_check_waits_for_a_server_that_is_starting(database: Database) {
        let account = Process::bootstrap(database, 5);
        let token = account["scim_token"].as_str().unwrap();
        // Free a moment ago; nothing else on this machine asks for it by number.
        let place = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let connector = account["connector_id"].as_str().unwrap();
        let url = format!("http://{place}/scim/v2/{connector}");
        let waiting = check_of(&url, token, &["--wait=60"]).spawn().unwrap();
        let _server = Process::run(command_of(database, &["serve", "--listen", &place]).env("RUST_LOG", "info"));
        let said = said(waiting, token).await;
        assert_eq!(said.code, 0, "{said:?}");
    }
}

#[tokio::test]
async fn waiting_for_a_server_to_check_has_an_end() {
    let said = check("http://127.0.0.1:1/scim/v2/x", "secret-token", &["--wait=1"]).await;
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.err.contains("not ready after 1 s") && said.out.is_empty(), "{said:?}");
}
