//! Names and addresses in place of ids, and the texts of refusals.

use serde_json::{Value, json};

use super::command_line::{admin, complaint, printed};
use crate::support::{Account, App, command, on_both_databases, text, user};

/// Runs a command that works; gives what it prints.
#[track_caller]
fn checked(arguments: &[&str], output: &std::process::Output) -> String {
    assert!(output.status.success(), "{arguments:?}: {}", complaint(output));
    printed(output).trim_end().to_owned()
}

async fn done(app: &App, account: &Account, arguments: &[&str]) -> String {
    checked(arguments, &admin(app, account, arguments).await)
}

async fn refused(app: &App, account: &Account, arguments: &[&str], code: i32) -> String {
    let output = admin(app, account, arguments).await;
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", complaint(&output));
    complaint(&output).to_owned()
}

on_both_databases! {
    async fn a_name_or_an_address_is_as_good_as_an_id(app: App) {
        let account = app.account(9).await;
        let bea = account.add_member("bea@kongair.example", "member").await;
        let cargo = account.add_organization("Cargo").await;
        done(&app, &account, &["teams", "create", "--name", "Flight"]).await;
        done(&app, &account, &["teams", "link", "Flight", "Cargo"]).await;
        let organizations = ["teams", "get", "flight", "--print", "organizations"];
        assert!(done(&app, &account, &organizations).await.contains(&cargo));
        let member = ["members", "get", "bea@kongair.example", "--print", "id"];
        assert_eq!(done(&app, &account, &member).await, bea);

        let add = ["teams", "add-member", "Flight", "--email", "bea@kongair.example"];
        done(&app, &account, &add).await;
        done(&app, &account, &["teams", "remove-member", "Flight", "bea@kongair.example"]).await;
        let left = done(&app, &account, &["teams", "list-members", "Flight", "--print", "id"]).await;
        assert_eq!(left, "");

        let invite = ["invitations", "create", "--team-id", "Flight", "--email", "cora@kongair.example"];
        done(&app, &account, &invite).await;
        done(&app, &account, &["invitations", "revoke", "cora@kongair.example"]).await;
        done(&app, &account, &["licenses", "delete", "bea@kongair.example"]).await;
        assert_eq!(account.recount().await, 1);
    }

    async fn a_name_that_several_have_is_answered_with_their_ids(app: App) {
        let account = app.account(9).await;
        let mut ids = Vec::new();
        for email in ["one@kongair.example", "two@kongair.example"] {
            let mut twin = user(email);
            twin["displayName"] = json!("Twin");
            ids.push(text(&account.scim.post("/Users", twin).await.expect(201), "id"));
        }
        let said = refused(&app, &account, &["members", "get", "Twin"], 1).await;
        assert!(ids.iter().all(|id| said.contains(id)) && said.contains("two@kongair.example"), "{said}");
    }

    async fn what_nothing_is_called_is_refused_by_kind(app: App) {
        let account = app.account(9).await;
        let said = refused(&app, &account, &["teams", "get", "Fligt"], 1).await;
        assert!(said.contains("no team") && said.contains("\"Fligt\""), "{said}");
        assert!(said.contains("insomnia-scim admin teams list"), "{said}");
        let said = refused(&app, &account, &["teams", "get", ""], 2).await;
        assert!(said.contains("<ID>"), "{said}");
    }

    async fn a_token_that_may_not_list_still_works_with_ids(app: App) {
        let account = app.account(9).await;
        let team = text(
            &account.admin.post("/teams", json!({"name": "Flight"})).await.expect(201),
            "id",
        );
        let new = ["tokens", "create", "--name", "x", "--scopes", "teams:manage", "--print", "secret"];
        let token = done(&app, &account, &new).await;
        let rename = |of: &str| ["teams", "change", of, "--name", "Ground", "--token", &token].map(str::to_owned);
        let words = rename("Flight");
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let said = refused(&app, &account, &words, 1).await;
        assert!(said.contains("\"Flight\" is not an id") && said.contains("account:read"), "{said}");
        let words = rename(&team);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        done(&app, &account, &words).await;
    }

    async fn refusals_speak_of_flags(app: App) {
        let account = app.account(9).await;
        for (arguments, expected) in [
            (&["tokens", "create", "--name", "x", "--scopes", "account:read", "--expires-in-days", "0"][..],
             "--expires-in-days: "),
            (&["sso-connections", "create", "--domain", "kongair.example", "--oidc", r#"{"issuer":"x"}"#][..],
             "--oidc: missing field `client_id`"),
            (&["members", "list", "--limit", "0"][..], "--limit: "),
        ] {
            let said = refused(&app, &account, arguments, 1).await;
            assert!(said.contains(expected) && !said.contains("line 1"), "{said}");
        }
    }

    async fn each_way_in_which_a_token_is_wrong_has_its_own_text(app: App) {
        let account = app.account(9).await;
        let new = ["tokens", "create", "--name", "x", "--scopes", "account:read",
            "--expires-in-days", "1", "--print", "secret"];
        let short = done(&app, &account, &new).await;
        app.clock.advance(2 * 24 * 60 * 60 * 1000);
        let guessed = format!("insomnia_admin_{}", "x".repeat(43));
        let operator = "operator-token-of-somebody-else";
        for (command, token, expected) in [
            ("seats", guessed.as_str(), "This token is not known here"),
            ("seats", short.as_str(), "This token ended at "),
            ("seats", account.scim.token.as_str(), "This is a SCIM token"),
            ("session", account.admin.token.as_str(), "a personal token only proves one membership"),
            ("session", "insomnia_session_x", "This session is not known here, or has ended"),
        ] {
            let said = refused(&app, &account, &[command, "get", "--token", token], 1).await;
            assert!(said.contains(expected), "{expected}: {said}");
        }
        for (token, expected) in [
            (account.admin.token.as_str(), "This is an administrator's token"),
            (operator, "This is not the operator's token"),
        ] {
            let list = ["operator", "list-accounts", "--token", token];
            let said = refused(&app, &account, &list, 1).await;
            assert!(said.contains(expected), "{expected}: {said}");
        }
    }

    async fn lists_are_tables_for_people_and_json_for_programs(app: App) {
        let account = app.account(9).await;
        let piped = done(&app, &account, &["members", "list"]).await;
        assert!(piped.lines().next().unwrap().contains("USER_NAME"), "{piped}");
        let table = done(&app, &account, &["members", "list", "--table"]).await;
        let heading = table.lines().next().unwrap();
        assert!(heading.contains("USER NAME") && !heading.contains("NOTE"), "{table}");
        let json = done(&app, &account, &["members", "list", "--json"]).await;
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["items"].as_array().unwrap().len(), 1);
        refused(&app, &account, &["members", "list", "--json", "--table"], 2).await;
    }
}

#[test]
fn a_shell_completes_commands() {
    for (shell, part) in
        [("bash", "complete -F"), ("zsh", "#compdef insomnia-scim"), ("fish", "complete -c")]
    {
        let output = command(&["completions", shell]).output().unwrap();
        let script = printed(&output);
        assert!(output.status.success() && script.contains(part), "{shell}");
        assert!(script.contains("licences") && script.contains("switch-on"), "{shell}");
    }
    assert_eq!(command(&["completions", "cmd"]).output().unwrap().status.code(), Some(2));
}
