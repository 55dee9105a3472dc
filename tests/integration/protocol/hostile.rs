//! Input that means harm: refused as the client's mistake, never a failure of the server, and the
//! server serves on.

use reqwest::Method;
use serde_json::{Value, json};

use super::*;
use crate::support::{group, on_both_databases, patch};

const JSON: [(&str, &str); 1] = [("content-type", MEDIA_TYPE)];

/// The answer is a refusal in SCIM form.
#[track_caller]
fn assert_refused(response: &Response, what: &str) {
    assert!((400..500).contains(&response.status), "{what}: {response:?}");
    assert_eq!(response.header("content-type"), MEDIA_TYPE, "{what}");
}

/// The answer is not a failure of the server.
#[track_caller]
fn assert_survived(response: &Response, what: &str) {
    assert!(response.status < 500, "{what}: {response:?}");
}

async fn assert_unchanged(account: &Account, total: usize) {
    let users = account.scim.get("/Users").await.expect(200);
    assert_eq!(users["totalResults"], total);
}

fn search(filter: &str) -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "filter": filter,
    })
}

on_both_databases! {
    async fn deep_json_is_refused(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        for depth in [200, 100_000] {
            for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
                let nested =
                    format!("{}1{}", open.repeat(depth), close.repeat(depth));
                let inside = format!("{{\"userName\":\"x\",\"urn:x:y\":{{\"a\":{nested}}}}}");
                for (method, path, body) in [
                    (Method::POST, "/Users".to_owned(), nested.clone()),
                    (Method::POST, "/Users".to_owned(), inside.clone()),
                    (Method::PUT, format!("/Users/{id}"), inside.clone()),
                    (Method::PATCH, format!("/Groups/{id}"), nested.clone()),
                    (Method::POST, "/Bulk".to_owned(), nested.clone()),
                    (Method::POST, "/.search".to_owned(), nested.clone()),
                ] {
                    let response = account.scim.send(method, &path, &JSON, Some(body)).await;
                    assert_refused(&response, &format!("{path} {depth}"));
                }
            }
        }
        // What the JSON reader lets through is bounded, too.
        let nested = format!("{}1{}", "[".repeat(60), "]".repeat(60));
        let inside = format!("{{\"userName\":\"x\",\"urn:x:y\":{{\"a\":{nested}}}}}");
        let response = account.scim.send(Method::POST, "/Users", &JSON, Some(inside)).await;
        refused(response, 400, Some("invalidValue"));
        assert_unchanged(&account, 2).await;
    }

    async fn a_hundred_thousand_parentheses_are_refused(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        for open in ["(", "not (", "emails[", "(emails["] {
            let filter = open.repeat(100_000);
            let response = account.scim.post("/Users/.search", search(&filter)).await;
            assert_refused(&response, open);
            let operations = json!([{"op": "remove", "path": format!("emails[{filter}")}]);
            let response = account.scim.patch(&format!("/Users/{id}"), patch(operations)).await;
            assert_refused(&response, open);
            let operations = json!([{"op": "add", "value": {format!("emails[{filter}"): "x"}}]);
            let response = account.scim.patch(&format!("/Users/{id}"), patch(operations)).await;
            assert_survived(&response, open);
        }
        for filter in [
            format!("{}title pr{}", "(".repeat(33), ")".repeat(33)),
            "(".repeat(8000),
            vec!["title pr"; 257].join(" or "),
            format!("title eq \"{}\"", "a".repeat(9000)),
        ] {
            // In a URL some of them would be too long.
            let response = account.scim.post("/Users/.search", search(&filter)).await;
            refused(response, 400, Some("invalidFilter"));
        }
        for path in [
            format!("/Users?filter={}", "(".repeat(60_000)),
            format!("/Users?attributes={}", "a,".repeat(30_000)),
            format!("/Users/{}", "(".repeat(60_000)),
        ] {
            let response = account.scim.get(&path).await;
            assert!((400..500).contains(&response.status), "{response:?}");
        }
        assert_unchanged(&account, 2).await;
    }

    async fn a_nul_in_an_id_or_filter_finds_nothing(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        let team = account.scim.post("/Groups", group("Crew", &[&id])).await.expect(201);
        let team = team["id"].as_str().unwrap();
        for path in ["/Users/%00", "/Users/a%00b", "/Groups/%00", &format!("/Users/{id}%00")] {
            for response in [
                account.scim.get(path).await,
                account.scim.delete(path).await,
                account.scim.put(path, group("x", &[])).await,
            ] {
                assert_refused(&response, path);
            }
        }
        for path in ["/Schemas/%00", "/ResourceTypes/%00"] {
            assert_refused(&account.scim.get(path).await, path);
        }
        for attribute in [
            "id", "userName", "externalId", "displayName", "emails", "emails.value",
            "groups.value", "title", "name.givenName", "meta.resourceType", "urn:x:y:z",
        ] {
            for operator in ["eq", "sw", "co", "gt"] {
                let filter = format!("{attribute} {operator} \"a\\u0000b\"");
                let found = account.scim.post("/Users/.search", search(&filter)).await;
                assert_survived(&found, &filter);
            }
        }
        for filter in [
            "emails[value eq \"a\\u0000\"]",
            "id eq \"\\u0000\" or userName eq \"\\u0000\"",
            "userName sw \"\\u0000\" and title pr",
        ] {
            let found = account.scim.filter("/Users", filter).await.expect(200);
            assert_eq!(found["totalResults"], 0, "{filter}");
        }
        for filter in [
            "members eq \"\\u0000\"", "members[value eq \"\\u0000\"]", "displayName eq \"\\u0000\"",
            "id eq \"\\u0000\"", "externalId eq \"\\u0000\"",
        ] {
            let found = account.scim.filter("/Groups", filter).await.expect(200);
            assert_eq!(found["totalResults"], 0, "{filter}");
        }
        let path = format!("/Groups/{team}");
        for operation in [
            json!({"op": "remove", "path": "members[value eq \"\\u0000\"]"}),
            json!({"op": "remove", "path": "members", "value": [{"value": "\0"}]}),
            json!({"op": "add", "path": "members", "value": [{"value": "a\0"}]}),
            json!({"op": "replace", "path": "members", "value": [{"value": id, "display": "\0"}]}),
        ] {
            let response = account.scim.patch(&path, patch(json!([operation]))).await;
            assert_survived(&response, &operation.to_string());
        }
        let members = account.scim.get(&path).await.expect(200)["members"].clone();
        assert_eq!(members[0]["value"], id);
        let raw = account.scim.get("/Users?filter=userName%20eq%20%22%00%22").await;
        assert_survived(&raw, "a bare NUL in a filter");
        let raw = account.scim.get("/Users?cursor=%00&sortBy=%00").await;
        assert_refused(&raw, "a NUL in a cursor");
    }

    async fn a_nul_in_a_body_is_refused_alike_on_both_databases(app: App) {
        let account = app.account(9).await;
        let id = account.provision("ada@kongair.example").await;
        let team = account.scim.post("/Groups", group("Crew", &[])).await.expect(201);
        let team = format!("/Groups/{}", team["id"].as_str().unwrap());
        let before = account.scim.get(&format!("/Users/{id}")).await.expect(200);
        for (name, value) in [
            ("userName", json!("a\0b@kongair.example")),
            ("externalId", json!("\0")),
            ("displayName", json!("a\0")),
            ("title", json!("a\0b")),
            ("emails", json!([{"value": "a\0@kongair.example", "type": "work"}])),
            ("name", json!({"givenName": "\0"})),
            ("urn:x:y", json!({"a": "\0"})),
            ("urn:x:z", json!({"a": {"b": ["\0"]}})),
            ("profileUrl", json!("https://x/\0")),
        ] {
            let mut body = user("nul@kongair.example");
            body[name] = value.clone();
            let detail = refused(
                account.scim.post("/Users", body.clone()).await, 400, Some("invalidValue"));
            assert!(detail.contains("NUL"), "{detail}");
            let path = format!("/Users/{id}");
            refused(account.scim.put(&path, body).await, 400, Some("invalidValue"));
            let operations = json!([{"op": "add", "value": {name: value}}]);
            let response = account.scim.patch(&path, patch(operations)).await;
            refused(response, 400, Some("invalidValue"));
        }
        let body = group("Ground\0", &[]);
        refused(account.scim.post("/Groups", body).await, 400, Some("invalidValue"));
        let body = json!({"displayName": "Crew", "externalId": "\0"});
        refused(account.scim.put(&team, body).await, 400, Some("invalidValue"));
        // What nobody reads may hold anything.
        let mut body = user("bob@kongair.example");
        body["noSuchAttribute\0"] = "\0".into();
        account.scim.post("/Users", body).await.expect(201);
        assert_eq!(account.scim.get(&format!("/Users/{id}")).await.expect(200), before);
    }

    async fn a_nul_in_a_key_or_bulk_request_does_no_harm(app: App) {
        let account = app.account(9).await;
        for body in [
            json!({"userName": "k1", "urn:x:\0": {"a": 1}}),
            json!({"userName": "k2", "urn:x:y": {"a\0": 1}}),
            json!({"userName": "k3", "urn:x:y": {"a": {"b\0": 1}}}),
        ] {
            let response = account.scim.post("/Users", body.clone()).await;
            assert_survived(&response, &body.to_string());
            if response.status == 201 {
                let id = response.body["id"].as_str().unwrap();
                account.scim.get(&format!("/Users/{id}")).await.expect(200);
            }
        }
        let response = account.scim.post("/Bulk", json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": [
                {"method": "DELETE", "path": "/Users/\0"},
                {"method": "POST", "path": "/Users", "bulkId": "\0", "data": {"userName": "a\0"}},
                {"method": "POST", "path": "/\0", "bulkId": "b", "data": {}},
                {"method": "PATCH", "path": "/Users/bulkId:\0", "data": {}},
                {"method": "POST", "path": "/Users", "bulkId": "c", "data": user("c@x.example")},
            ],
        })).await;
        let results = response.expect(200)["Operations"].clone();
        let statuses = crate::support::texts(&results, "status");
        assert!(statuses[..4].iter().all(|status| status.starts_with('4')), "{results}");
        assert_eq!(statuses[4], "201");
    }

    async fn huge_numbers_are_refused_or_kept(app: App) {
        let account = app.account(9).await;
        for (number, value) in [
            "1e400", "-1e400", "1e999999999", "123456789012345678901234567890", "1e-400", "-0",
        ].into_iter().enumerate() {
            let digits = format!("9{}", "9".repeat(number));
            for body in [
                format!("{{\"userName\":\"n{number}\",\"urn:x:y\":{{\"n\":{value}}}}}"),
                format!("{{\"userName\":{value}}}"),
                format!("{{\"userName\":\"m\",\"active\":{value}}}"),
                format!("{{\"schemas\":{digits}}}"),
            ] {
                let what = body.clone();
                let response = account.scim.send(Method::POST, "/Users", &JSON, Some(body)).await;
                assert_survived(&response, &what);
            }
            let filter = format!("urn:x:y:n gt {value} and urn:x:y:n le 9e99");
            let response = account.scim.filter("/Users", &filter).await;
            assert_survived(&response, &filter);
            let path = format!("/Users?count={value}&startIndex={value}");
            assert_survived(&account.scim.get(&path).await, &path);
            let body = format!(
                "{{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:BulkRequest\"],\
                 \"failOnErrors\":{value},\"Operations\":[]}}"
            );
            let response = account.scim.send(Method::POST, "/Bulk", &JSON, Some(body)).await;
            assert_survived(&response, value);
        }
        account.scim.get("/Users").await.expect(200);
        let sorted = account.scim.get("/Users?sortBy=urn:x:y:n&cursor&count=1").await;
        assert_survived(&sorted, "sorting by huge numbers");
    }

    async fn invalid_utf_8_is_refused(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        for bytes in [&b"\xff"[..], b"\xc3\x28", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\xc0\x80"] {
            let body = [b"{\"userName\":\"", bytes, b"\"}"].concat();
            for (method, path) in [
                (Method::POST, "/Users".to_owned()),
                (Method::PUT, format!("/Users/{id}")),
                (Method::POST, "/.search".to_owned()),
            ] {
                let response = account.scim.send_bytes(method, &path, &JSON, Some(body.clone())).await;
                refused(response, 400, Some("invalidSyntax"));
            }
        }
        for path in [
            "/Users/%ff", "/Users?filter=%ff", "/Users?filter=userName%20eq%20%22%c3%28%22",
            "/Users?%ff=%fe", "/Groups/%ed%a0%80", "/Users?attributes=%ff", "/%ff", "/Schemas/%ff",
        ] {
            let response = account.scim.get(path).await;
            assert_survived(&response, path);
            assert_eq!(response.header("content-type"), MEDIA_TYPE, "{path}");
        }
        // A lone surrogate is no text.
        let body = "{\"userName\":\"\\ud800\"}".to_owned();
        let response = account.scim.send(Method::POST, "/Users", &JSON, Some(body)).await;
        refused(response, 400, Some("invalidSyntax"));
        assert_unchanged(&account, 2).await;
    }

    async fn odd_unicode_is_kept_and_found(app: App) {
        let account = app.account(20).await;
        for (number, odd) in [
            "İstanbul", "ẞtraße", "e\u{301}", "👩\u{200d}✈\u{fe0f}", "\u{202e}abc", "\u{feff}bom",
            "ﬃ", "Ω\u{3a9}", "\u{10ffff}", "' OR 1=1 --", "%_\\",
        ].into_iter().enumerate() {
            let mut body = user(&format!("u{number}@kongair.example"));
            body["displayName"] = odd.into();
            body["externalId"] = odd.into();
            let made = account.scim.post("/Users", body).await.expect(201);
            assert_eq!(made["displayName"], odd);
            let quoted = json!(odd).to_string();
            for attribute in ["displayName", "externalId"] {
                let filter = format!("{attribute} eq {quoted}");
                let found = account.scim.filter("/Users", &filter).await.expect(200);
                let ids = crate::support::texts(&found["Resources"], "id");
                assert_eq!(ids, [made["id"].as_str().unwrap()], "{filter}");
                let scanned = format!("({filter}) and name.givenName eq \"given\"");
                let found = account.scim.filter("/Users", &scanned).await.expect(200);
                assert_eq!(found["totalResults"], 1, "{scanned}");
            }
            let name = format!("Team {odd}");
            if odd.contains(['\u{202e}', '\u{feff}', '\u{10ffff}']) {
                // Two teams that look the same are one name too many.
                refused(account.scim.post("/Groups", group(&name, &[])).await, 400, Some("invalidValue"));
                continue;
            }
            let team = account.scim.post("/Groups", group(&name, &[])).await.expect(201);
            assert_eq!(team["displayName"], name.trim());
            refused(account.scim.post("/Groups", group(&name, &[])).await, 409, Some("uniqueness"));
        }
    }

    async fn names_have_neither_control_characters_nor_line_breaks(app: App) {
        let account = app.account(5).await;
        let before = account.snapshot().await;
        for odd in ["a\u{1}b", "a\u{7f}b", "a\u{85}b", "a\u{2028}b", "a\nb", "a\r\nb"] {
            for attribute in ["displayName", "userName"] {
                let mut body = user("odd@kongair.example");
                body[attribute] = odd.into();
                refused(account.scim.post("/Users", body).await, 400, Some("invalidValue"));
            }
            let mut body = user("odd@kongair.example");
            body["name"]["familyName"] = odd.into();
            refused(account.scim.post("/Users", body).await, 400, Some("invalidValue"));
            refused(account.scim.post("/Groups", group(odd, &[])).await, 400, Some("invalidValue"));
            account.admin.post("/organizations", json!({"name": odd})).await.expect(422);
            account.admin.post("/teams", json!({"name": odd})).await.expect(422);
        }
        assert_eq!(account.snapshot().await, before);
    }

    async fn long_and_wide_bodies_are_bounded(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        let path = format!("/Users/{id}");
        let with = |name: &str, value: Value| {
            let mut body = user("long@kongair.example");
            body[name] = value;
            body
        };
        let emails: Vec<_> =
            (0..1001).map(|n| json!({"value": format!("e{n}@x.example")})).collect();
        let wide: serde_json::Map<String, Value> =
            (0..2001).map(|n| (format!("a{n}"), json!(n))).collect();
        for body in [
            with("title", json!("a".repeat(16 * 1024 + 1))),
            with("userName", json!("a".repeat(16 * 1024 + 1))),
            with("emails", json!(emails)),
            with("urn:x:y", Value::Object(wide)),
        ] {
            refused(account.scim.post("/Users", body.clone()).await, 400, Some("invalidValue"));
            refused(account.scim.put(&path, body).await, 400, Some("invalidValue"));
        }
        let operation = json!({"op": "replace", "path": "title", "value": "x"});
        let many = patch(json!(vec![operation; 1001]));
        refused(account.scim.patch(&path, many).await, 413, None);
        let name = group(&"a".repeat(256), &[]);
        refused(account.scim.post("/Groups", name).await, 400, Some("invalidValue"));
        assert_unchanged(&account, 2).await;
    }

    async fn messages_of_a_wrong_shape_are_refused(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        let path = format!("/Users/{id}");
        for body in [
            json!({}), json!({"schemas": 7}), json!({"schemas": {}}), json!({"Operations": []}),
            patch(json!([])), patch(json!({})), patch(json!([1])), patch(json!([{}])),
            patch(json!([{"op": 7}])), patch(json!([{"op": "add"}])),
            patch(json!([{"op": "add", "value": []}])),
            patch(json!([{"op": "add", "path": 7, "value": 1}])),
            patch(json!([{"op": "add", "path": "emails[", "value": 1}])),
            patch(json!([{"op": "add", "path": ".", "value": 1}])),
            patch(json!([{"op": "add", "path": "name..givenName", "value": 1}])),
            patch(json!([{"op": "add", "path": "name", "value": [[[]]]}])),
            patch(json!([{"op": "add", "path": "emails", "value": [[["x"]]]}])),
        ] {
            let response = account.scim.patch(&path, body.clone()).await;
            assert_refused(&response, &body.to_string());
        }
    }
}
