//! What the server does by itself: each piece once, on one node, by the clock.

use std::time::Duration;

use insomnia_scim::enterprise::Timestamp;
use insomnia_scim::store::jobs::{self, Outcome};
use insomnia_scim::store::{Cost, Scope, StoreResult, Transaction, walks};

use crate::support::{App, on_both_databases};

const HOUR: i64 = 60 * 60 * 1000;
const DAY: i64 = 24 * HOUR;
/// How long a node has a job.
const LEASE: Duration = Duration::from_secs(60);

/// When each job was last done, by name.
async fn done(app: &App) -> Vec<(String, Option<i64>)> {
    let rows = app.store.read(Cost::SERVER, jobs::all).await.unwrap();
    rows.into_iter().map(|row| (row.name, row.succeeded_at.map(|at| at.0))).collect()
}

on_both_databases! {
    async fn an_invitation_expires_though_nobody_asks_and_its_seat_is_free(app: App) {
        let account = app.account(3).await;
        let cargo = account.add_organization("Cargo").await;
        let invitation = account.invite("guest@kongair.example", &cargo).await;
        let other = app.account_named("Other", "other.example", 3).await;
        let there = other.add_organization("Cargo").await;
        let second = other.invite("guest@kongair.example", &there).await;
        app.clock.advance(30 * DAY - 1);
        app.background().await;
        assert_eq!(account.invitation_state(&invitation).await, "pending");
        app.clock.advance(60 * 1000);
        app.background().await;
        assert_eq!(account.invitation_state(&invitation).await, "expired");
        assert_eq!(other.invitation_state(&second).await, "expired");
        assert_eq!(account.recount().await, 1);
        assert_eq!(other.recount().await, 1);
    }

    async fn of_many_nodes_one_does_a_job_that_is_due(app: App) {
        let node = app.peer();
        tokio::join!(app.background(), node.background());
        let first = done(&app).await;
        assert!(first.iter().all(|(_, at)| *at == Some(app.clock.now().0)), "{first:?}");
        app.clock.advance(1);
        tokio::join!(app.background(), node.background());
        assert_eq!(done(&app).await, first, "not due yet");
    }

    async fn a_job_whose_node_died_is_taken_over_once_its_time_is_over(app: App) {
        app.background().await;
        let first = app.clock.now().0;
        app.clock.advance(HOUR);
        let taken = app.store.write(Scope::NONE, |transaction| {
            let now = transaction.now();
            jobs::claim(transaction, "prune-walks", "dead", now, now.plus(LEASE))
        });
        assert!(taken.await.unwrap());
        app.background().await;
        let of = |jobs: Vec<(String, Option<i64>)>, name: &str| {
            jobs.into_iter().find(|(one, _)| one == name).unwrap().1
        };
        assert_eq!(of(done(&app).await, "prune-walks"), Some(first), "somebody has it");
        assert_eq!(of(done(&app).await, "prune-mail"), Some(first + HOUR), "others go on");
        app.clock.advance(60 * 1000);
        app.background().await;
        assert_eq!(of(done(&app).await, "prune-walks"), Some(app.clock.now().0));
    }

    async fn a_job_that_takes_long_stays_with_its_node_and_nobody_else_ends_it(app: App) {
        let write = async |work: fn(&mut Transaction<'_>) -> StoreResult<bool>| {
            app.store.write(Scope::NONE, work).await.unwrap()
        };
        let take: fn(&mut Transaction<'_>) -> StoreResult<bool> = |transaction| {
            let now = transaction.now();
            jobs::claim(transaction, "long", "one", now, now.plus(LEASE))
        };
        assert!(write(take).await);
        app.clock.advance(50 * 1000);
        assert!(
            write(|transaction| {
                let until = transaction.now().plus(LEASE);
                jobs::prolong(transaction, "long", "one", until)
            })
            .await
        );
        app.clock.advance(50 * 1000);
        assert!(!write(take).await, "prolonged");
        assert!(
            !write(|transaction| {
                let (now, again) = (transaction.now(), Outcome::Done(Timestamp(i64::MAX)));
                jobs::give_back(transaction, "long", "two", &again, now)?;
                jobs::prolong(transaction, "long", "two", now.plus(LEASE))
            })
            .await,
            "it is not theirs"
        );
        app.clock.advance(10 * 1000);
        assert!(write(take).await, "over, and still due");
    }

    async fn walks_that_nobody_goes_on_with_are_forgotten(app: App) {
        let account = app.account(5).await;
        let enterprise = account.made.enterprise;
        account.provision("a@kongair.example").await;
        account.scim.get("/Users?count=1").await.expect(200);
        let any = || {
            let far = Timestamp(i64::MAX / 2);
            app.store.read(Cost::SERVER, move |conn| walks::any_old(conn, enterprise, far))
        };
        assert!(any().await.unwrap(), "the walk goes on after the first page");
        app.background().await;
        assert!(any().await.unwrap(), "it may pause for an hour");
        app.clock.advance(HOUR);
        app.background().await;
        assert!(!any().await.unwrap());
    }
}
