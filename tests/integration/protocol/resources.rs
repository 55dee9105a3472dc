//! One resource at a time: locations, versions, conditions, media types.

use reqwest::Method;
use serde_json::{Value, json};

use super::*;
use crate::support::{group, on_both_databases, patch};

const READ: [(&str, &str); 1] = [("content-type", MEDIA_TYPE)];

fn title(title: &str) -> Value {
    patch(json!([{"op": "replace", "path": "title", "value": title}]))
}

on_both_databases! {
    async fn a_resource_says_where_and_which_version_it_is(app: App) {
        let account = app.account(5).await;
        for (endpoint, kind, body) in [
            ("/Users", "User", user("ada@kongair.example")),
            ("/Groups", "Group", group("Crew", &[])),
        ] {
            let posted = account.scim.post(endpoint, body.clone()).await;
            let (location, tag) =
                (posted.header("location").to_owned(), posted.header("etag").to_owned());
            let made = posted.expect(201);
            let id = made["id"].as_str().unwrap();
            assert_eq!(location, format!("{}{endpoint}/{id}", account.scim.base));
            assert_eq!(made["meta"], json!({
                "resourceType": kind,
                "created": "2026-01-01T00:00:00.000Z",
                "lastModified": "2026-01-01T00:00:00.000Z",
                "location": location,
                "version": tag,
            }));
            let path = format!("{endpoint}/{id}");
            let got = account.scim.get(&path).await;
            assert_eq!(got.header("etag"), tag);
            assert_eq!(got.header("content-location"), location);
            assert_eq!(got.expect(200), made);

            app.clock.advance(5_000);
            let renamed = patch(json!([{"op": "add", "path": "displayName", "value": "New"}]));
            let changed = account.scim.patch(&path, renamed).await;
            let new_tag = changed.header("etag").to_owned();
            let changed = changed.expect(200);
            assert_ne!(new_tag, tag);
            assert_eq!(changed["meta"]["version"], new_tag);
            assert_eq!(changed["meta"]["created"], "2026-01-01T00:00:00.000Z");
            assert_eq!(changed["meta"]["lastModified"], "2026-01-01T00:00:05.000Z");
            let put = account.scim.put(&path, body).await;
            assert_ne!(put.header("etag"), new_tag);
            assert_eq!(put.header("content-location"), location);
            assert_eq!(put.expect(200)["id"], id);
            app.clock.advance(-5_000);
        }
    }

    async fn if_match_lets_only_the_named_version_change(app: App) {
        let account = app.account(5).await;
        for (endpoint, body) in
            [("/Users", user("ada@kongair.example")), ("/Groups", group("Crew", &[]))]
        {
            let made = account.scim.post(endpoint, body.clone()).await.expect(201);
            let path = format!("{endpoint}/{}", made["id"].as_str().unwrap());
            let old = made["meta"]["version"].as_str().unwrap().to_owned();
            let change = |name: &str| {
                patch(json!([{"op": "add", "path": "displayName", "value": name}])).to_string()
            };
            let send = async |method: Method, tag: &str, body: Option<String>| {
                let headers = [("content-type", MEDIA_TYPE), ("if-match", tag)];
                account.scim.send(method, &path, &headers, body).await
            };
            let changed = send(Method::PATCH, &old, Some(change("One"))).await.expect(200);
            let new = changed["meta"]["version"].as_str().unwrap();
            for (method, body) in [
                (Method::PATCH, Some(change("Two"))),
                (Method::PUT, Some(body.to_string())),
                (Method::DELETE, None),
            ] {
                let detail = refused(send(method, &old, body).await, 412, None);
                assert!(detail.contains(new), "{detail}");
            }
            assert_eq!(account.scim.get(&path).await.expect(200), changed);
            let either = format!("{old}, {new}");
            send(Method::PATCH, &either, Some(change("Three"))).await.expect(200);
            send(Method::PATCH, "*", Some(change("Four"))).await.expect(200);
            let last = account.scim.get(&path).await.header("etag").to_owned();
            send(Method::DELETE, &last, None).await.expect(204);
        }
    }

    async fn if_none_match_saves_the_body_of_a_known_version(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        let path = format!("/Users/{id}");
        let tag = account.scim.get(&path).await.header("etag").to_owned();
        let same = account.scim.send(Method::GET, &path, &[("if-none-match", &tag)], None).await;
        assert_eq!((same.status, &same.body), (304, &Value::Null));
        assert_eq!(same.header("etag"), tag);
        account.scim.patch(&path, title("Pilot")).await.expect(200);
        let new = account.scim.send(Method::GET, &path, &[("if-none-match", &tag)], None).await;
        assert_eq!(new.expect(200)["title"], "Pilot");
    }

    async fn what_changes_nothing_keeps_the_version(app: App) {
        let account = app.account(5).await;
        let made = user_with(&account, "ada@kongair.example", json!({"title": "Pilot"})).await;
        let path = format!("/Users/{}", made["id"].as_str().unwrap());
        app.clock.advance(60_000);
        assert_eq!(account.scim.patch(&path, title("Pilot")).await.expect(200), made);
        assert_eq!(account.scim.put(&path, made.clone()).await.expect(200), made);
        let nothing = json!([
            {"op": "Replace", "path": "active", "value": "True"},
            {"op": "add", "value": {"name": {"givenName": "Given"}}},
            {"op": "remove", "path": "nickName"},
        ]);
        assert_eq!(account.scim.patch(&path, patch(nothing)).await.expect(200), made);
        let changed = account.scim.patch(&path, title("Captain")).await.expect(200);
        assert_ne!(changed["meta"]["version"], made["meta"]["version"]);
    }

    async fn an_unknown_id_is_never_created(app: App) {
        let account = app.account(5).await;
        let path = "/Users/0b6a5c4e-0000-7000-8000-000000000000";
        for response in [
            account.scim.get(path).await,
            account.scim.put(path, user("ada@kongair.example")).await,
            account.scim.patch(path, title("x")).await,
            account.scim.delete(path).await,
        ] {
            let detail = refused(response, 404, None);
            assert!(detail.contains("0b6a5c4e"), "{detail}");
        }
        assert_eq!(account.scim.get("/Users").await.expect(200)["totalResults"], 1);
    }

    async fn a_put_replaces_what_it_does_not_name(app: App) {
        let account = app.account(5).await;
        let made = user_with(&account, "ada@kongair.example", json!({
            "title": "Pilot", "externalId": "7", "nickName": "A",
        })).await;
        let path = format!("/Users/{}", made["id"].as_str().unwrap());
        let put = account.scim.put(&path, user("ada@kongair.example")).await.expect(200);
        for name in ["title", "externalId", "nickName"] {
            assert_eq!(put.get(name), None);
        }
        assert_eq!(account.scim.get(&path).await.expect(200), put);
    }

    async fn a_patch_is_all_or_nothing(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        let path = format!("/Users/{id}");
        let before = account.scim.get(&path).await.expect(200);
        for (last, scim_type) in [
            (json!({"op": "replace", "path": "active", "value": "maybe"}), "invalidValue"),
            (json!({"op": "replace", "path": "emails[type eq", "value": "x"}), "invalidFilter"),
            (json!({"op": "replace", "path": "noSuchThing", "value": "x"}), "invalidPath"),
            (json!({"op": "remove"}), "noTarget"),
            (json!({"op": "replace", "path": "id", "value": "x"}), "mutability"),
            (json!({"op": "move", "path": "title", "value": "x"}), "invalidSyntax"),
            (json!({"op": "remove", "path": "userName"}), "mutability"),
        ] {
            let operations = json!([
                {"op": "add", "path": "title", "value": "Pilot"},
                {"op": "replace", "path": "active", "value": false},
                last,
            ]);
            let response = account.scim.patch(&path, patch(operations)).await;
            refused(response, 400, Some(scim_type));
            assert_eq!(account.scim.get(&path).await.expect(200), before, "{last}");
        }
        assert_eq!(account.seats().await.0, 2);
    }

    async fn what_the_server_decides_is_ignored_in_a_body(app: App) {
        let account = app.account(5).await;
        let made = user_with(&account, "ada@kongair.example", json!({
            "id": "mine",
            "meta": {"version": "W/\"99\"", "created": "2001-01-01T00:00:00Z"},
            "groups": [{"value": "team_1"}],
            "password": "secret-1",
        })).await;
        assert_ne!(made["id"], "mine");
        assert_eq!(made["meta"]["created"], "2026-01-01T00:00:00.000Z");
        assert_eq!((made.get("groups"), made.get("password")), (None, None));
        account.scim.get("/Users/mine").await.expect(404);

        let path = format!("/Users/{}?attributes=password,userName", made["id"].as_str().unwrap());
        let secret = patch(json!([{"op": "replace", "path": "password", "value": "secret-2"}]));
        for response in [
            account.scim.get(&path).await,
            account.scim.patch(&path, secret).await,
            account.scim.get("/Users?attributes=password,userName").await,
        ] {
            let body = response.expect(200).to_string();
            assert!(body.contains("userName"), "{body}");
            assert!(!body.contains("password") && !body.contains("secret"), "{body}");
        }
        let guess = account.scim.filter("/Users", "password eq \"secret-2\"").await;
        refused(guess, 400, Some("invalidFilter"));
    }

    async fn every_answer_has_exactly_the_media_type(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        let path = format!("/Users/{id}");
        let nobody = account.scim.with_token("wrong");
        for (response, status) in [
            (account.scim.get(&path).await, 200),
            (account.scim.get("/Users").await, 200),
            (account.scim.get("").await, 200),
            (account.scim.get("/Schemas").await, 200),
            (account.scim.post("/Users", user("bob@kongair.example")).await, 201),
            (account.scim.post("/Users", user("bob@kongair.example")).await, 409),
            (account.scim.patch(&path, title("x")).await, 200),
            (account.scim.put(&path, json!([])).await, 400),
            (account.scim.get("/Users/none").await, 404),
            (account.scim.get("/Nothing").await, 404),
            (account.scim.delete("/Users").await, 405),
            (account.scim.get("/Me").await, 501),
            (nobody.get("/Users").await, 401),
            (nobody.get("/Nothing").await, 401),
        ] {
            assert_eq!(response.status, status, "{}", response.body);
            assert_eq!(response.header("content-type"), MEDIA_TYPE);
        }
        let deleted = account.scim.delete(&path).await;
        assert_eq!((deleted.status, &deleted.body), (204, &Value::Null));
    }

    async fn json_and_scim_bodies_are_read_and_no_other(app: App) {
        let account = app.account(10).await;
        let post = async |address: &str, headers: &[(&str, &str)]| {
            let body = user(address).to_string();
            account.scim.send(Method::POST, "/Users", headers, Some(body)).await
        };
        for (number, media_type) in [
            "application/scim+json",
            "application/json",
            "application/scim+json; charset=utf-8",
            "Application/JSON;charset=UTF-8",
        ].into_iter().enumerate() {
            let address = format!("u{number}@kongair.example");
            post(&address, &[("content-type", media_type)]).await.expect(201);
        }
        post("none@kongair.example", &[]).await.expect(201);
        post("star@kongair.example", &[("content-type", MEDIA_TYPE), ("accept", "text/html")])
            .await
            .expect(201);
        for media_type in ["text/plain", "application/x-www-form-urlencoded", "application/xml"] {
            let response = post("x@kongair.example", &[("content-type", media_type)]).await;
            let detail = refused(response, 415, None);
            assert!(detail.contains("application/scim+json"), "{detail}");
        }
    }

    async fn a_body_that_is_no_json_is_refused(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        for body in ["", "{", "{\"userName\": }", "nonsense", "{\"a\":1}{", "\u{feff}{}"] {
            for (method, path) in [
                (Method::POST, "/Users".to_owned()),
                (Method::PUT, format!("/Users/{id}")),
                (Method::PATCH, format!("/Users/{id}")),
                (Method::POST, "/Bulk".to_owned()),
                (Method::POST, "/.search".to_owned()),
            ] {
                let body = Some(body.to_owned());
                let response = account.scim.send(method, &path, &READ, body).await;
                refused(response, 400, Some("invalidSyntax"));
            }
        }
        for body in ["[]", "1", "null", "\"text\"", "true"] {
            let body = Some(body.to_owned());
            let response = account.scim.send(Method::POST, "/Users", &READ, body).await;
            refused(response, 400, Some("invalidSyntax"));
        }
    }

    async fn a_body_too_long_is_refused(app: App) {
        let account = app.account(5).await;
        let body = format!("{{\"userName\": \"{}\"}}", "a".repeat(8 * 1024 * 1024));
        let response = account.scim.send(Method::POST, "/Users", &READ, Some(body)).await;
        let detail = refused(response, 413, None);
        assert!(detail.contains("8388608"), "{detail}");
    }

    async fn slashes_and_marks_at_the_end_of_a_url_mean_nothing(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        for path in ["/Users/", "/Users?", "/Users/?", "/Users?&", "/Users?count=5&", "/Users/?&&"] {
            assert_eq!(account.scim.get(path).await.expect(200)["totalResults"], 2, "{path}");
        }
        let filter = "/Users?filter=userName+eq+%22ada@kongair.example%22&";
        assert_eq!(account.scim.get(filter).await.expect(200)["totalResults"], 1);
        for path in [format!("/Users/{id}/"), format!("/Users/{id}?"), format!("/Users/{id}?&")] {
            assert_eq!(account.scim.get(&path).await.expect(200)["id"], id, "{path}");
        }
        account.scim.get("/ServiceProviderConfig/?").await.expect(200);
        account.scim.post("/Users/", user("bob@kongair.example")).await.expect(201);
        account.scim.delete(&format!("/Users/{id}/?")).await.expect(204);
    }
}
