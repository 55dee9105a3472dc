//! SIGTERM: requests in flight are answered, then the process ends well.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::support::{Client, Process, on_both_databases, user};

/// A request whose head the server has, and whose body it waits for.
fn half_sent(scim: &Client, body: &str) -> TcpStream {
    let rest = scim.base.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(
        stream,
        "POST /{path}/Users HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/scim+json\r\nContent-Length: {}\r\n\
         Expect: 100-continue\r\nConnection: close\r\n\r\n",
        scim.token,
        body.len()
    )
    .unwrap();
    // `100 Continue` says that the server is at work on the request.
    let expected = "HTTP/1.1 100 Continue\r\n\r\n";
    let mut answer = vec![0; expected.len()];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(String::from_utf8_lossy(&answer), expected);
    stream
}

on_both_databases! {
    async fn a_request_in_flight_is_answered_before_the_server_stops(database: Database) {
        let account = Process::bootstrap(database, 5);
        let mut server = Process::serve(database, "info");
        let (scim, _) = server.clients(&account);
        let body = user("amelia@kongair.example").to_string();
        let mut stream = half_sent(&scim, &body);
        server.terminate();
        server.wait_for("stopping");
        stream.write_all(body.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 201 Created"), "{answer}");
        let (status, log) = server.finish();
        assert_eq!(status.code(), Some(0), "{log}");

        let server = Process::serve(database, "info");
        let (scim, admin) = server.clients(&account);
        let found = scim.filter("/Users", "userName eq \"amelia@kongair.example\"").await;
        assert_eq!(found.expect(200)["totalResults"], 1);
        assert_eq!(admin.recount().await, 2);
    }

    async fn an_idle_server_stops_with_success(database: Database) {
        let server = Process::serve(database, "info");
        // A connection that is kept open holds nothing up.
        let client = Client::new(server.url.clone(), String::new());
        client.get("/healthz").await.expect(200);
        server.terminate();
        let (status, log) = server.finish();
        assert_eq!(status.code(), Some(0), "{log}");
    }
}
