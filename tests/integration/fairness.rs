//! What is shared has a limit for each account and an end.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use insomnia_scim::enterprise::AccountPk;
use insomnia_scim::store::{Conn, Cost, StoreError};

use crate::support::{at_once, on_both_databases};

/// Searches until it is told not to; what it was told, and how long it went on.
fn endless(conn: &mut Conn) -> (StoreError, Duration) {
    let since = Instant::now();
    loop {
        if let Err(error) = conn.go_on() {
            return (error, since.elapsed());
        }
        std::thread::yield_now();
    }
}

on_both_databases! {
    async fn an_account_searches_a_few_times_at_once_and_others_do_not_wait(app: App) {
        let (busy, calm) = (
            app.account_named("Busy", "kongair.example", 2000).await,
            app.account_named("Calm", "calm.example", 9).await,
        );
        busy.provision_many(1000).await;
        calm.provision("amelia@calm.example").await;
        let searches: Vec<_> = (0..48)
            .map(|_| {
                let scim = busy.scim.clone();
                async move { scim.filter("/Users", "title co \"zz\"").await }
            })
            .collect();
        let searches = tokio::spawn(at_once(searches));
        while !searches.is_finished() {
            let found = calm.scim.filter("/Users", "title co \"zz\" or active eq true").await;
            assert_eq!(found.expect(200)["totalResults"], 2);
        }
        let (mut found, mut refused) = (0, 0);
        for answer in searches.await.unwrap() {
            match answer.status {
                200 => found += 1,
                _ => {
                    assert!(answer.headers.contains_key("retry-after"), "{:?}", answer.headers);
                    let detail = answer.detail(429);
                    assert!(detail.contains("userName"), "what has an index is named: {detail}");
                    refused += 1;
                }
            }
        }
        assert!(found > 0 && refused > 0, "{found} found, {refused} refused");
    }

    async fn a_search_ends_when_nobody_waits_for_it(app: App) {
        let (told, ending) = mpsc::channel();
        let (started, start) = tokio::sync::oneshot::channel();
        let started = std::sync::Mutex::new(Some(started));
        let store = app.store.clone();
        let search = tokio::spawn(async move {
            let work = move |conn: &mut Conn| {
                if let Some(started) = started.lock().unwrap().take() {
                    started.send(()).unwrap();
                }
                told.send(endless(conn)).unwrap();
                Ok::<_, StoreError>(())
            };
            store.read(Cost::Scan(AccountPk(1)), work).await
        });
        start.await.unwrap();
        search.abort();
        let (error, _) = tokio::task::spawn_blocking(move || ending.recv()).await.unwrap().unwrap();
        assert!(matches!(error, StoreError::Unwanted), "{error}");
    }

    async fn a_search_that_takes_too_long_ends(app: App) {
        let search = app.store.read(Cost::Scan(AccountPk(1)), |conn| Err::<(), _>(endless(conn).0));
        let since = Instant::now();
        let error = search.await.unwrap_err();
        assert!(matches!(error, StoreError::TooLong), "{error}");
        assert!(since.elapsed() < Duration::from_secs(12), "{:?}", since.elapsed());
    }
}
