//! The server is killed, or stopped, while it sends.

use std::collections::BTreeSet;

use insomnia_scim::enterprise::{Clock, Timestamp};
use serde_json::json;

use super::{message_ids, recipients};
use crate::support::{
    App, Database, Fault, Options, Process, SECRET_KEY, Security, SmtpServer, on_both_databases,
    on_both_migrated_databases, user,
};

const SENDER: (&str, &str) = ("INSOMNIA_SCIM_MAIL_FROM", "no-reply@insomnia.example");

/// Starts the binary, with an account of one owner and this many co-owners and no seat left, and
/// lets a user find none: a mail to each owner.
async fn refused(database: &Database, co_owners: u32, variables: &[(&str, &str)]) -> Process {
    let account = Process::bootstrap(database, 1 + co_owners);
    let process = Process::serve_with(database, "info", variables);
    let (scim, admin) = process.clients(&account);
    for number in 0..co_owners {
        let email = format!("co{number}@kongair.example");
        admin.post("/members", json!({"email": email, "role": "co-owner"})).await.expect(201);
    }
    scim.post("/Users", user("refused@kongair.example")).await.expect(403);
    process
}

/// Another node, an hour later.
fn an_hour_later(database: Database, server: &SmtpServer) -> App {
    let Timestamp(now) = Clock::system().now();
    let clock = Clock::fixed(Timestamp(now + 60 * 60 * 1000));
    App::start_with(
        database,
        Options { clock, mail: Some(server.transport()), ..Options::default() },
    )
}

on_both_migrated_databases! {
    async fn a_kill_in_the_middle_of_sending_loses_no_mail(database: Database) {
        let mut server = SmtpServer::start(Security::Plain).await;
        let url = server.url();
        // One has the content and never answers; the process dies waiting for it.
        server.fail_next(Fault::SilentAfterContent);
        let key = ("INSOMNIA_SCIM_SECRET_KEY", SECRET_KEY);
        let variables = [("INSOMNIA_SCIM_SMTP_URL", url.as_str()), SENDER, key];
        let mut process = refused(&database, 11, &variables).await;
        server.content().await;
        process.kill();
        let before = server.received();

        let app = an_hour_later(database, &server);
        app.background().await;
        let received = server.received();
        let everybody: BTreeSet<_> = recipients(&received).into_iter().collect();
        assert_eq!(everybody.len(), 12, "{everybody:?}");
        assert_eq!(message_ids(&received).len(), 12, "no second message for the same mail");
        // What was under way when it died may come a second time, and nothing else.
        assert!(received.len() <= 12 + 4, "{} of {}", before.len(), received.len());
        assert!(recipients(&received).iter().filter(|to| **to == before[0].to).count() == 2);
        // And that is the end of it.
        app.clock.advance(10 * 24 * 60 * 60 * 1000);
        app.background().await;
        assert_eq!(server.received(), received);
    }

    async fn a_stop_in_the_middle_of_sending_finishes_the_mail_in_hand(database: Database) {
        let mut server = SmtpServer::start(Security::Plain).await;
        let url = server.url();
        server.fail_next(Fault::HeldAfterContent);
        let variables = [("INSOMNIA_SCIM_SMTP_URL", url.as_str()), SENDER];
        let mut process = refused(&database, 0, &variables).await;
        server.content().await;
        process.terminate();
        process.wait_for("stopping");
        server.release();
        // The mail server lives on this thread, which must not block.
        let ended = tokio::task::spawn_blocking(move || process.finish());
        let (status, log) = ended.await.unwrap();
        assert!(status.success(), "{log}");
        let app = an_hour_later(database, &server);
        app.background().await;
        assert_eq!(recipients(&server.received()), ["owner@kongair.example"]);
    }
}

on_both_databases! {
    async fn for_development_each_mail_is_a_file(database: Database) {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("mail");
        let variables = [("INSOMNIA_SCIM_MAIL_FOLDER", inner.to_str().unwrap())];
        let mut process = refused(database, 1, &variables).await;
        process.wait_for("is sent");
        process.wait_for("is sent");
        let mut files: Vec<_> =
            std::fs::read_dir(&inner).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let texts: Vec<_> =
            files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
        assert_eq!(texts.len(), 2, "{files:?}");
        for recipient in ["owner@kongair.example", "co0@kongair.example"] {
            let line = format!("To: {recipient}\r\n");
            assert!(texts.iter().any(|text| text.contains(&line)), "{texts:?}");
        }
        assert!(files.iter().all(|file| file.extension().unwrap() == "eml"), "{files:?}");
    }

    async fn without_settings_a_warning_says_that_mail_waits(database: Database) {
        let mut process = refused(database, 0, &[]).await;
        let line = process.wait_for("mail is waiting");
        assert!(line.contains("INSOMNIA_SCIM_SMTP_URL"), "{line}");
        let (_, log) = { process.terminate(); process.finish() };
        assert!(log.contains("mail is not sent, it waits in the database"), "{log}");
    }
}
