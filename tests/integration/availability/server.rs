//! A database server that goes silent, restarts, or is never there.

use std::time::{Duration, Instant};

use super::{MOMENT, expect_unavailable, served_again, timed};
use crate::support::{Client, Database, Newcomers, Process, Proxy, at_once, command, user};

/// A server behind a proxy, with a client of its account's; both have been used.
async fn behind_a_proxy(arguments: &[&str]) -> Option<(Database, Proxy, Process, Client)> {
    let database = Database::postgres()?;
    let account = Process::bootstrap(&database, 10_000);
    let proxy = Proxy::in_front_of(&database);
    let server = Process::serve_url(proxy.url(), arguments);
    let (scim, _) = server.clients(&account);
    // Every connection is opened.
    let warm_up = (0..16).map(|number| {
        let scim = scim.clone();
        async move {
            scim.post("/Users", user(&format!("warm-{number}@kongair.example"))).await.expect(201);
            scim.get("/Users?count=1").await.expect(200);
        }
    });
    at_once(warm_up).await;
    Some((database, proxy, server, scim))
}

#[tokio::test]
async fn a_database_that_has_lost_the_old_connections_serves_again_within_10_s() {
    let Some((_database, proxy, _server, scim)) = behind_a_proxy(&[]).await else { return };
    proxy.silence();
    let others: Vec<_> = (0..8)
        .map(|_| {
            let scim = scim.clone();
            async move { timed(scim.get("/Users?count=2")).await }
        })
        .collect();
    let others = tokio::spawn(at_once(others));
    let (after, longest) = served_again(&scim, Duration::from_secs(10)).await;
    assert!(longest < Duration::from_secs(10), "one answer took {longest:?}");
    for (answer, took) in others.await.unwrap() {
        assert!(took < Duration::from_secs(10), "{took:?}");
        if answer.status != 200 {
            expect_unavailable(&answer);
        }
    }
    println!("served again after {after:?}, the longest answer took {longest:?}");
}

#[tokio::test]
async fn a_database_that_was_silent_for_everybody_serves_within_5_s_of_its_return() {
    let Some((_database, proxy, server, scim)) = behind_a_proxy(&[]).await else { return };
    let health = Client::new(server.url.clone(), String::new());
    proxy.silence();
    proxy.newcomers(Newcomers::Swallowed);
    let since = Instant::now();
    while since.elapsed() < Duration::from_secs(8) {
        let (read, reading) = timed(scim.get("/Users?count=1")).await;
        let (written, writing) = timed(scim.post("/Users", user("lost@kongair.example"))).await;
        for (answer, took) in [(read, reading), (written, writing)] {
            expect_unavailable(&answer);
            assert!(took < Duration::from_secs(10), "{took:?}");
        }
        assert_eq!(health.get("/readyz").await.status, 503);
        assert_eq!(health.get("/healthz").await.status, 200);
    }
    proxy.newcomers(Newcomers::Pass);
    served_again(&scim, Duration::from_secs(5)).await;
    assert_eq!(health.get("/readyz").await.status, 200);
}

#[tokio::test]
async fn connections_that_die_while_they_are_made_are_given_up_however_often_that_happens() {
    let Some((_database, proxy, server, scim)) = behind_a_proxy(&["--shutdown-timeout", "2"]).await
    else {
        return;
    };
    let health = Client::new(server.url.clone(), String::new());
    for round in 0..4 {
        proxy.newcomers(Newcomers::LetIn);
        proxy.silence();
        let since = Instant::now();
        while health.get("/readyz").await.status != 503 {
            assert!(since.elapsed() < Duration::from_secs(10), "round {round}: ready all the time");
        }
        proxy.newcomers(Newcomers::Pass);
        served_again(&scim, Duration::from_secs(10)).await;
        let since = Instant::now();
        while health.get("/readyz").await.status != 200 {
            assert!(since.elapsed() < Duration::from_secs(10), "round {round}: never ready again");
        }
    }
    proxy.newcomers(Newcomers::LetIn);
    proxy.silence();
    let since = Instant::now();
    server.terminate();
    let finished = tokio::task::spawn_blocking(move || server.finish()).await.unwrap();
    assert!(since.elapsed() < Duration::from_secs(9), "{:?} {}", since.elapsed(), finished.1);
}

#[tokio::test]
async fn a_stop_ends_in_its_time_while_the_database_is_silent() {
    let Some((_database, proxy, server, scim)) = behind_a_proxy(&["--shutdown-timeout", "2"]).await
    else {
        return;
    };
    proxy.silence();
    proxy.newcomers(Newcomers::Swallowed);
    let hanging = tokio::spawn(async move { scim.get("/Users?count=1").await.status });
    tokio::task::yield_now().await;
    let since = Instant::now();
    server.terminate();
    let finished = tokio::task::spawn_blocking(move || server.finish()).await.unwrap();
    assert!(since.elapsed() < Duration::from_secs(9), "{:?} {}", since.elapsed(), finished.1);
    hanging.abort();
}

#[tokio::test]
async fn a_start_at_a_silent_database_ends_and_says_so() {
    let Some(database) = Database::postgres() else { return };
    let proxy = Proxy::in_front_of(&database);
    proxy.newcomers(Newcomers::Swallowed);
    let url = proxy.url().to_owned();
    let since = Instant::now();
    let serve = move || {
        let mut serve = command(&["serve", "--listen", "127.0.0.1:0"]);
        serve.env("DATABASE_URL", url).output().unwrap()
    };
    let output = tokio::task::spawn_blocking(serve).await.unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(since.elapsed() < Duration::from_secs(15), "{:?}", since.elapsed());
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("database") && error.contains("timeout"), "{error}");
}

#[tokio::test]
async fn a_restarted_database_costs_nobody_a_500() {
    let Some((_database, proxy, server, scim)) = behind_a_proxy(&[]).await else { return };
    let health = Client::new(server.url.clone(), String::new());
    for round in 0..5 {
        // Dead connections, and a server that can be reached: nobody notices but writes that were
        // under way.
        let under_way: Vec<_> = (0..12)
            .map(|number| {
                let scim = scim.clone();
                async move {
                    let name = format!("cut-{round}-{number}@kongair.example");
                    let written = scim.post("/Users", user(&name)).await;
                    (written, scim.get("/Users?count=1").await)
                }
            })
            .collect();
        let under_way = tokio::spawn(at_once(under_way));
        proxy.cut();
        for (written, read) in under_way.await.unwrap() {
            match written.status {
                201 | 409 => {}
                _ => expect_unavailable(&written),
            }
            assert_eq!(read.status, 200, "{}", read.body);
        }
        // One that is down for a while: refused at once.
        proxy.newcomers(Newcomers::Refused);
        proxy.cut();
        let since = Instant::now();
        while since.elapsed() < Duration::from_millis(700) {
            let (read, reading) = timed(scim.get("/Users?count=1")).await;
            let (written, writing) = timed(scim.post("/Users", user("x@kongair.example"))).await;
            for (answer, took) in [(read, reading), (written, writing)] {
                expect_unavailable(&answer);
                assert!(took < MOMENT, "{took:?}");
            }
        }
        assert_eq!(health.get("/readyz").await.status, 503);
        proxy.newcomers(Newcomers::Pass);
        served_again(&scim, MOMENT).await;
    }
}
