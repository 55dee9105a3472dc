//! Requests that the HTTP parser refuses: they are answered in the protocol's form, too, with an id
//! and in the log.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::*;
use crate::support::{App, on_both_databases};

/// What is answered to these bytes until the connection ends: each head and body.
async fn answers(app: &App, pieces: &[&str]) -> String {
    let address = app.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.unwrap();
    for piece in pieces {
        // The server may have closed the connection already.
        let _ = stream.write_all(piece.as_bytes()).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await;
    String::from_utf8(answer).unwrap()
}

/// Checks that it is one answer with a request id; gives its media type and body.
#[track_caller]
fn one(answer: &str, status: u16) -> (String, Value) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let head = head.to_ascii_lowercase();
    assert!(head.starts_with(&format!("http/1.1 {status} ")), "{answer}");
    assert!(head.contains("x-request-id: ") && head.contains("date: "), "{answer}");
    assert!(head.contains(&format!("content-length: {}", body.len())), "{answer}");
    let media_type = head.split("content-type: ").nth(1).unwrap().lines().next().unwrap();
    (media_type.to_owned(), serde_json::from_str(body).unwrap())
}

fn request(account: &Account, target: &str) -> String {
    let path = account.scim.base.split_once("/scim").unwrap().1;
    let token = &account.scim.token;
    format!("GET /scim{path}{target} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n")
}

on_both_databases! {
    async fn what_is_not_percent_encoded_is_refused_in_the_protocols_form(app: App) {
        let account = app.account(5).await;
        for (target, named) in [
            ("/Users?filter=userName+eq+\"ada@kongair.example\"", "%22"),
            ("/Users?filter=userName eq \"ada@kongair.example\"", "%20"),
            ("/Users?filter=active eq true", "%20"),
            ("/Users?filter=title+eq+<x>", "%3C"),
            ("/Users/ada lovelace", "%20"),
            ("/Users?filter=userName+eq+%22é%22", "%C3%A9"),
        ] {
            let answer = answers(&app, &[&request(&account, target)]).await;
            let (media_type, error) = one(&answer, 400);
            assert_eq!(media_type, MEDIA_TYPE);
            assert_eq!(error["status"], "400");
            assert_eq!(error["schemas"][0], "urn:ietf:params:scim:api:messages:2.0:Error");
            let detail = error["detail"].as_str().unwrap();
            assert!(detail.contains(named) && detail.contains("percent-encoded"), "{detail}");
        }
        app.background().await;
        let entries = account.admin.items_of("/connector/requests?status=400&limit=50").await;
        assert_eq!(entries.len(), 6, "{entries:?}");
        for entry in &entries {
            assert!(entry["path"].as_str().unwrap().starts_with("/Users"), "{entry}");
            assert!(entry["error_detail"].as_str().unwrap().contains("percent-encoded"));
            assert!(entry["request_id"].is_string());
            let shown = entry.to_string();
            assert!(!shown.contains("ada@") && !shown.contains("lovelace"), "masked: {entry}");
        }
    }

    async fn a_target_of_any_length_is_414(app: App) {
        let account = app.account(5).await;
        for length in [9_000, 70_000, 200_000] {
            let target = format!("/Users?filter={}", "x".repeat(length));
            let answer = answers(&app, &[&request(&account, &target)]).await;
            let (media_type, error) = one(&answer, 414);
            assert_eq!((media_type.as_str(), &error["status"]), (MEDIA_TYPE, &json!("414")));
        }
    }

    async fn other_refusals_of_the_parser_have_a_body_too(app: App) {
        let account = app.account(5).await;
        let good = request(&account, "/Users");
        for (request, status) in [
            (good.replace("host: x", "ho st: x"), 400),
            (good.replace("HTTP/1.1", "HTTP/7.1"), 400),
            (good.replace("host: x", "content-length: x"), 400),
            (good.replace("host: x", &format!("x: {}", "x".repeat(140_000))), 431),
        ] {
            let (media_type, error) = one(&answers(&app, &[&request]).await, status);
            assert_eq!((media_type.as_str(), &error["status"]), (MEDIA_TYPE, &json!(status.to_string())));
        }
        for request in ["GET /api/v1/a b HTTP/1.1\r\n\r\n", "nonsense\r\n\r\n", "\x16\x03\x01\r\n\r\n"] {
            let (media_type, problem) = one(&answers(&app, &[request]).await, 400);
            assert_eq!(media_type, "application/problem+json");
            assert_eq!(problem["status"], 400);
        }
    }

    async fn what_came_before_is_answered_and_what_is_good_is_not_touched(app: App) {
        let account = app.account(5).await;
        let (good, bad) = (request(&account, "/Users?count=0"), request(&account, "/Users?x= y"));
        let both = answers(&app, &[&good, &bad]).await;
        let (first, second) = both.split_once("}HTTP/1.1").unwrap();
        assert!(first.starts_with("HTTP/1.1 200 OK") && second.starts_with(" 400 "), "{both}");
        one(&format!("HTTP/1.1{second}"), 400);
        // A body that looks like a request is a body.
        let body = json!({"userName": "GET /a b HTTP/1.1 \"x\""}).to_string();
        let more = format!("host: x\r\nconnection: close\r\ncontent-length: {}", body.len());
        let head = request(&account, "/Users").replacen("GET", "POST", 1);
        let head = head.replace("host: x", &more);
        let (start, rest) = body.split_at(body.find("GET").unwrap());
        let answer = answers(&app, &[&head, start, rest]).await;
        assert!(answer.starts_with("HTTP/1.1 201 ") && answer.contains("GET /a b HTTP/1.1"), "{answer}");
    }
}
