//! The OpenAPI document as a page to read: plain HTML that needs nothing from anywhere.

use std::fmt::Write;

use serde_json::{Map, Value};

const STYLE: &str = "\
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;\
color:#1b1b1f;background:#fff}\
code,pre{font:14px/1.45 ui-monospace,monospace;background:#f3f2f7;border-radius:4px}\
code{padding:.1em .3em}pre{padding:.8rem;overflow:auto}\
details{border:1px solid #d8d6e0;border-radius:6px;margin:.5rem 0;padding:.4rem .8rem}\
summary{cursor:pointer}summary b{display:inline-block;min-width:4.2rem}\
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25rem .6rem .25rem 0;\
vertical-align:top;border-bottom:1px solid #e8e6ee}nav a{margin-right:.8rem}\
@media(prefers-color-scheme:dark){body{background:#16151a;color:#e7e5ec}\
code,pre{background:#26242d}details,td,th{border-color:#3a3745}a{color:#a99bff}}";

/// The page for a document.
pub fn page(document: &Value) -> String {
    let mut html = String::new();
    // Writing to a String does not fail.
    let _ = write!(
        html,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>{title}</title><style>{STYLE}</style></head><body><h1>{title}</h1><p>{about}</p>\
         <p>Send <code>Authorization: Bearer insomnia_admin_…</code>. The same as a document for \
         programs: <a href=\"/api/v1/openapi.json\">openapi.json</a>. On the command line: \
         <code>insomnia-scim admin --help</code>.</p>",
        title = escape(text(&document["info"], "title")),
        about = escape(text(&document["info"], "description")),
    );
    let operations = operations(document);
    let mut tags: Vec<&str> = operations.iter().map(|(_, _, it)| tag(it)).collect();
    tags.dedup();
    html.push_str("<nav>");
    for tag in &tags {
        let _ = write!(html, "<a href=\"#{tag}\">{tag}</a> ", tag = escape(tag));
    }
    html.push_str("</nav>");
    let mut current = "";
    for (path, method, operation) in &operations {
        if tag(operation) != current {
            current = tag(operation);
            let _ = write!(html, "<h2 id=\"{tag}\">{tag}</h2>", tag = escape(current));
        }
        show(&mut html, path, method, operation);
    }
    html.push_str("<h2 id=\"schemas\">schemas</h2>");
    for (name, schema) in object(&document["components"]["schemas"]) {
        let _ = write!(
            html,
            "<details id=\"schema-{name}\"><summary><code>{name}</code></summary><pre>{}</pre>\
             </details>",
            escape(&format!("{schema:#}")),
            name = escape(name),
        );
    }
    html.push_str("</body></html>");
    html
}

/// Path, method and operation, those of a tag together, in the order of the document.
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

fn show(html: &mut String, path: &str, method: &str, operation: &Value) {
    let _ = write!(
        html,
        "<details id=\"{id}\"><summary><b>{method}</b> <code>{path}</code> {summary}</summary>",
        id = escape(text(operation, "operationId")),
        method = escape(&method.to_uppercase()),
        path = escape(path),
        summary = escape(text(operation, "summary")),
    );
    if let Some(description) = operation["description"].as_str() {
        let _ = write!(html, "<p>{}</p>", escape(description));
    }
    if let Some(permission) = operation["x-permission"].as_str() {
        let _ = write!(html, "<p>Needs <code>{}</code>.</p>", escape(permission));
    }
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !parameters.is_empty() {
        html.push_str("<table><tr><th>parameter</th><th>in</th><th></th></tr>");
        for parameter in parameters {
            let _ = write!(
                html,
                "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
                escape(text(parameter, "name")),
                escape(text(parameter, "in")),
                escape(text(parameter, "description")),
            );
        }
        html.push_str("</table>");
    }
    if let Some(body) = operation.get("requestBody") {
        html.push_str("<p>Body: ");
        content(html, body);
        html.push_str("</p>");
    }
    html.push_str("<table><tr><th>status</th><th>answer</th></tr>");
    for (status, response) in object(&operation["responses"]) {
        let _ = write!(html, "<tr><td>{}</td><td>", escape(status));
        content(html, response);
        html.push_str("</td></tr>");
    }
    html.push_str("</table></details>");
}

/// The media types of a body, each with a link to its schema.
fn content(html: &mut String, body: &Value) {
    for (media_type, described) in object(&body["content"]) {
        let _ = write!(html, "{}", escape(media_type));
        let reference = described["schema"]["$ref"].as_str();
        if let Some(name) = reference.and_then(|reference| reference.rsplit('/').next()) {
            let name = escape(name);
            let _ = write!(html, " <a href=\"#schema-{name}\">{name}</a>");
        }
    }
}

fn object(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    static NONE: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    value.as_object().unwrap_or(&NONE).iter().map(|(name, value)| (name.as_str(), value))
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

fn tag(operation: &Value) -> &str {
    operation["tags"][0].as_str().unwrap_or_default()
}

fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, character| {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
        escaped
    })
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
        let page = page(&document);
        assert!(!page.contains("<script>"));
        assert!(page.contains("x&lt;y&amp;&quot;z&quot;"));
    }

    #[test]
    fn every_operation_is_on_the_page_and_every_link_leads_somewhere() {
        let document = crate::http::admin::document("http://server.example");
        let page = page(&document);
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
