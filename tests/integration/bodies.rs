//! How much the server reads of whom, and how long it waits for it.

use std::time::Duration;

use insomnia_scim::http::Patience;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{
    App, Database, Options, Process, on_both_databases, on_both_migrated_databases, user,
};

/// Longer than a stranger's body.
const TOO_LONG: usize = 16 * 1024 + 1;

/// A connection on which the head of a POST was sent.
async fn posting(app: &App, path: &str, head: &str) -> TcpStream {
    let address = app.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("POST {path} HTTP/1.1\r\nHost: {address}\r\n{head}\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// What the server answers until it closes the connection.
async fn answer(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A server that closes while bytes are on their way resets the connection after its answer.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

/// What everybody can reach, with the media type that it takes.
const PUBLIC: [(&str, &str); 14] = [
    ("/api/v1/sign-in", "application/json"),
    ("/api/v1/sign-ups", "application/json"),
    ("/api/v1/sign-ups/confirm", "application/json"),
    ("/api/v1/sessions", "application/json"),
    ("/api/v1/activations", "application/json"),
    ("/api/v1/invitations/accept", "application/json"),
    ("/oauth/token", "application/x-www-form-urlencoded"),
    ("/oauth/authorize", "application/x-www-form-urlencoded"),
    ("/sign-up", "application/x-www-form-urlencoded"),
    ("/invitations/accept", "application/x-www-form-urlencoded"),
    ("/accounts", "application/x-www-form-urlencoded"),
    ("/my-addresses", "application/x-www-form-urlencoded"),
    ("/sso/saml/none/acs", "application/x-www-form-urlencoded"),
    ("/sso/saml/00000000-0000-4000-8000-000000000000/acs", "application/x-www-form-urlencoded"),
];

on_both_databases! {
    async fn a_length_that_is_too_long_is_refused_before_anything_is_read(app: App) {
        let account = app.account(5).await;
        let lengths = [TOO_LONG, 7 * 1024 * 1024, 9 * 1024 * 1024, usize::MAX];
        for (path, media_type) in PUBLIC {
            for length in lengths {
                let head = format!("Content-Type: {media_type}\r\nContent-Length: {length}\r\n");
                let answer = answer(&mut posting(&app, path, &head).await).await;
                assert!(answer.starts_with("HTTP/1.1 413"), "{path} {length}: {answer}");
            }
        }
        let authorization = format!("Authorization: Bearer {}\r\n", account.scim.token);
        let path = format!("/scim/v2/{}/Users", account.made.connector_id);
        let head = format!("{authorization}Content-Length: {}\r\n", 9 * 1024 * 1024);
        let refused = answer(&mut posting(&app, &path, &head).await).await;
        assert!(refused.starts_with("HTTP/1.1 413") && refused.contains("8388608"), "{refused}");
        assert!(refused.contains("api:messages:2.0:Error"), "{refused}");
        let billing = format!("Content-Length: {}\r\n", 64 * 1024 + 1);
        let refused = answer(&mut posting(&app, "/api/v1/billing/events", &billing).await).await;
        assert!(refused.starts_with("HTTP/1.1 413"), "{refused}");
    }

    async fn a_length_that_is_not_declared_is_counted(app: App) {
        for (path, media_type) in PUBLIC {
            let head = format!("Content-Type: {media_type}\r\nTransfer-Encoding: chunked\r\n");
            let mut stream = posting(&app, path, &head).await;
            let chunk = format!("{TOO_LONG:x}\r\n{}\r\n", "x".repeat(TOO_LONG));
            stream.write_all(chunk.as_bytes()).await.unwrap();
            let answer = answer(&mut stream).await;
            assert!(answer.starts_with("HTTP/1.1 413"), "{path}: {answer}");
        }
    }

    async fn who_is_known_may_send_more_and_who_is_not_is_not_read(app: App) {
        let account = app.account(5).await;
        let mut long = user("long@kongair.example");
        for name in ["displayName", "title", "nickName"] {
            long[name] = "x".repeat(15 * 1024).into();
        }
        account.scim.post("/Users", long.clone()).await.expect(201);
        account.scim.with_token("wrong").post("/Users", long).await.expect(401);
        let long = json!({"name": "x".repeat(100 * 1024)});
        account.admin.post("/teams", long.clone()).await.expect(422);
        account.admin.with_token("wrong").post("/teams", long).await.expect(401);
        // Not a byte of the body has to come.
        let head = format!("Content-Length: {}\r\nContent-Type: application/json\r\n", 1 << 20);
        let refused = answer(&mut posting(&app, "/api/v1/teams", &head).await).await;
        assert!(refused.starts_with("HTTP/1.1 401"), "{refused}");
    }

    async fn methods_and_paths_of_strangers_are_no_series_of_metrics(app: App) {
        let address = app.url.strip_prefix("http://").unwrap();
        for number in 0..20 {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let head = format!(
                "BREW{number} /made-up/{number} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).await.unwrap();
            answer(&mut stream).await;
        }
        let text = reqwest::get(format!("{}/metrics", app.url)).await.unwrap().text().await.unwrap();
        assert!(!text.contains("BREW") && !text.contains("made-up"), "{text}");
        assert!(text.contains("method=\"other\",route=\"unknown\""), "{text}");
    }
}

/// A server that waits for nobody.
/// Connections of strangers that each send half of a body.
const STRANGERS: usize = 1500;

#[tokio::test]
async fn unfinished_bodies_of_strangers_hold_little_memory_and_give_it_back() {
    let database = Database::sqlite();
    let account = Process::bootstrap(&database, 9);
    let server = Process::serve_url(&database.address(), &[]);
    let (scim, _) = server.clients(&account);
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).unwrap();
    scim.get("/Users?count=1").await.expect(200);
    let before = server.memory().unwrap_or_default();
    let (address, half) = (server.url.strip_prefix("http://").unwrap(), vec![b'x'; 15 * 1024]);
    let mut strangers = Vec::new();
    for _ in 0..STRANGERS {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST /oauth/token HTTP/1.1\r\nHost: {address}\r\nContent-Length: 16000\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        // Who is refused may find the connection closed.
        let _ = stream.write_all(&half).await;
        strangers.push(stream);
    }
    scim.get("/Users?count=1").await.expect(200);
    let Some(peak) = server.peak_memory() else { return };
    assert!(peak < 256 * 1024 * 1024, "{peak} bytes");
    drop(strangers);
    let given_back = async {
        while server.memory().unwrap() > before + 64 * 1024 * 1024 {
            scim.get("/Users?count=1").await.expect(200);
        }
    };
    tokio::time::timeout(Duration::from_secs(30), given_back).await.unwrap();
}

fn impatient() -> Options {
    let mut options = Options::default();
    options.limits.patience =
        Patience { whole: Duration::from_millis(300), span: Duration::from_millis(100) };
    options
}

on_both_migrated_databases! {
    async fn a_body_that_does_not_come_is_given_up(database: Database) {
        let app = App::start_with(database, impatient());
        let account = app.account(5).await;
        let token = format!("Authorization: Bearer {}\r\n", account.scim.token);
        let admin = format!("Authorization: Bearer {}\r\n", account.admin.token);
        let users = format!("/scim/v2/{}/Users", account.made.connector_id);
        let mut waiting = Vec::new();
        for (path, head) in PUBLIC
            .map(|(path, media_type)| (path, format!("Content-Type: {media_type}\r\n")))
            .into_iter()
            .chain([
                (users.as_str(), token),
                ("/api/v1/teams", format!("Content-Type: application/json\r\n{admin}")),
                ("/api/v1/billing/events", String::new()),
            ])
        {
            let mut stream = posting(&app, path, &format!("{head}Content-Length: 900\r\n")).await;
            stream.write_all(b"{").await.unwrap();
            waiting.push((path.to_owned(), stream));
        }
        for (path, mut stream) in waiting {
            let answer = answer(&mut stream).await;
            assert!(answer.starts_with("HTTP/1.1 408"), "{path}: {answer}");
        }
    }

    async fn a_body_that_trickles_is_given_up(database: Database) {
        let app = App::start_with(database, impatient());
        let head = "Content-Type: application/json\r\nContent-Length: 9000\r\n";
        let (mut reading, mut writing) =
            posting(&app, "/api/v1/sign-in", head).await.into_split();
        let trickle = tokio::spawn(async move {
            let mut drops = tokio::time::interval(Duration::from_millis(10));
            while writing.write_all(b" ").await.is_ok() {
                drops.tick().await;
            }
        });
        let mut answer = vec![0; 12];
        reading.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 408");
        drop(reading);
        trickle.abort();
    }

    async fn one_place_does_not_hold_all_that_the_server_waits_for(database: Database) {
        let mut options = Options::default();
        options.limits.patience =
            Patience { whole: Duration::from_secs(3), span: Duration::from_secs(3) };
        let app = App::start_with(database, options);
        let head = "Content-Type: application/json\r\nContent-Length: 900\r\n";
        let mut streams = Vec::new();
        for _ in 0..200 {
            streams.push(posting(&app, "/api/v1/sign-in", head).await);
        }
        let mut statuses = std::collections::BTreeMap::new();
        for mut stream in streams {
            let status = answer(&mut stream).await[9..12].to_owned();
            *statuses.entry(status).or_insert(0) += 1;
        }
        assert_eq!(statuses.get("408"), Some(&128), "{statuses:?}");
        assert_eq!(statuses.get("429"), Some(&72), "{statuses:?}");
    }
}
