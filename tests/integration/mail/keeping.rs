//! What is kept of a mail, and what operators see.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use insomnia_scim::outside::mail::Failure;
use insomnia_scim::store::{DatabaseUrl, Scope};

use super::{DAY, MINUTE, rows, write};
use crate::support::{App, Client, link_in, on_both_databases};

/// The value of a metric.
async fn metric(app: &App, name: &str) -> i64 {
    let server = Client::new(app.url.clone(), String::new());
    let text = server.get("/metrics").await.expect(200).as_str().unwrap().to_owned();
    let line = text.lines().find(|line| line.starts_with(name));
    let line = line.unwrap_or_else(|| panic!("{name} is not in {text}"));
    line.rsplit_once(' ').unwrap().1.parse().unwrap()
}

on_both_databases! {
    async fn links_leave_the_database_with_the_mail_and_the_rest_after_90_days(app: App) {
        let enterprise = app.account(3).await.made.enterprise;
        write(&app, Some(enterprise), "a@kongair.example").await;
        write(&app, None, "stranger@none.example").await;
        app.background().await;
        let mail = &app.mailbox.to("a@kongair.example")[0];
        assert_eq!(link_in(mail), "https://x.example/secret");
        assert!(mail.html.as_deref().unwrap().contains("href=\"https://x.example/secret\""));
        for lane in [enterprise, Scope::NONE.0] {
            let [row] = &rows(&app, lane).await[..] else { panic!() };
            assert_eq!((row.body.as_str(), row.html.as_deref()), ("", None));
            assert_eq!(row.sent_at, Some(app.clock.now()));
        }
        app.clock.advance(90 * DAY);
        app.background().await;
        assert_eq!(rows(&app, enterprise).await.len(), 1);
        app.clock.advance(60 * MINUTE);
        app.background().await;
        for lane in [enterprise, Scope::NONE.0] {
            assert_eq!(rows(&app, lane).await, []);
        }
    }

    async fn mail_that_still_waits_is_not_forgotten(app: App) {
        let enterprise = app.account(3).await.made.enterprise;
        write(&app, Some(enterprise), "a@kongair.example").await;
        app.clock.advance(200 * DAY);
        // Jobs run before mail is delivered.
        app.background().await;
        assert_eq!(app.mailbox.mails().len(), 1);
    }

    async fn operators_see_what_waits_what_was_given_up_and_when_jobs_were_done(app: App) {
        let enterprise = app.account(3).await.made.enterprise;
        assert_eq!(metric(&app, "insomnia_scim_mail_waiting").await, 0);
        assert_eq!(metric(&app, "insomnia_scim_mail_oldest_seconds").await, 0);
        write(&app, Some(enterprise), "a@kongair.example").await;
        write(&app, Some(enterprise), "b@kongair.example").await;
        app.clock.advance(5 * MINUTE);
        assert_eq!(metric(&app, "insomnia_scim_mail_waiting").await, 2);
        assert_eq!(metric(&app, "insomnia_scim_mail_oldest_seconds").await, 300);
        app.mailbox.fail_next(Failure::Permanent("550 no such user".to_owned()));
        app.background().await;
        assert_eq!(metric(&app, "insomnia_scim_mail_waiting").await, 0);
        assert_eq!(metric(&app, "insomnia_scim_mail_given_up").await, 1);
        let job = "insomnia_scim_job_last_success_timestamp_seconds{job=\"expire-invitations\"}";
        assert_eq!(metric(&app, job).await, app.clock.now().0 / 1000);
    }

    async fn mail_that_a_node_of_the_release_before_writes_is_sent(app: App) {
        let account = app.account(3).await;
        let statement = format!(
            "INSERT INTO outbox (enterprise_pk, recipient, subject, body, created_at) VALUES \
             ({}, 'a@kongair.example', 'Old', 'Text', 5)",
            account.made.enterprise.0
        );
        match &app.database.url {
            DatabaseUrl::Sqlite(path) => {
                SqliteConnection::establish(path).unwrap().batch_execute(&statement).unwrap();
            }
            DatabaseUrl::Postgres(url) => {
                PgConnection::establish(url).unwrap().batch_execute(&statement).unwrap();
            }
        }
        app.background().await;
        let [mail] = &app.mailbox.mails()[..] else { panic!() };
        assert_eq!((&*mail.subject, &*mail.text, &mail.html), ("Old", "Text", &None));
        assert_eq!((mail.date.0, mail.message_id.len()), (5, 32));
    }
}
