//! Accounts do not wait for each other.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use insomnia_scim::store::DatabaseUrl;

use super::{MOMENT, timed};
use crate::support::{App, Database, at_once, user};

#[tokio::test]
async fn a_lock_on_one_account_delays_no_other() {
    let Some(database) = Database::postgres() else { return };
    let app = App::start(database);
    let held = app.account_named("Held", "held.example", 100).await;
    let mut others = Vec::new();
    for number in 0..6 {
        let (name, domain) = (format!("Other {number}"), format!("other-{number}.example"));
        others.push(app.account_named(&name, &domain, 1000).await);
    }
    let DatabaseUrl::Postgres(url) = &app.database.url else { panic!() };
    let mut holder = PgConnection::establish(url).unwrap();
    holder
        .batch_execute("BEGIN; SELECT * FROM enterprises WHERE name = 'Held' FOR UPDATE")
        .unwrap();
    // More of them than there are writers.
    let waiting: Vec<_> = (0..40).map(|number| {
        let scim = held.scim.clone();
        async move { timed(scim.post("/Users", user(&format!("u{number}@held.example")))).await }
    }).collect();
    let waiting = tokio::spawn(at_once(waiting));
    let since = Instant::now();
    let mut written = 0;
    while since.elapsed() < Duration::from_secs(3) {
        let round = others.iter().cloned().map(|other| async move {
            let name = format!("{}@x.example", uuid::Uuid::new_v4().simple());
            timed(other.scim.post("/Users", user(&name))).await
        });
        for (answer, took) in at_once(round).await {
            answer.expect(201);
            assert!(took < MOMENT, "another account waited {took:?}");
            written += 1;
        }
    }
    assert!(written > 10, "{written}");
    for (answer, took) in waiting.await.unwrap() {
        // Of so many at once some are refused without waiting.
        assert!(matches!(answer.status, 429 | 503), "{}", answer.body);
        assert!(answer.headers.contains_key("retry-after"), "{:?}", answer.headers);
        assert!(took < Duration::from_secs(9), "{took:?}");
    }
    holder.batch_execute("ROLLBACK").unwrap();
    held.scim.post("/Users", user("after@held.example")).await.expect(201);
    assert_eq!(held.seats().await.0, 2);
}
