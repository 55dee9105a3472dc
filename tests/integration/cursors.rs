//! A cursor is read by nobody but the server, and is of no use to others.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::support::{Client, on_both_databases, text};

/// Whether what is in the text could be read: a number, or a document.
fn tells_something(cursor: &str) -> bool {
    let inside = URL_SAFE_NO_PAD.decode(cursor).unwrap();
    inside.len() <= 16 || inside.contains(&b'{') && String::from_utf8(inside).is_ok()
}

/// The same with one bit changed in the middle.
fn changed(cursor: &str) -> String {
    let mut inside = URL_SAFE_NO_PAD.decode(cursor).unwrap();
    let middle = inside.len() / 2;
    inside[middle] ^= 1;
    URL_SAFE_NO_PAD.encode(inside)
}

async fn first_cursor(client: &Client, path: &str, key: &str) -> String {
    text(&client.get(path).await.expect(200), key)
}

on_both_databases! {
    async fn a_scim_cursor_serves_its_account_and_tells_nothing(app: App) {
        let one = app.account(20).await;
        let other = app.account_named("Other", "other.example", 20).await;
        for account in [&one, &other] {
            for number in 0..3 {
                account.provision(&format!("u{number}@{}.example", account.made.account_id)).await;
            }
        }
        for query in ["/Users?cursor=&count=2", "/Users?cursor=&count=2&sortBy=userName"] {
            let cursor = first_cursor(&one.scim, query, "nextCursor").await;
            assert!(!tells_something(&cursor), "{cursor}");
            let with = |cursor: &str| query.replace("cursor=", &format!("cursor={cursor}"));
            let next = one.scim.get(&with(&cursor)).await.expect(200);
            assert_eq!(next["Resources"].as_array().unwrap().len(), 2);
            for (client, cursor) in [(&other.scim, cursor.clone()), (&one.scim, changed(&cursor))] {
                let refused = client.get(&with(&cursor)).await.expect(400);
                assert_eq!(refused["scimType"], "invalidCursor");
            }
        }
    }

    async fn a_cursor_of_the_administrators_serves_its_list_and_tells_nothing(app: App) {
        let account = app.account(20).await;
        account.provision("amelia@kongair.example").await;
        for list in ["/members", "/licences", "/audit-log"] {
            let path = format!("{list}?limit=1");
            let cursor = first_cursor(&account.admin, &path, "next_cursor").await;
            assert!(!tells_something(&cursor), "{list}: {cursor}");
            let next = account.admin.get(&format!("{path}&cursor={cursor}")).await.expect(200);
            assert_eq!(next["items"].as_array().unwrap().len(), 1);
            let refused = account.admin.get(&format!("{path}&cursor={}", changed(&cursor))).await;
            assert!(refused.detail(400).contains("next_cursor"));
            let elsewhere = format!("/teams?limit=1&cursor={cursor}");
            account.admin.get(&elsewhere).await.expect(400);
        }
    }

    async fn every_node_reads_the_cursors_of_the_others(app: App) {
        let account = app.account(20).await;
        account.provision("amelia@kongair.example").await;
        let cursor = first_cursor(&account.scim, "/Users?cursor=&count=1", "nextCursor").await;
        let node = app.second_node();
        let base = account.scim.base.replace(&app.url, &node.url);
        let there = Client::new(base, account.scim.token.clone());
        let next = there.get(&format!("/Users?cursor={cursor}&count=1")).await.expect(200);
        assert_eq!(next["Resources"].as_array().unwrap().len(), 1);
    }
}
