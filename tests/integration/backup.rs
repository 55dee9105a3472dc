//! Copies of the embedded database, made under load and put back.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Output;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

use crate::support::{Client, Database, Process, command_of, text, user};

/// Copies that are made while clients provision.
const COPIES: usize = 5;
/// Clients that provision meanwhile.
const CLIENTS: usize = 6;

async fn run(database: &Database, arguments: &[&str]) -> Output {
    let mut command = command_of(database, arguments);
    command.env("RUST_LOG", "info");
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

#[track_caller]
fn succeeded(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{text}");
    text
}

#[track_caller]
fn refused(output: &Output, words: &[&str]) {
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{text}");
    for word in words {
        assert!(text.contains(word), "no {word} in: {text}");
    }
}

/// Provisions until it is told to stop; what was acknowledged goes into the list.
async fn provision(
    scim: Client,
    prefix: usize,
    stop: Arc<AtomicBool>,
    list: Arc<Mutex<Vec<String>>>,
) {
    for number in 0.. {
        if stop.load(Ordering::SeqCst) {
            return;
        }
        let name = format!("u{prefix}-{number}@kongair.example");
        let made = scim.post("/Users", user(&name)).await.expect(201);
        list.lock().unwrap().push(text(&made, "id"));
    }
}

#[tokio::test]
async fn a_copy_made_under_load_has_everything_that_was_acknowledged_and_serves() {
    let database = Database::sqlite();
    let account = Process::bootstrap(&database, 100_000);
    let server = Process::serve_url(&database.address(), &[]);
    let (scim, _) = server.clients(&account);
    let (stop, list) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| {
            tokio::spawn(provision(scim.clone(), number, Arc::clone(&stop), Arc::clone(&list)))
        })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let mut copies = Vec::new();
    for number in 0..COPIES {
        let file = folder.path().join(format!("copy-{number}.db")).display().to_string();
        let before = list.lock().unwrap().clone();
        let said = succeeded(&run(&database, &["backup", &file]).await);
        assert!(said.contains("1 account(s)"), "{said}");
        copies.push((file, before));
    }
    stop.store(true, Ordering::SeqCst);
    for client in clients {
        client.await.unwrap();
    }
    drop(server);
    assert!(copies.last().unwrap().1.len() > copies[0].1.len(), "nothing was written meanwhile");
    for (file, acknowledged) in copies {
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        let elsewhere = Database::sqlite();
        succeeded(&run(&elsewhere, &["restore", &file]).await);
        let server = Process::serve_url(&elsewhere.address(), &[]);
        let (scim, admin) = server.clients(&account);
        let ids: Vec<String> = acknowledged;
        for id in &ids {
            scim.get(&format!("/Users/{id}")).await.expect(200);
        }
        let members = scim.get("/Users?count=0").await.expect(200)["totalResults"].clone();
        assert_eq!(members, admin.recount().await, "seats are members");
        assert!(members.as_u64().unwrap() > ids.len() as u64);
        scim.post("/Users", user("after@kongair.example")).await.expect(201);
    }
}

#[tokio::test]
async fn what_was_there_before_is_kept_aside_whole() {
    let database = Database::sqlite();
    let account = Process::bootstrap(&database, 9);
    let file = format!("{}.copy", database.path());
    succeeded(&run(&database, &["backup", &file]).await);
    let server = Process::serve_url(&database.address(), &[]);
    let (scim, _) = server.clients(&account);
    scim.post("/Users", user("later@kongair.example")).await.expect(201);
    refused(&run(&database, &["restore", &file]).await, &["serves", database.path()]);
    drop(server);
    let said = succeeded(&run(&database, &["restore", &file]).await);
    let aside = format!("{}.replaced-0", database.path());
    assert!(said.contains(&aside), "{said}");
    for (there, users) in [(database.address(), 1), (format!("sqlite://{aside}"), 2)] {
        let server = Process::serve_url(&there, &[]);
        let (scim, _) = server.clients(&account);
        assert_eq!(scim.get("/Users?count=0").await.expect(200)["totalResults"], users);
    }
}

#[tokio::test]
async fn what_is_no_copy_is_refused_and_nothing_is_replaced() {
    let database = Database::sqlite();
    let account = Process::bootstrap(&database, 9);
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).display().to_string();
    let whole = file("whole.db");
    succeeded(&run(&database, &["backup", &whole]).await);
    refused(&run(&database, &["backup", &whole]).await, &[&whole, "--force"]);
    succeeded(&run(&database, &["backup", &whole, "--force"]).await);
    fs::write(file("text.db"), "no database").unwrap();
    let bytes = fs::read(&whole).unwrap();
    fs::write(file("half.db"), &bytes[..bytes.len() / 2]).unwrap();
    for name in ["text.db", "half.db", "none.db"] {
        let file = file(name);
        refused(&run(&database, &["restore", &file]).await, &[&file]);
    }
    let missing = Database::sqlite();
    refused(&run(&missing, &["backup", &file("empty.db")]).await, &[missing.path()]);
    let server = Process::serve_url(&database.address(), &[]);
    let (scim, _) = server.clients(&account);
    scim.get("/Users?count=0").await.expect(200);
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|it| it.unwrap().path()).collect();
    assert_eq!(left.len(), 3, "nothing half-made is left: {left:?}");
}

#[tokio::test]
async fn a_database_is_not_replaced_by_its_own_copy() {
    let database = Database::sqlite();
    let account = Process::bootstrap(&database, 9);
    let server = Process::serve_url(&database.address(), &[]);
    let (scim, _) = server.clients(&account);
    scim.post("/Users", user("first@kongair.example")).await.expect(201);
    let link = format!("{}.link", database.path());
    std::os::unix::fs::symlink(database.path(), &link).unwrap();
    let [log, key, claim] =
        ["-wal", "-key", "-server"].map(|end| format!("{}{end}", database.path()));
    for file in [database.path(), &link, &log, &key, &claim] {
        refused(&run(&database, &["backup", file, "--force"]).await, &[file, "itself"]);
    }
    scim.post("/Users", user("second@kongair.example")).await.expect(201);
    drop(server);
    refused(&run(&database, &["restore", &link]).await, &[&link, "itself"]);
}

#[tokio::test]
async fn a_database_that_somebody_has_open_is_not_replaced() {
    let database = Database::sqlite();
    Process::bootstrap(&database, 9);
    let file = format!("{}.copy", database.path());
    succeeded(&run(&database, &["backup", &file]).await);
    let mut other = SqliteConnection::establish(database.path()).unwrap();
    other.batch_execute("BEGIN; SELECT count(*) FROM members").unwrap();
    refused(&run(&database, &["restore", &file]).await, &[database.path(), "open"]);
    other.batch_execute("ROLLBACK").unwrap();
    drop(other);
    succeeded(&run(&database, &["restore", &file]).await);
    let logs = ["-wal", "-shm"].map(|end| format!("{}{end}", database.path()));
    assert!(logs.iter().all(|log| !std::path::Path::new(log).exists()));
}

#[tokio::test]
async fn for_postgresql_its_own_programs_are_named() {
    let Some(database) = Database::postgres() else { return };
    refused(&run(&database, &["backup", "/nonexistent/x"]).await, &["pg_dump"]);
    refused(&run(&database, &["restore", "/nonexistent/x"]).await, &["pg_restore"]);
}
