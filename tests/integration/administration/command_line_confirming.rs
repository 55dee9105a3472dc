//! Commands that ask for a name, that are refused in part, and that wait for the server.

use std::net::TcpListener;
use std::process::Stdio;

use super::command_line::{admin, complaint, printed};
use crate::support::{Account, App, Process, command, command_of, on_both_databases, text};

/// Runs a command; gives the exit code and the complaint.
async fn run(app: &App, account: &Account, arguments: &[&str]) -> (i32, String) {
    let output = admin(app, account, arguments).await;
    (output.status.code().unwrap(), complaint(&output).to_owned())
}

on_both_databases! {
    async fn what_is_not_undone_asks_for_the_name(app: App) {
        let account = app.account(9).await;
        account.add_organization("Cargo").await;
        let (code, said) = run(&app, &account, &["organizations", "delete", "Cargo"]).await;
        assert!(code == 2 && said.contains("--confirm 'Cargo'"), "{code}: {said}");
        let wrong = ["organizations", "delete", "Cargo", "--confirm", "Passengers"];
        let (code, said) = run(&app, &account, &wrong).await;
        assert!(code == 2 && said.contains("\"Passengers\" is not the name"), "{code}: {said}");
        assert_eq!(account.admin.items("/organizations").await.len(), 2);
        let right = ["organizations", "delete", "Cargo", "--confirm", "Cargo"];
        assert_eq!(run(&app, &account, &right).await, (0, String::new()));
        assert_eq!(account.admin.items("/organizations").await.len(), 1);

        assert_eq!(run(&app, &account, &["connector", "disable"]).await.0, 2);
        let domain = account.admin.items("/domains").await.remove(0);
        let domain = text(&domain, "name");
        assert_eq!(run(&app, &account, &["domains", "delete", &domain]).await.0, 2);
        assert_eq!(run(&app, &account, &["connector", "disable", "--confirm", "SCIM"]).await.0, 0);
    }

    async fn a_team_asks_for_its_name_once_it_is_linked(app: App) {
        let account = app.account(9).await;
        for team in ["Flight", "Sales"] {
            assert_eq!(run(&app, &account, &["teams", "create", "--name", team]).await.0, 0);
        }
        let first = ["teams", "link", "Flight", "Personal Workspace"];
        assert_eq!(run(&app, &account, &first).await, (0, String::new()));
        assert_eq!(run(&app, &account, &["teams", "delete", "Sales"]).await, (0, String::new()));
        let (code, said) = run(&app, &account, &["teams", "delete", "Flight"]).await;
        assert!(code == 2 && said.contains("--confirm 'Flight'"), "{code}: {said}");
        let right = ["teams", "delete", "Flight", "--confirm", "Flight"];
        assert_eq!(run(&app, &account, &right).await.0, 0);
    }

    async fn a_call_that_is_refused_in_part_has_failed(app: App) {
        let account = app.account(2).await;
        account.add_organization("Cargo").await;
        let invite = ["organizations", "invite", "Cargo", "--emails", "bea@kongair.example",
            "--emails", "cora@kongair.example"];
        let output = admin(&app, &account, &invite).await;
        assert_eq!(output.status.code(), Some(1), "{}", complaint(&output));
        let said = complaint(&output);
        assert!(said.contains("1 of 2 refused") && said.contains("cora@kongair.example: "), "{said}");
        assert!(printed(&output).contains("bea@kongair.example"), "{}", printed(&output));
        let (code, said) = run(&app, &account, &["invitations", "list", "--print", "email"]).await;
        assert_eq!((code, said.as_str()), (0, ""));
    }
}

on_both_databases! {
    async fn more_than_one_call_takes_is_done_in_parts(app: App) {
        let account = app.account(700).await;
        account.add_organization("Cargo").await;
        let mut emails: Vec<String> =
            (0..600).map(|number| format!("guest-{number}@kongair.example")).collect();
        // Twice the same, and one that is no address.
        emails[20] = emails[10].clone();
        emails[550] = "nobody".to_owned();
        let mut invite = vec!["organizations", "invite", "Cargo"];
        invite.extend(emails.iter().flat_map(|email| ["--emails", email.as_str()]));
        let output = admin(&app, &account, &invite).await;
        let said = complaint(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        for part in ["500 of 599 done, 0 refused", "599 of 599 done, 1 refused", "1 of 599 refused"] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert!(said.contains("nobody: "), "{said}");
        assert!(printed(&output).contains("guest-599@kongair.example"));
        assert_eq!(account.admin.items_of("/invitations?state=pending").await.len(), 598);

        let ids = admin(&app, &account, &["invitations", "list", "--print", "id"]).await;
        let ids = printed(&ids);
        let mut remove = vec!["licences", "remove-several"];
        remove.extend(ids.lines().flat_map(|id| ["--ids", id]));
        let output = admin(&app, &account, &remove).await;
        assert!(output.status.success(), "{}", complaint(&output));
        assert!(printed(&output).contains("598"), "{}", printed(&output));
        assert_eq!(account.admin.items_of("/invitations?state=pending").await.len(), 0);
    }
}

on_both_databases! {
    async fn a_command_waits_for_a_server_that_is_starting(database: Database) {
        let account = Process::bootstrap(database, 5);
        // Free a moment ago; nothing else on this machine asks for it by number.
        let place = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let waiting = command(&["admin", "seats", "get", "--print", "total", "--wait=60"])
            .env("INSOMNIA_SCIM_ADMIN_URL", format!("http://{place}"))
            .env("INSOMNIA_SCIM_ADMIN_TOKEN", account["admin_token"].as_str().unwrap())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let serve = ["serve", "--listen", &place];
        let _server = Process::run(command_of(database, &serve).env("RUST_LOG", "info"));
        let output = waiting.wait_with_output().unwrap();
        assert!(output.status.success());
        assert_eq!(printed(&output), "5\n");
    }
}

#[test]
fn waiting_has_an_end() {
    let wait = ["admin", "seats", "get", "--url", "http://127.0.0.1:1", "--token", "x", "--wait=1"];
    let output = command(&wait).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(complaint(&output).contains("not ready after 1 s"), "{}", complaint(&output));
}
