//! Commands, their mistakes and their exit codes.

use std::process::{Command, Output};

use insomnia_scim::store::DatabaseUrl;

use crate::support::{Database, Process, command, command_of, on_both_databases};

/// Runs to the end; gives the exit code, stdout and stderr.
fn run(command: &mut Command) -> (i32, String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

on_both_databases! {
    async fn bootstrap_refuses_an_account_that_exists(database: Database) {
        let account = Process::bootstrap(database, 5);
        let again = ["bootstrap", "--account", "kongair", "--owner", "other@x.example"];
        let (code, out, err) = run(command_of(database, &again).args([
            "--domain", "x.example", "--seats", "9", "--json",
        ]));
        assert_eq!(code, 1, "{err}");
        assert_eq!(out, "");
        assert!(err.contains("kongair") && err.contains("already exists"), "{err}");
        let server = Process::serve(database, "info");
        let (_, admin) = server.clients(&account);
        assert_eq!(admin.get("/seats").await.expect(200)["total"], 5);
        assert_eq!(admin.items("/members").await.len(), 1);
    }

    async fn bootstrap_prints_what_the_contract_names(database: Database) {
        let account = Process::bootstrap(database, 5);
        for name in ["account_id", "scim_base_url", "scim_token", "admin_token"] {
            assert!(account[name].is_string(), "{name} in {account}");
        }
        let id = account["connector_id"].as_str().unwrap();
        assert_eq!(account["scim_base_url"], format!("http://127.0.0.1:8080/scim/v2/{id}"));
    }

    async fn migrating_twice_is_fine(database: Database) {
        for expected in ["ran ", "up to date"] {
            let (code, out, err) = run(&mut command_of(database, &["migrate"]));
            assert_eq!((code, out.as_str()), (0, ""), "{err}");
            assert!(err.contains(expected), "{err}");
        }
    }

    async fn a_second_server_on_the_same_address_says_which(database: Database) {
        let server = Process::serve(database, "info");
        let address = server.url.strip_prefix("http://").unwrap();
        let other = Database::sqlite();
        let serve = ["serve", "--create", "--listen", address];
        let (code, _, err) = run(&mut command_of(&other, &serve));
        assert_eq!(code, 1, "{err}");
        assert!(err.contains(address), "{err}");
    }
}

#[test]
fn an_unknown_flag_is_named() {
    for name in ["serve", "demo", "bootstrap", "migrate"] {
        let (code, out, err) = run(&mut command(&[name, "--listn", "127.0.0.1:0"]));
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains("--listn"), "{err}");
    }
}

#[test]
fn an_unknown_variable_with_our_prefix_is_named() {
    let database = Database::sqlite();
    for name in ["serve", "migrate"] {
        let mut command = command_of(&database, &[name]);
        let (code, _, err) = run(command.env("INSOMNIA_SCIM_LISTN", "127.0.0.1:0"));
        assert_eq!(code, 2, "{err}");
        assert!(
            err.contains("INSOMNIA_SCIM_LISTN") && err.contains("INSOMNIA_SCIM_LISTEN"),
            "{err}"
        );
    }
}

#[test]
fn a_value_that_is_none_is_refused_with_its_setting() {
    for (variable, value) in [
        ("DATABASE_URL", "mysql://kong@localhost/x"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", ""),
        ("INSOMNIA_SCIM_LISTEN", "nowhere"),
        ("INSOMNIA_SCIM_PUBLIC_URL", "scim.kong.example"),
        ("INSOMNIA_SCIM_WORKERS", "0"),
        ("INSOMNIA_SCIM_MAX_BODY", "big"),
    ] {
        let (code, _, err) = run(command(&["serve"]).env(variable, value));
        assert!(matches!(code, 1 | 2), "{variable}={value}: {code} {err}");
        let flag = variable.trim_start_matches("INSOMNIA_SCIM_").replace('_', "-").to_lowercase();
        assert!(err.contains(variable) || err.contains(&flag), "{variable}={value}: {err}");
    }
}

#[test]
fn plain_http_beyond_this_machine_is_refused_until_it_is_wanted() {
    let database = Database::sqlite();
    for arguments in [
        &["serve", "--create", "--listen", "0.0.0.0:0"][..],
        &["serve", "--create", "--listen", "127.0.0.1:0", "--public-url", "http://scim.example"],
    ] {
        let (code, out, err) = run(&mut command_of(&database, arguments));
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains("--public-url") && err.contains("--insecure"), "{err}");
    }
    let url = [("INSOMNIA_SCIM_PUBLIC_URL", "http://scim.example")];
    let insecure = [&url[..], &[("INSOMNIA_SCIM_INSECURE", "true")]].concat();
    drop(Process::serve_with(&database, "info", &insecure));
}

#[test]
fn a_database_that_cannot_be_opened_is_a_failure_with_a_message() {
    for url in ["sqlite:///nonexistent/folder/x.db", "postgres://nobody:hunter2@127.0.0.1:1/x"] {
        for name in ["serve", "migrate"] {
            let (code, _, err) = run(command(&[name]).env("DATABASE_URL", url));
            assert_eq!(code, 1, "{err}");
            assert!(err.contains("insomnia-scim: "), "{err}");
            assert!(!err.contains("hunter2"), "the password is a secret: {err}");
        }
    }
}

on_both_databases! {
    async fn a_start_says_which_database_is_open_and_nothing_of_what_it_is_built_from(database: Database) {
        let mut server = Process::run(&mut command_of(database, &["serve", "--create", "--listen", "127.0.0.1:0"]));
        server.terminate();
        server.wait_for("stopping");
        let (_, log) = server.finish();
        let line = log.lines().find(|line| line.contains("database: ")).unwrap();
        match &database.url {
            DatabaseUrl::Sqlite(path) => assert!(line.contains(path.as_str()), "{line}"),
            DatabaseUrl::Postgres(url) => {
                let name = url.rsplit('/').next().unwrap();
                assert!(line.contains("PostgreSQL, ") && line.contains(name), "{line}");
            }
        }
        for own in log.lines() {
            assert!(own.contains(" insomnia_scim"), "{own}");
        }
    }
}

#[test]
fn what_goes_wrong_with_a_file_names_it() {
    let database = Database::sqlite();
    std::fs::write(database.path(), "this is not a database, whatever its name says").unwrap();
    for arguments in [&["migrate"][..], &["serve"], &["operator", "accounts"]] {
        let (code, _, err) = run(&mut command_of(&database, arguments));
        assert_eq!(code, 1, "{err}");
        let said = err.lines().find(|line| line.starts_with("insomnia-scim: ")).unwrap();
        assert!(said.contains(database.path()), "{said}");
    }
}

#[test]
fn every_command_explains_itself() {
    for arguments in [
        &["--help"][..],
        &["serve", "--help"],
        &["demo", "--help"],
        &["bootstrap", "--help"],
        &["migrate", "--help"],
        &["scim", "--help"],
        &["scim", "test", "--help"],
        &["--version"],
    ] {
        let (code, out, err) = run(&mut command(arguments));
        assert_eq!((code, err.as_str()), (0, ""), "{arguments:?}");
        assert!(out.contains("insomnia-scim"), "{arguments:?}: {out}");
    }
    let (code, ..) = run(&mut command(&[]));
    assert_eq!(code, 2, "no command is a mistake");
}
