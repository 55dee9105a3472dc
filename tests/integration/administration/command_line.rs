//! The administrators' API as commands of the real binary.

use std::process::Output;

use serde_json::Value;

use crate::support::{Account, App, command, on_both_databases};

/// Runs `insomnia-scim admin …` as the account's owner.
pub async fn admin(app: &App, account: &Account, arguments: &[&str]) -> Output {
    let mut command = command(&[&["admin"], arguments].concat());
    command
        .env("INSOMNIA_SCIM_ADMIN_URL", &app.url)
        .env("INSOMNIA_SCIM_ADMIN_TOKEN", &account.admin.token);
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

pub fn printed(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

pub fn complaint(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

on_both_databases! {
    async fn an_administrator_works_with_commands(app: App) {
        let account = app.account(9).await;
        let made = admin(&app, &account, &["organizations", "create", "--name", "Cargo", "--json"]).await;
        assert!(made.status.success(), "{}", complaint(&made));
        let organization: Value = serde_json::from_slice(&made.stdout).unwrap();
        let organization = organization["id"].as_str().unwrap();
        let team = admin(&app, &account, &["teams", "create", "--name", "Flight", "--json"]).await;
        let team: Value = serde_json::from_slice(&team.stdout).unwrap();
        let team = team["id"].as_str().unwrap();
        let linked = admin(&app, &account, &["teams", "link", team, organization]).await;
        assert!(linked.status.success() && linked.stdout.is_empty(), "{}", complaint(&linked));
        let shown = admin(&app, &account, &["teams", "list"]).await;
        let lines: Vec<&str> = printed(&shown).lines().collect();
        assert!(lines[0].starts_with("ID ") && lines[0].contains("ORGANIZATIONS"), "{lines:?}");
        assert!(lines[1].contains("Flight") && lines[1].contains(organization), "{lines:?}");
        let seats = admin(&app, &account, &["seats", "read"]).await;
        assert!(printed(&seats).contains("total                9\n"), "{}", printed(&seats));
        let log = admin(&app, &account, &["audit-log", "export-csv"]).await;
        assert!(printed(&log).starts_with("at,actor_kind"), "{}", printed(&log));
    }

    async fn a_refusal_is_said_in_the_servers_words_with_status_1(app: App) {
        let account = app.account(9).await;
        let twice = ["organizations", "create", "--name", "Cargo"];
        assert!(admin(&app, &account, &twice).await.status.success());
        let refused = admin(&app, &account, &twice).await;
        assert_eq!(refused.status.code(), Some(1));
        assert!(complaint(&refused).contains("\"Cargo\" already exists"), "{}", complaint(&refused));
        assert!(refused.stdout.is_empty());
    }

    async fn what_is_partly_refused_is_told_whole_and_ends_with_status_1(app: App) {
        let account = app.account(9).await;
        let member = account.add_member("pilot@kongair.example", "member").await;
        let chosen = ["licences", "remove-several", "--ids", &member, "--ids", "gone", "--json"];
        let partly = admin(&app, &account, &chosen).await;
        assert_eq!(partly.status.code(), Some(1));
        assert!(complaint(&partly).contains("1 of 2 refused"), "{}", complaint(&partly));
        let told: Value = serde_json::from_slice(&partly.stdout).unwrap();
        assert_eq!((&told["removed"], &told["results"][0]["refusal"]), (&1.into(), &Value::Null));
        assert!(told["results"][1]["refusal"]["detail"].as_str().unwrap().contains("gone"));
        let other = account.add_member("other@kongair.example", "member").await;
        let whole = admin(&app, &account, &["licences", "remove-several", "--ids", &other]).await;
        assert!(whole.status.success(), "{}", complaint(&whole));
    }

    async fn lists_are_read_to_their_end(app: App) {
        let account = app.account(200).await;
        for number in 0..120 {
            account.add_member(&format!("m{number}@kongair.example"), "member").await;
        }
        let all = admin(&app, &account, &["members", "list", "--json"]).await;
        let all: Value = serde_json::from_slice(&all.stdout).unwrap();
        assert_eq!(all["items"].as_array().unwrap().len(), 121);
        let some = admin(&app, &account, &["members", "list", "--limit", "7", "--json"]).await;
        let some: Value = serde_json::from_slice(&some.stdout).unwrap();
        assert_eq!(some["items"].as_array().unwrap().len(), 7);
        assert!(some["next_cursor"].is_string());
    }

    async fn mistakes_are_explained(app: App) {
        let account = app.account(9).await;
        for (arguments, code, said) in [
            (&["teams", "create"][..], 2, "--name <NAME>"),
            (&["teams", "fly"][..], 2, "unrecognized subcommand 'fly'"),
            (&["teams"][..], 2, "Usage: insomnia-scim admin teams"),
            (&["tokens", "create", "--name", "x", "--expires-in-days", "soon"][..], 2, "a number"),
            (&["seats", "read", "--url", "http://127.0.0.1:1"][..], 1, "cannot be reached"),
            (&["seats", "read", "--url", "nowhere"][..], 2, "--url (INSOMNIA_SCIM_ADMIN_URL)"),
            (&["seats", "read", "--token", "wrong"][..], 1, "This token is not known here"),
            (&["seats", "read", "--token", "two words"][..], 2, "--token (INSOMNIA_SCIM_ADMIN_TOKEN)"),
            (&["teams", "create", "--name", "x", "--role", "king"][..], 2, "'--role <ROLE>'"),
        ] {
            let output = admin(&app, &account, arguments).await;
            assert_eq!(output.status.code(), Some(code), "{arguments:?}");
            assert!(complaint(&output).contains(said), "{arguments:?}: {}", complaint(&output));
            assert!(!complaint(&output).contains(&account.admin.token));
        }
    }
}

#[test]
fn without_a_token_it_is_asked_for() {
    let output = command(&["admin", "seats", "read"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(complaint(&output).contains("INSOMNIA_SCIM_ADMIN_TOKEN"), "{}", complaint(&output));
}
