//! Mail: nothing is lost, nothing is sent twice, whoever fails.

mod crash;
mod failures;
mod keeping;
mod sealing;
mod security;

use std::collections::BTreeSet;
use std::sync::Arc;

use insomnia_scim::enterprise::AccountPk;
use insomnia_scim::enterprise::letter::Letter;
use insomnia_scim::outside::mail::Transport;
use insomnia_scim::store::outbox::{self, MailRow};
use insomnia_scim::store::{Cost, Scope};

use crate::support::{
    App, Database, Options, Received, Security, SmtpServer, on_both_migrated_databases, user,
};

/// Milliseconds.
const MINUTE: i64 = 60 * 1000;
const DAY: i64 = 24 * 60 * MINUTE;

/// A server that sends mail this way.
fn start(database: Database, mail: Arc<dyn Transport>) -> App {
    App::start_with(database, Options { mail: Some(mail), ..Options::default() })
}

/// Writes a letter to somebody of an account, or of none.
async fn write(app: &App, enterprise: Option<AccountPk>, recipient: &str) {
    let recipient = recipient.to_owned();
    let letter = Letter::new(format!("To {recipient}")).link("Enter", "https://x.example/secret");
    let written = app.store.write(enterprise.map_or(Scope::NONE, Scope), move |transaction| {
        let now = transaction.now();
        outbox::insert(transaction, enterprise, &recipient, &letter, now)
    });
    written.await.unwrap();
}

/// What is known of an account's mails, oldest first.
async fn rows(app: &App, enterprise: AccountPk) -> Vec<MailRow> {
    let read = move |conn: &mut _| outbox::of_enterprise(conn, enterprise, 0, 1000);
    let (rows, keys) = (app.store.read(Cost::SERVER, read).await.unwrap(), app.store.keyring());
    rows.into_iter().map(|row| row.open(keys.as_deref()).unwrap()).collect()
}

fn recipients(received: &[Received]) -> Vec<&str> {
    received.iter().map(|mail| mail.to.as_str()).collect()
}

fn message_ids(received: &[Received]) -> BTreeSet<&str> {
    received.iter().map(|mail| mail.header("Message-ID")).collect()
}

on_both_migrated_databases! {
    async fn a_mail_arrives_as_text_and_html_with_the_headers_of_a_machine(database: Database) {
        let server = SmtpServer::start(Security::Plain).await;
        let app = start(database, server.transport());
        let account = app.account_named("Köng <b>Air</b>", "kongair.example", 1).await;
        account.scim.post("/Users", user("c@kongair.example")).await.expect(403);
        app.background().await;
        let [mail] = &server.received()[..] else { panic!("{:?}", server.received()) };
        assert_eq!((&*mail.from, &*mail.to), ("no-reply@insomnia.example", "owner@kongair.example"));
        assert_eq!(mail.header("From"), "Insomnia <no-reply@insomnia.example>");
        assert_eq!(mail.header("To"), "owner@kongair.example");
        assert_eq!(mail.header("Date"), "Thu, 01 Jan 2026 00:00:00 +0000");
        assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
        assert!(mail.header("Message-ID").ends_with("@insomnia.example>"));
        assert!(mail.header("Subject").starts_with("=?utf-8?"), "{}", mail.content);
        assert!(mail.content.contains("multipart/alternative") && mail.content.is_ascii());
        assert!(mail.content.contains("1 of 1"), "{}", mail.content);
        let (_, html) = mail.content.split_once("text/html").unwrap();
        assert!(html.contains("&lt;b&gt;Air") && !html.contains("<b>Air"), "{html}");
    }

    async fn every_account_gets_its_turn(database: Database) {
        let server = SmtpServer::start(Security::Plain).await;
        let app = start(database, server.transport());
        let many = app.account(3).await.made.enterprise;
        let few = app.account_named("Few", "few.example", 3).await.made.enterprise;
        for number in 0..30 {
            write(&app, Some(many), &format!("m{number:02}@kongair.example")).await;
            app.clock.advance(1);
        }
        write(&app, Some(few), "last@few.example").await;
        write(&app, None, "nobody@none.example").await;
        app.background().await;
        let received = server.received();
        let order = recipients(&received);
        assert_eq!(order.len(), 32);
        assert!(server.connections() <= 4, "connections are used again");
        for late in ["last@few.example", "nobody@none.example"] {
            let place = order.iter().position(|one| *one == late).unwrap();
            assert!(place < 8, "{late} had to wait for {place} others");
        }
        // Four are under way at once, so neighbours may change places.
        let of_many: Vec<_> = order.into_iter().filter(|one| one.starts_with('m')).collect();
        for (place, one) in of_many.iter().enumerate() {
            let number: usize = one[1..3].parse().unwrap();
            assert!(place.abs_diff(number) <= 4, "{one} came as number {place}: oldest first");
        }
    }

    async fn two_nodes_that_deliver_at_once_send_each_mail_once(database: Database) {
        let server = SmtpServer::start(Security::Plain).await;
        let app = start(database, server.transport());
        let node = app.peer();
        let first = app.account(3).await.made.enterprise;
        let second = app.account_named("Second", "second.example", 3).await.made.enterprise;
        for number in 0..20 {
            for enterprise in [Some(first), Some(second), None] {
                let name = enterprise.map_or(0, |account| account.0);
                write(&app, enterprise, &format!("{number}@e{name}.example")).await;
            }
        }
        tokio::join!(app.background(), node.background());
        let received = server.received();
        assert_eq!(received.len(), 60);
        assert_eq!(recipients(&received).into_iter().collect::<BTreeSet<_>>().len(), 60);
        for row in rows(&app, first).await.into_iter().chain(rows(&app, second).await) {
            assert!(row.sent_at.is_some() && row.attempts == 1, "{row:?}");
        }
    }
}
