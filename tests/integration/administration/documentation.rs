//! What the API says of itself.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::support::{Client, on_both_databases};

/// Whether a schema or anything in it has this example text left empty: no example for its name.
fn is_poor(example: &Value) -> bool {
    match example {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.iter().any(is_poor),
        Value::Object(members) => members.values().any(is_poor),
        _ => false,
    }
}

/// Runs a command in this folder, which has to succeed; gives what it prints.
fn run(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let Output { status, stdout, stderr } =
        Command::new(program).args(arguments).current_dir(folder).output().unwrap();
    let said = String::from_utf8(stdout).unwrap();
    assert!(status.success(), "{arguments:?}: {said}{}", String::from_utf8_lossy(&stderr));
    said
}

on_both_databases! {
    async fn the_document_and_the_page_need_no_token_and_nothing_from_outside(app: App) {
        let nobody = Client::new(app.url.clone(), String::new());
        let document = nobody.get("/api/v1/openapi.json").await.expect(200);
        assert_eq!(document["openapi"], "3.1.0");
        assert_eq!(document["servers"][0]["url"], app.url.as_str());
        let page = nobody.get("/api/docs").await;
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert!(page.header("content-security-policy").contains("default-src 'none'"));
        let page = page.expect(200);
        let page = page.as_str().unwrap();
        assert!(page.contains("<code>/api/v1/teams/{id}/members</code>"));
        for outside in ["src=", "http://", "https://", "@import", "url("] {
            assert!(!page.contains(outside), "{outside}");
        }
    }

    async fn everything_in_the_document_has_a_name_a_description_and_an_example(app: App) {
        let nobody = Client::new(app.url.clone(), String::new());
        let document = nobody.get("/api/v1/openapi.json").await.expect(200);
        let mut missing = Vec::new();
        for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
            // The generator numbers names that are there already.
            if name.ends_with(|last: char| last.is_ascii_digit()) {
                missing.push(format!("{name}: a name of its own"));
            }
            for (property, schema) in schema["properties"].as_object().into_iter().flatten() {
                let described = schema["description"].as_str().unwrap_or_default();
                if described.len() < 4 {
                    missing.push(format!("{name}.{property}: a description"));
                }
            }
        }
        let mut ids = BTreeSet::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                let id = operation["operationId"].as_str().unwrap();
                assert!(ids.insert(id), "{id} is there twice");
                let verb = id.split_once('.').unwrap().1;
                let expected: &[&str] = match method.as_str() {
                    "get" => &["list", "get", "export", "preview"],
                    "patch" => &["change"],
                    "delete" => &["delete", "remove", "revoke", "unlink", "switch-off"],
                    _ => &[""],
                };
                if !expected.iter().any(|word| verb.starts_with(word)) {
                    missing.push(format!("{method} {path}: a verb of the vocabulary, not {verb}"));
                }
                if operation["summary"].as_str().unwrap_or_default().is_empty() {
                    missing.push(format!("{id}: a summary"));
                }
                for (status, answer) in operation["responses"].as_object().unwrap() {
                    let json = &answer["content"]["application/json"];
                    if !json.is_null() && (json["example"].is_null() || is_poor(&json["example"])) {
                        missing.push(format!("{id} {status}: an example: {}", json["example"]));
                    }
                }
            }
        }
        assert!(missing.is_empty(), "missing:\n{}", missing.join("\n"));
    }

    async fn a_generated_client_compiles_and_works(app: App) {
        let account = app.account(5).await;
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lib/typescript-client");
        if !source.join("node_modules").is_dir() {
            assert!(std::env::var_os("CI").is_none(), "the client's packages must be had in CI");
            eprintln!("not run: the client's packages are not installed (tests/run does it)");
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path();
        for file in ["package.json", "tsconfig.json", "program.ts"] {
            std::fs::copy(source.join(file), here.join(file)).unwrap();
        }
        std::os::unix::fs::symlink(source.join("node_modules"), here.join("node_modules")).unwrap();
        let document = account.admin.get("/openapi.json").await.expect(200);
        std::fs::write(here.join("openapi.json"), document.to_string()).unwrap();
        let generator = "node_modules/openapi-typescript/bin/cli.js";
        run(here, "node", &[generator, "openapi.json", "-o", "generated.d.ts"]);
        run(here, "node", &["node_modules/typescript/bin/tsc", "--outDir", "."]);
        let (url, token) = (app.url.clone(), account.admin.token.clone());
        let at = here.to_owned();
        let said = tokio::task::spawn_blocking(move || run(&at, "node", &["program.js", &url, &token]))
            .await
            .unwrap();
        let said: Value = serde_json::from_str(&said).unwrap();
        let expected = serde_json::json!({
            "role": "admin",
            "names": ["Flight", "Sales", "Crew"],
            "renamed": "Cargo",
            "gone": 204,
            "refused": "urn:insomnia:problem:not-found",
        });
        assert_eq!(said, expected);
    }
}
