//! What the server does by itself: each piece once, on one node, by the clock.

use insomnia_scim::store::{Cost, jobs};

use crate::support::{App, on_both_databases};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// When each job was last done, by name.
async fn done(app: &App) -> Vec<(String, Option<i64>)> {
    let rows = app.store.read(Cost::Long, jobs::all).await.unwrap();
    rows.into_iter().map(|row| (row.name, row.succeeded_at)).collect()
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
        let node = app.second_node();
        tokio::join!(app.background(), node.background());
        let first = done(&app).await;
        assert!(first.iter().all(|(_, at)| *at == Some(app.clock.now().0)), "{first:?}");
        app.clock.advance(1);
        tokio::join!(app.background(), node.background());
        assert_eq!(done(&app).await, first, "not due yet");
    }
}
