//! What waits holds no live link in clear, and is opened while one key replaces another.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use insomnia_scim::enterprise::secret::SecretKey;
use serde_json::json;

use crate::support::{
    App, Client, Database, Options, Process, command, on_both_migrated_databases, text,
};

fn key(byte: u8) -> String {
    STANDARD.encode([byte; 32])
}

fn with_key(byte: u8) -> Options {
    Options { secret_key: SecretKey::parse(&key(byte)).ok(), ..Options::default() }
}

/// A mail with a live link begins to wait for this address.
async fn sign_up(app: &App, address: &str) {
    let api = Client::new(format!("{}/api/v1", app.url), String::new());
    api.post("/sign-ups", json!({"email": address})).await.expect(202);
}

/// How many mails have this text in any column, plain or in base64.
fn mails_with(database: &Database, column: &str, text: &str) -> i64 {
    database.count(&format!("mails WHERE {column} LIKE '%{text}%'"))
}

on_both_migrated_databases! {
    async fn a_waiting_mail_holds_no_link_in_clear_and_arrives_with_it(database: Database) {
        let app = App::start_with(database, with_key(1));
        sign_up(&app, "new@kongair.example").await;
        assert_eq!(app.database.count("mails WHERE next_attempt_at IS NOT NULL"), 1);
        let (host, coded) = (app.url.as_str(), STANDARD.encode("http"));
        for column in ["body", "html", "subject", "last_error", "recipient"] {
            for word in ["http", host, "sign", &coded[..4]] {
                assert_eq!(mails_with(&app.database, column, word), 0, "{column} has {word}");
            }
        }
        app.background().await;
        let mail = app.mailbox.mails().pop().unwrap();
        assert!(mail.text.contains(&app.url), "{}", mail.text);
        assert_eq!(app.database.count("mails WHERE body <> '' OR html IS NOT NULL"), 0);
    }

    async fn what_waits_in_clear_is_sent_and_what_no_key_opens_waits_for_it(database: Database) {
        let app = App::start_with(database, Options { secret_key: None, ..Options::default() });
        sign_up(&app, "clear@kongair.example").await;
        app.background().await;
        assert!(app.mailbox.mails().pop().unwrap().text.contains(&app.url));
        let other = app.node_with(with_key(2));
        let api = Client::new(format!("{}/api/v1", other.url), String::new());
        api.post("/sign-ups", json!({"email": "sealed@kongair.example"})).await.expect(202);
        app.background().await;
        let waiting = "mails WHERE body <> '' AND failed_at IS NULL AND attempts > 0";
        assert_eq!(app.database.count(waiting), 1);
        app.clock.advance(4 * 24 * 60 * 60 * 1000);
        app.background().await;
        assert_eq!(app.database.count("mails WHERE failed_at IS NOT NULL"), 1);
        assert_eq!(app.database.count("mails WHERE body <> ''"), 0);
    }
}

#[test]
fn a_key_is_replaced_without_a_mail_or_a_secret_lost() {
    let database = Database::sqlite();
    let account = Process::bootstrap(&database, 9);
    let run = |arguments: &[&str], keys: &str| {
        let mut command = command(arguments);
        command.env("DATABASE_URL", database.address()).env("RUST_LOG", "info");
        command.env("INSOMNIA_SCIM_SECRET_KEY", keys);
        let output = command.output().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), text)
    };
    let link = |keys: &str| {
        let id = text(&account, "account_id");
        let link =
            ["operator", "recovery-link", "--account", &id, "--owner", "owner@kongair.example"];
        run(&[&link[..], &["--public-url", "http://127.0.0.1:1"]].concat(), keys)
    };
    let (code, said) = link(&key(1));
    assert_eq!(code, Some(0), "{said}");
    let sealed = |database: &Database| database.count("mails WHERE body <> '' AND html IS NULL");
    assert_eq!(sealed(&database), 1);
    let (code, said) = run(&["operator", "reseal"], &key(2));
    assert!(code == Some(2) && said.contains("comma"), "{said}");
    let (code, said) = run(&["operator", "reseal"], &format!("{},{}", key(2), key(1)));
    assert!(code == Some(0) && said.contains("1 mail(s)"), "{said}");
    let (_, said) = run(&["operator", "reseal"], &format!("{},{}", key(2), key(1)));
    assert!(said.contains("sealed again: 0 mail(s)"), "{said}");
    // Neither key is the one: nothing is promised.
    let (code, said) = run(&["operator", "reseal"], &format!("{},{}", key(4), key(3)));
    assert!(
        code == Some(1) && said.contains("neither key") && !said.contains("not needed"),
        "{said}"
    );
    let wrong = [("INSOMNIA_SCIM_SECRET_KEY", key(3))];
    let wrong: Vec<_> = wrong.iter().map(|(name, key)| (*name, key.as_str())).collect();
    let server = Process::serve_with(&database, "info", &wrong);
    server.terminate();
    let said = server.finish().1;
    assert!(said.contains("1 waiting mail(s)"), "{said}");
    let mails = tempfile::tempdir().unwrap();
    let folder = mails.path().display().to_string();
    let mut server = Process::serve_with(
        &database,
        "info",
        &[("INSOMNIA_SCIM_SECRET_KEY", &key(2)), ("INSOMNIA_SCIM_MAIL_FOLDER", &folder)],
    );
    server.wait_for("is sent");
    let file = std::fs::read_dir(mails.path()).unwrap().next().unwrap().unwrap().path();
    assert!(std::fs::read_to_string(file).unwrap().contains("127.0.0.1:1"));
}

#[test]
fn the_new_key_takes_the_old_ones_place_in_the_file() {
    let database = Database::sqlite();
    Process::bootstrap(&database, 9);
    let file = format!("{}-key", database.path());
    std::fs::write(&file, key(1)).unwrap();
    let reseal = |keys: String| {
        let mut command = command(&["operator", "reseal"]);
        command.env("DATABASE_URL", database.address()).env("INSOMNIA_SCIM_SECRET_KEY", keys);
        assert!(command.output().unwrap().status.success());
        std::fs::read_to_string(&file).unwrap().trim().to_owned()
    };
    assert_eq!(reseal(format!("{},{}", key(3), key(2))), key(1), "another key is left alone");
    assert_eq!(reseal(format!("{},{}", key(2), key(1))), key(2));
}
