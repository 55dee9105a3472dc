//! HTTP itself (RFC 9110): HEAD wherever there is GET, conditions on writes, codings of content, and
//! targets that are too long or wrongly encoded.

use reqwest::Method;
use serde_json::{Value, json};

use super::*;
use crate::support::{Client, Response, group, on_both_databases, patch};

const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// What a client sees of an answer but its content, without what is different in any two.
fn seen(response: &Response) -> (u16, Vec<(String, String)>) {
    let headers = response.headers.iter().filter(|(name, _)| {
        !["date", "x-request-id", "transfer-encoding"].contains(&name.as_str())
    });
    let mut headers: Vec<_> = headers
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    headers.sort();
    (response.status, headers)
}

/// Checks that HEAD is answered as GET is, without the content.
async fn assert_head(client: &Client, path: &str) {
    let get = client.send(Method::GET, path, &[], None).await;
    let head = client.send(Method::HEAD, path, &[], None).await;
    assert_eq!(head.body, Value::Null, "{path}");
    assert!(!head.header("x-request-id").is_empty(), "{path}");
    let (status, mut expected) = seen(&get);
    let (head_status, headers) = seen(&head);
    // A document of measurements is of another length each time.
    if path == "/metrics" {
        expected.retain(|(name, _)| name != "content-length");
        assert_eq!(
            headers.iter().filter(|(name, _)| name != "content-length").count(),
            expected.len()
        );
        return;
    }
    assert_eq!((head_status, headers), (status, expected), "{path}");
}

/// A user or group with this version of it in a header.
async fn conditional(account: &Account, method: Method, path: &str, tag: &str) -> Response {
    let change = patch(json!([{"op": "replace", "path": "externalId", "value": tag}]));
    let body = match method {
        Method::DELETE => None,
        Method::PUT if path.starts_with("/Users") => Some(user("ada@kongair.example")),
        Method::PUT => Some(group("Crew", &[])),
        _ => Some(change),
    };
    let headers = [("content-type", MEDIA_TYPE), ("if-none-match", tag)];
    account.scim.send(method, path, &headers, body.map(|body| body.to_string())).await
}

on_both_databases! {
    async fn head_is_answered_wherever_get_is(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        let crew = account.scim.post("/Groups", group("Crew", &[&id])).await.expect(201);
        let crew = format!("/Groups/{}", crew["id"].as_str().unwrap());
        for path in [
            "", "/Users", "/Users?count=1", &format!("/Users/{id}"), "/Users/none", "/Groups", &crew,
            "/ServiceProviderConfig", "/ResourceTypes", "/ResourceTypes/User", "/Schemas",
            "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User", "/openapi.json", "/Me", "/Nothing",
            "/Bulk", "/Users?filter=x", "/Users/%ff",
        ] {
            assert_head(&account.scim, path).await;
        }
        assert_head(&account.scim.with_token("wrong"), "/Users").await;
        let document = account.admin.get("/openapi.json").await.expect(200);
        let paths = document["paths"].as_object().unwrap();
        let readable = paths.iter().filter(|(_, item)| item.get("get").is_some());
        let mut count = 0;
        for (path, _) in readable {
            let path = path.trim_start_matches("/api/v1").replace(['{', '}'], "");
            assert_head(&account.admin, &path).await;
            count += 1;
        }
        assert!(count > 20, "{count}");
        let server = Client::new(app.url.clone(), account.admin.token.clone());
        for path in [
            "/healthz", "/readyz", "/metrics", "/api/docs", "/sign-up", "/invitations/none",
            "/.well-known/oauth-authorization-server", "/my-addresses", "/sso/start", "/nothing",
            "/oauth/token",
        ] {
            assert_head(&server, path).await;
        }
    }

    async fn a_large_group_has_a_head_too(app: App) {
        let account = app.account(300).await;
        let users = account.provision_many(150).await;
        let users: Vec<&str> = users.iter().map(String::as_str).collect();
        let crew = account.scim.post("/Groups", group("Crew", &users)).await.expect(201);
        let path = format!("/Groups/{}", crew["id"].as_str().unwrap());
        assert_head(&account.scim, &path).await;
        assert_head(&account.scim, "/Groups").await;
    }

    async fn head_changes_nothing_and_is_logged_as_head(app: App) {
        let account = app.account(5).await;
        let id = account.provision("ada@kongair.example").await;
        let tag = account.scim.get(&format!("/Users/{id}")).await.header("etag").to_owned();
        let headers = [("if-none-match", tag.as_str())];
        let path = format!("/Users/{id}");
        let same = account.scim.send(Method::HEAD, &path, &headers, None).await;
        assert_eq!((same.status, same.header("etag")), (304, tag.as_str()));
        app.background().await;
        let entries = account.admin.items_of("/connector/requests?limit=1").await;
        assert_eq!((&entries[0]["method"], &entries[0]["response_bytes"]), (&json!("HEAD"), &json!(0)));
    }

    async fn if_none_match_lets_no_named_version_change(app: App) {
        let account = app.account(5).await;
        account.provision("ada@kongair.example").await;
        account.scim.post("/Groups", group("Crew", &[])).await.expect(201);
        for endpoint in ["/Users", "/Groups"] {
            let list = account.scim.get(endpoint).await.expect(200);
            let made = list["Resources"].as_array().unwrap().last().unwrap().clone();
            let path = format!("{endpoint}/{}", made["id"].as_str().unwrap());
            let tag = made["meta"]["version"].as_str().unwrap().to_owned();
            let strong = tag.trim_start_matches("W/").to_owned();
            for named in ["*", &tag, &strong, &format!("W/\"none\", {tag}")] {
                for method in [Method::PATCH, Method::PUT, Method::DELETE] {
                    let response = conditional(&account, method, &path, named).await;
                    let detail = refused(response, 412, None);
                    assert!(detail.contains("If-None-Match") && detail.contains(&tag), "{detail}");
                }
            }
            assert_eq!(account.scim.get(&path).await.expect(200), made);
            for method in [Method::PATCH, Method::PUT, Method::DELETE] {
                let nowhere = format!("{endpoint}/none");
                refused(conditional(&account, method, &nowhere, "*").await, 404, None);
            }
            conditional(&account, Method::PATCH, &path, "W/\"none\"").await.expect(200);
            conditional(&account, Method::DELETE, &path, "W/\"none\"").await.expect(204);
        }
    }

    async fn coded_content_is_refused_and_the_codings_are_said(app: App) {
        let account = app.account(9).await;
        let id = account.provision("ada@kongair.example").await;
        let sent = async |client: &Client, method: Method, path: &str, coding: &str, body: String| {
            let headers = [("content-type", "application/json"), ("content-encoding", coding)];
            client.send(method, path, &headers, Some(body)).await
        };
        for coding in ["gzip", "deflate", "br", "zstd", "identity, gzip", "x"] {
            for (method, path) in [
                (Method::POST, "/Users".to_owned()), (Method::PUT, format!("/Users/{id}")),
                (Method::PATCH, format!("/Users/{id}")), (Method::POST, "/Bulk".to_owned()),
                (Method::POST, "/.search".to_owned()),
            ] {
                let body = user("bob@kongair.example").to_string();
                let response = sent(&account.scim, method, &path, coding, body).await;
                assert_eq!(response.header("accept-encoding"), "identity", "{coding} {path}");
                let detail = refused(response, 415, None);
                assert!(detail.contains("Content-Encoding"), "{detail}");
            }
            let body = json!({"name": "Cargo"}).to_string();
            let response = sent(&account.admin, Method::POST, "/organizations", coding, body).await;
            assert_eq!(response.header("accept-encoding"), "identity", "{coding}");
            assert_eq!(response.header("content-type"), "application/problem+json");
            assert_eq!(response.expect(415)["type"], "urn:insomnia:problem:content-coding");
        }
        let stranger = account.scim.with_token("wrong");
        let response = sent(&stranger, Method::POST, "/Users", "gzip", "{}".to_owned()).await;
        assert_eq!(response.status, 401, "a stranger learns nothing about the body");
        let body = user("bob@kongair.example").to_string();
        sent(&account.scim, Method::POST, "/Users", "Identity", body).await.expect(201);
        let body = json!({"name": "Cargo"}).to_string();
        sent(&account.admin, Method::POST, "/organizations", "identity", body).await.expect(201);
    }

    async fn a_target_that_is_too_long_or_wrongly_encoded_says_so(app: App) {
        let account = app.account(5).await;
        account.provision("ada@kongair.example").await;
        for path in [
            "/Users?filter=%", "/Users?filter=userName%20eq%20%22a%2%22", "/Users?filter=%zz",
            "/Users?filter=displayName%20eq%20%22100%%22", "/Users?filter=userName%20eq%20%22%ff%22",
            "/Users?filter=userName%20eq%20%22%c3%28%22", "/Users?attributes=%e9", "/Users?%ff=1",
            "/Users/%ff", "/Users/%zz", "/%", "/ServiceProviderConfig?x=%",
        ] {
            let response = account.scim.get(path).await;
            assert!(!response.header("x-request-id").is_empty());
            let detail = refused(response, 400, Some("invalidValue"));
            assert!(detail.contains("The URL is not well formed"), "{path} {detail}");
        }
        let base = account.scim.base.len() - app.url.len();
        let fits = "x".repeat(8 * 1024 - base - "/Users?x=".len());
        account.scim.get(&format!("/Users?x={fits}")).await.expect(200);
        for path in [format!("/Users?x={fits}x"), format!("/Users?filter={}", "(".repeat(60_000))] {
            let detail = refused(account.scim.get(&path).await, 414, None);
            assert!(detail.contains("8192") && detail.contains("/.search"), "{detail}");
            let problem = account.admin.get(&format!("{path}{}", "x".repeat(1000))).await;
            assert_eq!(problem.header("content-type"), "application/problem+json");
            problem.expect(414);
        }
        account.admin.get("/members?limit=%zz").await.expect(400);
        app.background().await;
        let entries = account.admin.items_of("/connector/requests?status=414").await;
        assert_eq!(entries.len(), 2, "{entries:?}");
        let entries = account.admin.items_of("/connector/requests?status=400&limit=50").await;
        assert_eq!(entries.len(), 12, "{entries:?}");
        assert!(entries[0]["error_detail"].as_str().unwrap().contains("The URL"));
    }

    async fn discovery_is_for_everybody_and_says_nothing_of_an_account(app: App) {
        let account = app.account(5).await;
        let none = "00000000-0000-4000-8000-000000000000";
        let id = account.made.connector_id.clone();
        let nobody = Client::new(format!("{}/scim/v2/{none}", app.url), "wrong".to_owned());
        let get = async |url: String| {
            Response::of(reqwest::Client::new().get(url).send().await.unwrap()).await.unwrap()
        };
        for path in [
            "/ServiceProviderConfig", "/ResourceTypes", "/ResourceTypes/User", "/Schemas",
            "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User", "/ResourceTypes/Device",
        ] {
            let expected = account.scim.get(path).await;
            let (status, body) = (expected.status, expected.body.to_string());
            for response in [
                get(format!("{}{path}", account.scim.base)).await,
                account.scim.with_token("wrong").get(path).await,
                get(format!("{}/scim/v2/{none}{path}", app.url)).await,
                nobody.get(path).await,
            ] {
                assert_eq!(response.status, status, "{path}");
                assert_eq!(response.header("content-type"), MEDIA_TYPE);
                assert_eq!(response.body.to_string().replace(none, &id), body, "{path}");
            }
        }
        app.database.execute("UPDATE enterprises SET plan_active = FALSE");
        account.scim.get("/ServiceProviderConfig").await.expect(200);
        for path in ["/Users", "/openapi.json", "/Bulk", "/Nothing"] {
            let response = get(format!("{}{path}", account.scim.base)).await;
            assert_eq!(response.expect(401)["schemas"][0], ERROR);
        }
    }
}
