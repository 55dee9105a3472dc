//! The OpenAPI document of the administrators' API, as a page.

use std::sync::LazyLock;

use maud::{Markup, html};
use serde_json::{Map, Value};

use super::layout::Page;
use crate::http::base::prefix::at;

/// Renders the page for a document.
pub fn documentation(document: &Value) -> Page {
    let operations = operations(document);
    let mut tags: Vec<&str> = operations.iter().map(|(_, _, it)| tag(it)).collect();
    tags.dedup();
    let content = html! {
        p { (text(&document["info"], "description")) }
        p {
            "Send " code { "Authorization: Bearer insomnia_admin_…" }
            ". The same as a document for programs: "
            a href=(at("/api/v1/openapi.json")) { "openapi.json" }
            ". On the command line: " code { "insomnia-scim admin --help" } "."
        }
        nav { @for tag in &tags { a href={ "#" (tag) } { (tag) } " " } }
        @for name in &tags {
            h2 id=(name) { (name) }
            @for (path, method, operation) in operations.iter().filter(|(_, _, it)| tag(it) == *name)
            {
                (show(path, method, operation))
            }
        }
        h2 id="schemas" { "schemas" }
        @for (name, schema) in object(&document["components"]["schemas"]) {
            details id={ "schema-" (name) } {
                summary { code { (name) } }
                pre { (format!("{schema:#}")) }
            }
        }
    };
    Page::new(text(&document["info"], "title"), content).wide()
}

/// Returns path, method and operation, grouped by tag, in the order of the document.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let mut all: Vec<(&str, &str, &Value)> = object(&document["paths"])
        .flat_map(|(path, methods)| {
            object(methods).map(move |(method, operation)| (path, method, operation))
        })
        .collect();
    let mut order: Vec<&str> = Vec::new();
    for (_, _, operation) in &all {
        if !order.contains(&tag(operation)) {
            order.push(tag(operation));
        }
    }
    all.sort_by_key(|(_, _, operation)| order.iter().position(|one| *one == tag(operation)));
    all
}

fn show(path: &str, method: &str, operation: &Value) -> Markup {
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        details id=(text(operation, "operationId")) {
            summary {
                b { (method.to_uppercase()) } " " code { (path) } " " (text(operation, "summary"))
            }
            @if let Some(description) = operation["description"].as_str() {
                p { (description) }
            }
            @if let Some(permission) = operation["x-permission"].as_str() {
                p { "Needs " code { (permission) } "." }
            }
            @if !parameters.is_empty() {
                table {
                    tr { th { "parameter" } th { "in" } th {} }
                    @for parameter in parameters {
                        tr {
                            td { code { (text(parameter, "name")) } }
                            td { (text(parameter, "in")) }
                            td { (text(parameter, "description")) }
                        }
                    }
                }
            }
            @if let Some(body) = operation.get("requestBody") {
                p { "Body: " (content(body)) }
            }
            table {
                tr { th { "status" } th { "answer" } }
                @for (status, response) in object(&operation["responses"]) {
                    tr { td { (status) } td { (content(response)) } }
                }
            }
        }
    }
}

/// Renders the media types of a body, each with a link to its schema.
fn content(body: &Value) -> Markup {
    html! {
        @for (media_type, described) in object(&body["content"]) {
            (media_type)
            @let reference = described["schema"]["$ref"].as_str();
            @if let Some(name) = reference.and_then(|reference| reference.rsplit('/').next()) {
                " " a href={ "#schema-" (name) } { (name) }
            }
        }
    }
}

fn object(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    static NONE: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
    value.as_object().unwrap_or(&NONE).iter().map(|(name, value)| (name.as_str(), value))
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn tag(operation: &Value) -> &str {
    operation["tags"][0].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_document_says_cannot_become_markup() {
        let document = json!({
            "info": {"title": "<script>", "description": ""},
            "paths": {"/a": {"get": {"operationId": "a.b", "tags": ["a"], "summary": "x<y&\"z\"",
                "responses": {}}}},
            "components": {"schemas": {}},
        });
        let page = documentation(&document).markup().into_string();
        assert!(!page.contains("<script>"));
        assert!(page.contains("x&lt;y&amp;&quot;z&quot;"));
    }

    #[test]
    fn every_operation_is_on_the_page_and_every_link_leads_somewhere() {
        let document = crate::http::admin::document("http://server.example");
        let page = documentation(&document).markup().into_string();
        for (_, _, operation) in operations(&document) {
            let id = text(operation, "operationId");
            assert!(page.contains(&format!("<details id=\"{id}\">")), "{id}");
        }
        for link in page.split("href=\"#").skip(1) {
            let target = link.split('"').next().unwrap();
            assert!(page.contains(&format!("id=\"{target}\"")), "{target}");
        }
    }
}
