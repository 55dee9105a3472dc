//! The mail server fails and recovers.

use std::sync::Arc;

use insomnia_scim::background::requests::Requests;
use insomnia_scim::background::{self, Work};
use insomnia_scim::enterprise::Timestamp;

use super::{DAY, MINUTE, message_ids, recipients, rows, start, write};
use crate::support::{
    Fault, Security, SmtpServer, on_both_databases, on_both_migrated_databases, transport,
};

on_both_migrated_databases! {
    async fn a_server_that_fails_and_recovers_gets_every_mail_once(database: Database) {
        let server = SmtpServer::start(Security::Plain).await;
        let app = start(database, server.transport());
        let enterprise = app.account(3).await.made.enterprise;
        write(&app, Some(enterprise), "a@kongair.example").await;
        server.set_down(true);
        app.background().await;
        server.set_down(false);
        // One after the other: no connection, then each way to say "not now".
        for (minutes, fault) in
            [(1, Fault::Recipient(451)), (2, Fault::Content(452)), (4, Fault::Sender(450))]
        {
            server.fail_next(fault);
            app.clock.advance(minutes * MINUTE);
            app.background().await;
            assert_eq!(server.received(), [], "{fault:?}");
        }
        write(&app, Some(enterprise), "b@kongair.example").await;
        app.clock.advance(8 * MINUTE);
        app.background().await;
        app.clock.advance(DAY);
        app.background().await;
        let mut received = server.received();
        received.sort_by(|one, other| one.to.cmp(&other.to));
        assert_eq!(recipients(&received), ["a@kongair.example", "b@kongair.example"]);
        let attempts: Vec<_> =
            rows(&app, enterprise).await.iter().map(|row| row.attempts).collect();
        assert_eq!(attempts, [5, 1]);
    }

    async fn a_server_that_refuses_connections_costs_no_mail(database: Database) {
        let server = SmtpServer::start(Security::Plain).await;
        let url = server.url();
        drop(server);
        let app = start(database, transport(&url, None));
        let enterprise = app.account(3).await.made.enterprise;
        write(&app, Some(enterprise), "a@kongair.example").await;
        app.background().await;
        let [row] = &rows(&app, enterprise).await[..] else { panic!() };
        let error = row.last_error.as_deref().unwrap();
        assert!(error.contains("the mail server cannot be used"), "{error}");
        assert!(row.due_at().map(|at| at.0) == Some(app.clock.now().0 + MINUTE) && row.failed_at.is_none());
        assert!(row.body.contains("https://x.example/secret"), "still needed");
    }

    async fn waits_grow_from_a_minute_to_four_hours_until_three_days_are_over(database: Database) {
        let server = SmtpServer::start(Security::Plain).await;
        let app = start(database, server.transport());
        let enterprise = app.account(3).await.made.enterprise;
        write(&app, Some(enterprise), "a@kongair.example").await;
        server.refuse("a@kongair.example", 450);
        let (mut waits, began) = (Vec::new(), app.clock.now().0);
        let given_up = loop {
            app.background().await;
            let [row] = &rows(&app, enterprise).await[..] else { panic!() };
            let attempts = row.attempts;
            let Some(Timestamp(next)) = row.due_at() else { break row.clone() };
            let wait = next - app.clock.now().0;
            waits.push(wait / MINUTE);
            app.clock.advance(wait - 1);
            app.background().await;
            assert_eq!(rows(&app, enterprise).await[0].attempts, attempts, "too early");
            app.clock.advance(1);
        };
        assert_eq!(waits[..9], [1, 2, 4, 8, 16, 32, 64, 128, 240]);
        assert!(waits[9..].iter().all(|wait| *wait == 240), "{waits:?}");
        let took = given_up.failed_at.unwrap().0 - began;
        assert!((3 * DAY - 240 * MINUTE..=3 * DAY).contains(&took), "{took}");
        assert_eq!((given_up.body.as_str(), given_up.html.as_deref()), ("", None));
        assert!(given_up.last_error.unwrap().contains("450"));
        server.refuse("nobody", 450);
        app.clock.advance(30 * DAY);
        app.background().await;
        assert_eq!(server.received(), []);
    }

    async fn a_recipient_who_is_refused_for_good_keeps_no_other_waiting(database: Database) {
        let server = SmtpServer::start(Security::Plain).await;
        let app = start(database, server.transport());
        let enterprise = app.account(3).await.made.enterprise;
        server.refuse("bad@kongair.example", 550);
        server.refuse("full@kongair.example", 452);
        for name in ["bad", "full", "good"] {
            write(&app, Some(enterprise), &format!("{name}@kongair.example")).await;
        }
        write(&app, Some(enterprise), "not an address").await;
        app.background().await;
        assert_eq!(recipients(&server.received()), ["good@kongair.example"]);
        let [bad, full, good, none] = &rows(&app, enterprise).await[..] else { panic!() };
        assert!(bad.failed_at.is_some() && bad.last_error.as_deref().unwrap().contains("550"));
        assert!(full.failed_at.is_none() && full.next_attempt_at.is_some());
        assert!(good.sent_at.is_some());
        assert!(none.failed_at.is_some() && none.attempts == 1, "{none:?}");
    }

    async fn content_that_is_refused_for_good_is_not_sent_again(database: Database) {
        let server = SmtpServer::start(Security::Plain).await;
        let app = start(database, server.transport());
        let enterprise = app.account(3).await.made.enterprise;
        server.fail_next(Fault::Content(554));
        write(&app, Some(enterprise), "a@kongair.example").await;
        app.background().await;
        app.clock.advance(DAY);
        app.background().await;
        assert_eq!(server.received(), []);
        assert!(rows(&app, enterprise).await[0].failed_at.is_some());
    }

    async fn what_is_wrong_with_us_costs_no_mail(database: Database) {
        let server = SmtpServer::start(Security::Plain).await;
        let app = start(database, server.transport());
        let enterprise = app.account(3).await.made.enterprise;
        write(&app, Some(enterprise), "a@kongair.example").await;
        // The sender is not known; then: log in first.
        for (fault, wait) in [(Fault::Sender(550), 1), (Fault::Recipient(530), 2)] {
            server.fail_next(fault);
            app.background().await;
            let [row] = &rows(&app, enterprise).await[..] else { panic!() };
            assert!(row.failed_at.is_none(), "{fault:?}: {row:?}");
            app.clock.advance(wait * MINUTE);
        }
        app.background().await;
        assert_eq!(recipients(&server.received()), ["a@kongair.example"]);
    }

    async fn a_connection_that_the_server_closed_meanwhile_is_made_anew(database: Database) {
        let server = SmtpServer::start(Security::Plain).await;
        let app = start(database, server.transport());
        let enterprise = app.account(3).await.made.enterprise;
        for (name, connections) in [("a", 1), ("b", 1), ("c", 2)] {
            if name == "c" {
                server.hang_up().await;
            }
            write(&app, Some(enterprise), &format!("{name}@kongair.example")).await;
            app.background().await;
            assert_eq!(server.connections(), connections, "{name}");
        }
        let attempts: Vec<_> =
            rows(&app, enterprise).await.iter().map(|row| row.attempts).collect();
        assert_eq!(attempts, [1, 1, 1]);
    }

    async fn a_lost_answer_sends_the_same_message_again_under_the_same_id(database: Database) {
        let server = SmtpServer::start(Security::Plain).await;
        let app = start(database, server.transport());
        let enterprise = app.account(3).await.made.enterprise;
        server.fail_next(Fault::GoneAfterContent);
        write(&app, Some(enterprise), "a@kongair.example").await;
        app.background().await;
        assert_eq!(server.received().len(), 1);
        app.clock.advance(MINUTE);
        app.background().await;
        app.clock.advance(DAY);
        app.background().await;
        let received = server.received();
        assert_eq!(received.len(), 2);
        assert_eq!(message_ids(&received).len(), 1, "{received:?}");
        assert_eq!(received[0].header("Date"), received[1].header("Date"));
    }
}

on_both_databases! {
    async fn without_a_way_to_send_mail_waits(app: App) {
        let enterprise = app.account(3).await.made.enterprise;
        write(&app, Some(enterprise), "a@kongair.example").await;
        let work = Work {
            store: app.store.clone(),
            public_url: app.url.clone(),
            mail: None,
            dns: Arc::default(),
            requests: Requests::default(),
        };
        background::run_due(&work).await.unwrap();
        app.clock.advance(10 * DAY);
        background::run_due(&work).await.unwrap();
        let [row] = &rows(&app, enterprise).await[..] else { panic!() };
        assert!(row.attempts == 0 && row.next_attempt_at.is_some(), "{row:?}");
        // Once there is one, even what has waited for long is tried.
        app.background().await;
        assert_eq!(app.mailbox.to("a@kongair.example").len(), 1);
    }
}
