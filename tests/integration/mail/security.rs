//! TLS and passwords.

use super::{rows, start, write};
use crate::support::{
    App, Security, SmtpServer, command, on_both_databases, on_both_migrated_databases, transport,
};

/// `\0user\0password`, as `AUTH PLAIN` sends it.
const LOGIN: &str = "AG1haWxlcgBzZWNyZXQ=";

/// Sends one mail through the URL; gives why it was not sent, if it was not.
async fn send(app: &App) -> Option<String> {
    let enterprise = app.account(3).await.made.enterprise;
    write(app, Some(enterprise), "a@kongair.example").await;
    app.background().await;
    let [row] = &rows(app, enterprise).await[..] else { panic!() };
    assert!(row.failed_at.is_none(), "{row:?}");
    row.last_error.clone()
}

#[test]
fn a_setting_that_cannot_be_is_refused_without_showing_the_password() {
    for (url, named) in [
        ("http://mailer:hunter2@mail.example", "INSOMNIA_SCIM_SMTP_URL"),
        ("smtp://mailer:hunter2@mail.example?starttls=off", "INSOMNIA_SCIM_SMTP_URL"),
        ("smtps://mailer:hunter2@mail.example", "INSOMNIA_SCIM_MAIL_FROM"),
    ] {
        let output = command(&["serve", "--listen", "127.0.0.1:0"])
            .env("INSOMNIA_SCIM_SMTP_URL", url)
            .output()
            .unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(named) && !error.contains("hunter2"), "{error}");
    }
    let help = command(&["serve", "--help"])
        .env("INSOMNIA_SCIM_SMTP_URL", "smtps://mailer:hunter2@mail.example")
        .output()
        .unwrap();
    assert!(!String::from_utf8(help.stdout).unwrap().contains("hunter2"));
}

on_both_migrated_databases! {
    async fn mail_and_password_go_over_starttls(database: Database) {
        let server = SmtpServer::start(Security::StartTls).await;
        let url = format!("smtp://mailer:secret@127.0.0.1:{}", server.port);
        let app = start(database, transport(&url, Some(&server.certificate)));
        assert_eq!(send(&app).await, None);
        let [mail] = &server.received()[..] else { panic!() };
        assert!(mail.encrypted && mail.login.as_deref() == Some(LOGIN), "{mail:?}");
    }

    async fn mail_and_password_go_over_tls_from_the_start(database: Database) {
        let server = SmtpServer::start(Security::Tls).await;
        let url = format!("smtps://mailer:secret@127.0.0.1:{}", server.port);
        let app = start(database, transport(&url, Some(&server.certificate)));
        assert_eq!(send(&app).await, None);
        let [mail] = &server.received()[..] else { panic!() };
        assert!(mail.encrypted && mail.login.as_deref() == Some(LOGIN), "{mail:?}");
    }

    async fn nothing_is_sent_to_a_server_that_cannot_be_trusted(database: Database) {
        let server = SmtpServer::start(Security::Tls).await;
        let stranger = SmtpServer::start(Security::Tls).await;
        let url = format!("smtps://mailer:secret@127.0.0.1:{}", server.port);
        let app = start(database, transport(&url, Some(&stranger.certificate)));
        let error = send(&app).await.unwrap();
        assert!(error.contains("certificate"), "{error}");
        assert_eq!(server.received(), []);
    }

    async fn nothing_is_sent_where_starttls_is_missing(database: Database) {
        let server = SmtpServer::start(Security::Plain).await;
        let url = format!("smtp://mailer:secret@127.0.0.1:{}", server.port);
        let app = start(database, transport(&url, Some(&server.certificate)));
        let error = send(&app).await.unwrap();
        assert!(error.contains("STARTTLS"), "{error}");
        assert_eq!(server.received(), []);
    }

    async fn starttls_if_offered_takes_what_there_is(database: Database) {
        let (plain, better) =
            (SmtpServer::start(Security::Plain).await, SmtpServer::start(Security::StartTls).await);
        for (server, encrypted) in [(&plain, false), (&better, true)] {
            let url = format!("smtp://127.0.0.1:{}?starttls=if-offered", server.port);
            let mail = transport(&url, Some(&server.certificate));
            let message = insomnia_scim::outside::mail::Mail {
                message_id: "one".to_owned(),
                recipient: "a@kongair.example".to_owned(),
                subject: "Hello".to_owned(),
                text: "Hello".to_owned(),
                html: None,
                date: insomnia_scim::enterprise::Timestamp(0),
            };
            mail.send(&message).await.unwrap();
            assert_eq!(server.received()[0].encrypted, encrypted);
        }
        drop(database);
    }
}

on_both_databases! {
    async fn what_a_mail_server_says_cannot_damage_anything(app: App) {
        use insomnia_scim::outside::mail::Failure;
        let said = format!("451 a@kongair.example\0\r\nfaked line {}", "x".repeat(10_000));
        app.mailbox.fail_next(Failure::Temporary(said));
        let error = send(&app).await.unwrap();
        assert!(error.chars().count() <= 500 && !error.contains(['\0', '\r', '\n']), "{error}");
    }
}
