//! Reports as comma-separated values (docs/domain.md, *Reports*).

use std::io::{Read, Write};
use std::net::TcpStream;

use insomnia_scim::store::{DatabaseUrl, Scope, activity, members};
use serde_json::json;

use crate::support::{Account, App, on_both_databases};

const DAY: i64 = 24 * 60 * 60 * 1000;

/// A report's lines, each as its cells; none of the cells has a comma in it.
async fn report(account: &Account, path: &str) -> Vec<Vec<String>> {
    let answer = account.admin.get(path).await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert!(answer.header("content-disposition").contains("attachment; filename="));
    let body = answer.expect(200);
    let lines = body.as_str().unwrap().strip_suffix("\r\n").unwrap().split("\r\n");
    lines.map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

/// The last day and the number of days that the report has of this address.
async fn seen(account: &Account, email: &str) -> (String, String) {
    let lines = report(account, "/reports/user-activity.csv").await;
    let line = lines.iter().find(|line| line[1] == email).unwrap();
    (line[7].clone(), line[8].clone())
}

/// Somebody uses the product.
async fn use_it(app: &App, account: &Account, member: &str) -> bool {
    let (enterprise, id) = (account.made.enterprise, member.to_owned());
    app.store
        .write(Scope(enterprise), move |transaction| {
            let member = members::by_id(transaction, enterprise, &id)?.unwrap().pk;
            let now = transaction.now();
            activity::touch(transaction, enterprise, member, now)
        })
        .await
        .unwrap()
}

on_both_databases! {
    async fn licences_are_a_table_of_cells_that_are_no_formulas(app: App) {
        let account = app.account(9).await;
        let cargo = account.add_organization("Cargo").await;
        let sly = json!({"email": "sly@kongair.example", "given_name": "=HYPERLINK(\"x\")", "family_name": "Ø"});
        account.admin.post("/members", sly).await.expect(201);
        account.invite("+1@kongair.example", &cargo).await;
        let lines = report(&account, "/reports/licences.csv").await;
        assert_eq!(lines[0].join(","), "id,email,user_name,display_name,role,source,since");
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[2][3], "\"'=HYPERLINK(\"\"x\"\") Ø\"");
        assert_eq!(lines[3][1], "'+1@kongair.example");
        assert_eq!(lines[3][5], "invitation");
        assert_eq!(report(&account, "/reports/licences.csv?source=scim").await.len(), 1);
        account.admin.get("/reports/licences.csv?source=gift").await.expect(400);
    }

    async fn activity_is_shown_for_a_hundred_days_and_kept_for_ninety(app: App) {
        let account = app.account(9).await;
        let email = "pilot@kongair.example";
        let pilot = account.add_member(email, "member").await;
        assert_eq!(seen(&account, email).await, ("N/A".to_owned(), "0".to_owned()));
        assert!(use_it(&app, &account, &pilot).await);
        assert!(!use_it(&app, &account, &pilot).await, "one write a day");
        app.clock.advance(DAY);
        assert!(use_it(&app, &account, &pilot).await);
        assert_eq!(seen(&account, email).await, ("2026-01-02".to_owned(), "2".to_owned()));
        for (days, last, count) in [
            (88, "2026-01-02", "2"), (1, "2026-01-02", "1"), (1, "2026-01-02", "0"),
            (10, "2026-01-02", "0"), (1, "N/A", "0"),
        ] {
            app.clock.advance(days * DAY);
            app.background().await;
            assert_eq!(seen(&account, email).await, (last.to_owned(), count.to_owned()));
        }
        let left = app.store.read(insomnia_scim::store::Cost::Point, {
            let enterprise = account.made.enterprise;
            move |conn| {
                let member = members::by_id(conn, enterprise, &pilot)?.unwrap().pk;
                let now = insomnia_scim::enterprise::Timestamp(0);
                activity::of_members(conn, &[member], now)
            }
        });
        assert!(left.await.unwrap().is_empty(), "nothing is kept longer");
    }

    async fn using_the_api_is_activity(app: App) {
        let account = app.account(9).await;
        account.admin.get("/seats").await.expect(200);
        let today = ("2026-01-01".to_owned(), "1".to_owned());
        // What is noted beside the request is there soon after it.
        let mut tries = 0;
        while seen(&account, "owner@kongair.example").await != today {
            tries += 1;
            assert!(tries < 1000, "never noted");
        }
    }

    async fn a_table_of_twenty_thousand_lines_is_read_while_it_is_sent(app: App) {
        let account = app.account(20_010).await;
        app.database.execute(&population(&app, account.made.enterprise.0));
        for (path, last) in
            [("/reports/licences.csv", 20_000), ("/reports/user-activity.csv", 19_999)]
        {
            // A client that stops after the beginning: more than a connection holds is ahead.
            let mut stream = ask(&app, &account, path);
            let mut beginning = [0_u8; 1024];
            stream.read_exact(&mut beginning).unwrap();
            let beginning = String::from_utf8_lossy(&beginning).into_owned();
            assert!(beginning.starts_with("HTTP/1.1 200"), "{beginning}");
            assert!(beginning.contains("transfer-encoding: chunked"), "{beginning}");
            // What goes meanwhile is not sent: it was not read yet.
            app.database.execute(&format!("DELETE FROM members WHERE id = 'bulk-{last}'"));
            let mut rest = String::new();
            stream.read_to_string(&mut rest).unwrap();
            assert!(rest.len() > 20_000_000, "{}", rest.len());
            assert!(rest.ends_with("\r\n0\r\n\r\n"), "it is sent to its end");
            let lines = [&beginning, &rest].map(|part| part.matches("\r\nbulk-").count());
            assert_eq!(lines.iter().sum::<usize>(), last - 1, "{path}");
        }
    }
}

/// Statements that put twenty thousand members with long names into an account.
fn population(app: &App, enterprise: i64) -> String {
    let insert = |numbers: &str| {
        format!(
            "INSERT INTO members (id, enterprise_pk, role, source, active, seat_since, user_name, \
             user_name_key, display_name, document, version, created_at, modified_at) \
             SELECT 'bulk-' || i, {enterprise}, 'member', 'scim', TRUE, 0, 'user-' || i, 'user-' || i, \
             '{}', '{{}}', 1, 0, 0 FROM ({numbers}) AS numbers;",
            "x".repeat(1000)
        )
    };
    match &app.database.url {
        DatabaseUrl::Sqlite(_) => insert(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) \
             SELECT i FROM n",
        ),
        // Counting each of them by itself would take longer than all the rest.
        DatabaseUrl::Postgres(_) => format!(
            "ALTER TABLE members DISABLE TRIGGER USER; {} ALTER TABLE members ENABLE TRIGGER USER; \
             UPDATE enterprises SET seats_members = seats_members + 20000, \
             member_count = member_count + 20000;",
            insert("SELECT i FROM generate_series(1, 20000) AS n(i)")
        ),
    }
}

/// Asks for a report and leaves the reading to the caller.
fn ask(app: &App, account: &Account, path: &str) -> TcpStream {
    let host = app.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let token = &account.admin.token;
    write!(
        stream,
        "GET /api/v1{path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n\
         connection: close\r\n\r\n"
    )
    .unwrap();
    stream
}
