//! No answer is kept by anybody or taken for something else, and cookies are bound to their host.

use reqwest::Method;
use serde_json::json;

use crate::support::{
    App, Client, Options, Response, on_both_databases, on_both_migrated_databases, user,
};

/// What is no endpoint of a declaration: discovery, OAuth, pages, what operators ask for.
const OTHERS: [(&str, &str); 19] = [
    ("POST", "/oauth/token"),
    ("GET", "/oauth/authorize"),
    ("POST", "/oauth/authorize"),
    ("GET", "/.well-known/oauth-authorization-server"),
    ("GET", "/sso/start"),
    ("GET", "/sso/trials/none"),
    ("GET", "/sso/oidc/callback"),
    ("GET", "/sso/saml/none/metadata"),
    ("POST", "/sso/saml/none/acs"),
    ("GET", "/accounts"),
    ("GET", "/my-addresses"),
    ("GET", "/sign-in/none"),
    ("POST", "/sign-in/none"),
    ("GET", "/sign-up?token=none"),
    ("GET", "/recover/none"),
    ("GET", "/api/docs"),
    ("GET", "/healthz"),
    ("GET", "/metrics"),
    ("GET", "/nothing"),
];

fn assert_headers(response: &Response, of: &str) {
    for (name, value) in [("cache-control", "no-store"), ("x-content-type-options", "nosniff")] {
        let found: Vec<_> = response.headers.get_all(name).iter().collect();
        assert_eq!(found, [value], "{of} {}: {name}", response.status);
    }
}

/// Calls every endpoint of a description, with a body that is none.
async fn walk(client: &Client, document: &serde_json::Value, below: &str) -> usize {
    let mut walked = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            let path = path.strip_prefix(below).unwrap_or(path).replace("{id}", "none");
            let method: Method = method.to_uppercase().parse().unwrap();
            let headers = [("content-type", "application/json")];
            let body = (method != Method::GET).then(|| "{no json".to_owned());
            let answer = client.send(method.clone(), &path, &headers, body).await;
            assert_headers(&answer, &format!("{method} {path}"));
            walked += 1;
        }
    }
    walked
}

on_both_databases! {
    async fn no_answer_is_kept_or_taken_for_something_else(app: App) {
        let account = app.account(5).await;
        let document = account.scim.get("/openapi.json").await.expect(200);
        let nobody = account.scim.with_token("wrong");
        assert!(walk(&nobody, &document, "").await > 15);
        walk(&account.scim, &document, "").await;
        let document = account.admin.get("/openapi.json").await.expect(200);
        let nobody = account.admin.with_token("wrong");
        let operations: usize = document["paths"]
            .as_object()
            .unwrap()
            .values()
            .map(|operations| operations.as_object().unwrap().len())
            .sum();
        // Nobody first: what the owner may do is carried out.
        assert!(walk(&nobody, &document, "/api/v1").await > 100);
        assert_eq!(walk(&account.admin, &document, "/api/v1").await, operations);
        let client = Client::new(app.url.clone(), String::new());
        for (method, path) in OTHERS {
            let answer = client.send(method.parse().unwrap(), path, &[], None).await;
            assert_headers(&answer, path);
        }
    }

    async fn what_the_parser_refuses_is_not_kept_either(app: App) {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let address = app.url.strip_prefix("http://").unwrap();
        let mut connection = tokio::net::TcpStream::connect(address).await.unwrap();
        connection.write_all(b"GET /a b HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
        for header in ["\r\ncache-control: no-store\r\n", "\r\nx-content-type-options: nosniff\r\n"] {
            assert!(answer.contains(header), "{answer}");
        }
    }

    async fn an_entity_tag_is_asked_about_as_ever(app: App) {
        let account = app.account(5).await;
        let made = account.scim.post("/Users", user("a@kongair.example")).await;
        let tag = made.header("etag").to_owned();
        let path = format!("/Users/{}", made.expect(201)["id"].as_str().unwrap());
        let headers = [("if-none-match", tag.as_str())];
        let same = account.scim.send(Method::GET, &path, &headers, None).await;
        assert_eq!((same.status, same.header("etag")), (304, tag.as_str()));
        assert_headers(&same, "304");
    }
}

on_both_migrated_databases! {
    async fn cookies_are_bound_to_the_host_where_the_server_is_reached_by_https(database: Database) {
        let public_url = Some("https://scim.example".to_owned());
        let app = App::start_with(database, Options { public_url, ..Options::default() });
        app.account(5).await;
        let link = app.sign_in_link("owner@kongair.example").await;
        let nobody = Client::new(format!("{}/api/v1", app.url), String::new());
        let made = nobody.post("/sessions", json!({"token": link})).await;
        let cookie = made.header("set-cookie").to_owned();
        made.expect(201);
        assert!(cookie.starts_with("__Host-insomnia_session="), "{cookie}");
        assert!(cookie.contains("; Path=/;") && cookie.ends_with("; Secure"), "{cookie}");
        let (pair, _) = cookie.split_once(';').unwrap();
        let get = async |cookie: String| {
            let request = reqwest::Client::new().get(format!("{}/api/v1/session", app.url));
            request.header("cookie", cookie).send().await.unwrap().status().as_u16()
        };
        assert_eq!(get(pair.to_owned()).await, 200);
        // Under the other name it could have been set by another host of the domain.
        assert_eq!(get(pair.replace("__Host-", "")).await, 401);
    }
}
