//! `/readyz` is 200 exactly where a read and a write succeed.

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use serde_json::Value;

use super::{MOMENT, expect_unavailable, served_again};
use crate::support::{
    Client, Database, Process, at_once, command_of, on_both_databases, text, user,
};

/// Asks until the status is the expected one, for a moment.
async fn ready(health: &Client, expected: u16) {
    let asked = async { while health.get("/readyz").await.status != expected {} };
    tokio::time::timeout(MOMENT, asked).await.expect("readiness in a moment");
}

/// A server, a client for its health, and one for its account.
fn serving(database: &Database) -> (Process, Client, Client, Value) {
    let account = Process::bootstrap(database, 10_000);
    let server = Process::serve_url(&database.address(), &[]);
    let health = Client::new(server.url.clone(), String::new());
    let (scim, _) = server.clients(&account);
    (server, health, scim, account)
}

on_both_databases! {
    async fn a_schema_that_is_newer_is_not_served(database: Database) {
        let (_server, health, scim, _) = serving(database);
        scim.post("/Users", user("before@kongair.example")).await.expect(201);
        ready(&health, 200).await;
        database.execute(
            "INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000000')",
        );
        ready(&health, 503).await;
        for answer in [
            scim.get("/Users?count=1").await,
            scim.post("/Users", user("newer@kongair.example")).await,
        ] {
            expect_unavailable(&answer);
        }
        let second = command_of(database, &["bootstrap", "--account", "x"])
            .args(["--owner", "o@x.example", "--domain", "x.example", "--seats", "1"])
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&second.stderr);
        assert!(!second.status.success() && error.contains("newer"), "{error}");
        database.execute("DELETE FROM __diesel_schema_migrations WHERE version > '2999'");
        served_again(&scim, MOMENT).await;
        ready(&health, 200).await;
    }

    async fn a_schema_that_is_older_is_not_served(database: Database) {
        let (_server, health, scim, _) = serving(database);
        ready(&health, 200).await;
        database.execute(
            "CREATE TABLE kept AS SELECT * FROM __diesel_schema_migrations; \
             DELETE FROM __diesel_schema_migrations WHERE version > '20260101000000'",
        );
        ready(&health, 503).await;
        expect_unavailable(&scim.get("/Users?count=1").await);
        database.execute(
            "DELETE FROM __diesel_schema_migrations; \
             INSERT INTO __diesel_schema_migrations SELECT * FROM kept; DROP TABLE kept",
        );
        served_again(&scim, MOMENT).await;
    }

    async fn load_alone_never_makes_it_fail(database: Database) {
        let (server, health, scim, account) = serving(database);
        let (_, admin) = server.clients(&account);
        let load: Vec<_> = (0..48).map(|number| {
            let (scim, admin) = (scim.clone(), admin.clone());
            async move {
                for round in 0..6 {
                    let name = format!("load-{number}-{round}@kongair.example");
                    scim.post("/Users", user(&name)).await.expect(201);
                    let scanned = scim.get("/Users?sortBy=title&filter=title%20co%20%22a%22").await;
                    assert!(matches!(scanned.status, 200 | 429), "{}", scanned.body);
                    admin.get("/members").await.expect(200);
                }
            }
        }).collect();
        let load = tokio::spawn(at_once(load));
        let mut asked = 0;
        while !load.is_finished() {
            let answer = health.get("/readyz").await;
            assert_eq!(answer.status, 200, "{} after {asked}", answer.body);
            asked += 1;
        }
        load.await.unwrap();
        assert!(asked > 3);
    }
}

#[tokio::test]
async fn a_server_that_is_read_only_is_not_ready() {
    let Some(database) = Database::postgres() else { return };
    let (_server, health, scim, _) = serving(&database);
    scim.post("/Users", user("before@kongair.example")).await.expect(201);
    ready(&health, 200).await;
    let name = database.address().rsplit_once('/').unwrap().1.to_owned();
    let end_sessions = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = '{name}' AND pid <> pg_backend_pid()"
    );
    database.execute(&format!(
        "ALTER DATABASE {name} SET default_transaction_read_only = on; {end_sessions}"
    ));
    ready(&health, 503).await;
    expect_unavailable(&scim.post("/Users", user("after@kongair.example")).await);
    scim.get("/Users?count=1").await.expect(200);
    database.execute(&format!(
        "BEGIN READ WRITE; ALTER DATABASE {name} RESET default_transaction_read_only; COMMIT; {end_sessions}"
    ));
    served_again(&scim, MOMENT).await;
    ready(&health, 200).await;
}

#[tokio::test]
async fn a_full_disk_is_not_ready() {
    let database = Database::sqlite();
    let account = Process::bootstrap(&database, 10_000);
    // A limit of the process on the length of files stands for the disk.
    let mut shell = std::process::Command::new("bash");
    let serve = "trap '' XFSZ; ulimit -f 1200; exec \"$0\" serve --listen 127.0.0.1:0 --readers 2";
    shell.args(["-c", serve, env!("CARGO_BIN_EXE_insomnia-scim")]);
    shell.env("DATABASE_URL", database.address()).env("RUST_LOG", "info");
    let server = Process::run(&mut shell);
    let health = Client::new(server.url.clone(), String::new());
    let (scim, _) = server.clients(&account);
    ready(&health, 200).await;
    let mut written = Vec::new();
    let refused = loop {
        let name = format!("full-{}@kongair.example", written.len());
        let answer = scim.post("/Users", user(&name)).await;
        if answer.status != 201 {
            break answer;
        }
        written.push(text(&answer.body, "id"));
        assert!(written.len() < 20_000, "the limit was never reached");
    };
    expect_unavailable(&refused);
    ready(&health, 503).await;
    for id in &written {
        scim.get(&format!("/Users/{id}")).await.expect(200);
    }
    drop(server);
    let server = Process::serve_url(&database.address(), &[]);
    let (scim, admin) = server.clients(&account);
    assert_eq!(admin.recount().await, i64::try_from(written.len()).unwrap() + 1);
    served_again(&scim, MOMENT).await;
}

#[tokio::test]
async fn a_database_that_somebody_holds_is_busy_and_then_serves() {
    let database = Database::sqlite();
    let (_server, health, scim, _) = serving(&database);
    let mut other = SqliteConnection::establish(database.path()).unwrap();
    other.batch_execute("PRAGMA busy_timeout = 1000; BEGIN IMMEDIATE").unwrap();
    expect_unavailable(&scim.post("/Users", user("held@kongair.example")).await);
    assert_eq!(health.get("/readyz").await.status, 503);
    scim.get("/Users?count=1").await.expect(200);
    other.batch_execute("ROLLBACK").unwrap();
    served_again(&scim, MOMENT).await;
    ready(&health, 200).await;
}
