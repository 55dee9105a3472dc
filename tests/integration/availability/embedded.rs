//! The embedded database's file: made on purpose, watched, and one server's.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::{MOMENT, expect_unavailable, served_again};
use crate::support::{Client, Database, Process, command_of, user};

fn serving(database: &Database) -> (Process, Client, Client) {
    let account = Process::bootstrap(database, 1000);
    let server = Process::serve_url(&database.address(), &[]);
    let health = Client::new(server.url.clone(), String::new());
    let (scim, _) = server.clients(&account);
    (server, health, scim)
}

/// The files of the database: itself, its log and its index.
fn files(database: &Database) -> Vec<PathBuf> {
    let names = ["", "-wal", "-shm"].map(|end| PathBuf::from(format!("{}{end}", database.path())));
    names.into_iter().filter(|path| path.exists()).collect()
}

fn aside(path: &Path) -> PathBuf {
    PathBuf::from(format!("{}.aside", path.display()))
}

/// Nothing is written any more, from now on, and readiness fails in a moment.
async fn expect_displaced(scim: &Client, health: &Client) {
    expect_unavailable(&scim.post("/Users", user("nowhere@kongair.example")).await);
    let since = Instant::now();
    while health.get("/readyz").await.status != 503 {
        assert!(since.elapsed() < MOMENT);
    }
}

#[tokio::test]
async fn nothing_is_written_into_a_file_that_was_moved_and_it_serves_when_it_is_back() {
    let database = Database::sqlite();
    let (_server, health, scim) = serving(&database);
    scim.post("/Users", user("before@kongair.example")).await.expect(201);
    let files = files(&database);
    for file in &files {
        fs::rename(file, aside(file)).unwrap();
    }
    expect_displaced(&scim, &health).await;
    for file in &files {
        fs::rename(aside(file), file).unwrap();
    }
    served_again(&scim, MOMENT).await;
}

#[tokio::test]
async fn nothing_is_written_into_a_file_that_was_deleted() {
    for kept in ["", "-wal"] {
        let database = Database::sqlite();
        let (_server, health, scim) = serving(&database);
        scim.post("/Users", user("before@kongair.example")).await.expect(201);
        let gone = PathBuf::from(format!("{}{kept}", database.path()));
        fs::remove_file(gone).unwrap();
        expect_displaced(&scim, &health).await;
    }
}

#[tokio::test]
async fn nothing_is_written_into_a_file_that_was_replaced() {
    let database = Database::sqlite();
    let (_server, health, scim) = serving(&database);
    scim.post("/Users", user("before@kongair.example")).await.expect(201);
    let copy = aside(Path::new(database.path()));
    fs::copy(database.path(), &copy).unwrap();
    fs::rename(&copy, database.path()).unwrap();
    expect_displaced(&scim, &health).await;
}

/// All users that there are.
async fn users(scim: &Client) -> u64 {
    let answer = scim.get("/Users?count=0").await.expect(200);
    answer["totalResults"].as_u64().unwrap()
}

/// Puts something into the place of the file.
type Put<'a> = &'a dyn Fn(&str);

#[tokio::test]
async fn what_lies_in_the_place_of_the_file_is_not_opened_and_nothing_is_lost() {
    let another = Database::sqlite();
    Process::bootstrap(&another, 10);
    let in_its_place: [(&str, Put<'_>); 4] = [
        ("nothing", &|_| {}),
        ("an empty file", &|path| fs::write(path, "").unwrap()),
        ("another database", &|path| assert!(fs::copy(another.path(), path).is_ok())),
        ("no database", &|path| fs::write(path, "x".repeat(8192)).unwrap()),
    ];
    for (what, put) in in_its_place {
        let database = Database::sqlite();
        let account = Process::bootstrap(&database, 1000);
        let mut server = Process::serve_url(&database.address(), &[]);
        let health = Client::new(server.url.clone(), String::new());
        let (scim, _) = server.clients(&account);
        for number in 0..20 {
            scim.post("/Users", user(&format!("u{number}@kongair.example"))).await.expect(201);
        }
        let (path, kept) = (Path::new(database.path()), aside(Path::new(database.path())));
        let before = users(&scim).await;
        fs::rename(path, &kept).unwrap();
        put(database.path());
        expect_displaced(&scim, &health).await;
        // Each of these takes a connection that there was not before.
        for query in ["filter=name.familyName%20co%20%22x%22", "sortBy=title", "count=1"] {
            let answer = scim.get(&format!("/Users?{query}")).await;
            assert!(matches!(answer.status, 200 | 503), "{what}: {query}: {}", answer.body);
        }
        // Commands leave the log alone, too.
        for command in [
            &["migrate"][..],
            &[
                "bootstrap",
                "--account",
                "x",
                "--owner",
                "o@x.example",
                "--domain",
                "x.example",
                "--seats",
                "1",
            ],
            &["operator", "issue-code", "--customer", "x", "--seats", "1", "--days", "30"],
            &["backup", &format!("{}.copy", database.path())],
        ] {
            let output = command_of(&database, command).output().unwrap();
            assert!(!output.status.success(), "{what}: {command:?} {output:?}");
        }
        let _ = fs::remove_file(path);
        fs::rename(&kept, path).unwrap();
        served_again(&scim, MOMENT).await;
        let after = users(&scim).await;
        assert!(after > before, "{what}: {after} of {before}");
        server.kill();
        let server = Process::serve_url(&database.address(), &[]);
        let (scim, _) = server.clients(&account);
        assert_eq!(users(&scim).await, after, "{what}");
    }
}

#[tokio::test]
async fn a_file_with_a_second_name_is_served_under_neither() {
    let database = Database::sqlite();
    let (server, _, _) = serving(&database);
    let second = format!("{}.second", database.path());
    fs::hard_link(database.path(), &second).unwrap();
    let mut serve = command_of(&database, &["serve", "--listen", "127.0.0.1:0"]);
    let output = serve.env("DATABASE_URL", format!("sqlite://{second}")).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("second name"), "{error}");
    drop(server);
}

#[test]
fn no_database_is_made_by_serving() {
    let database = Database::sqlite();
    let output = command_of(&database, &["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    for word in [database.path(), "--create", "migrate", "bootstrap"] {
        assert!(error.contains(word), "{word}: {error}");
    }
    assert!(!Path::new(database.path()).exists());
}

#[tokio::test]
async fn its_files_are_its_owners_only() {
    let database = Database::sqlite();
    let (_server, _, scim) = serving(&database);
    scim.post("/Users", user("a@kongair.example")).await.expect(201);
    let files = files(&database);
    assert!(files.len() > 1, "{files:?}");
    for file in files {
        let mode = fs::metadata(&file).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", file.display());
    }
}

#[test]
fn a_second_server_on_the_same_file_is_refused() {
    let database = Database::sqlite();
    let server = Process::serve(&database, "info");
    let second = command_of(&database, &["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
    let error = String::from_utf8_lossy(&second.stderr);
    assert_eq!(second.status.code(), Some(1), "{error}");
    assert!(error.contains(database.path()) && error.contains("server"), "{error}");
    drop(server);
    // A server that was killed leaves nothing behind that is in the way.
    Process::serve(&database, "info");
}
