//! The page that asks an administrator. It loads nothing and runs nothing.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_FRAME_OPTIONS};

use crate::administration::oauth::Asked;

/// The question, with what was wrong with the last answer.
pub fn page(client: &str, asked: &Asked, state: &str, refusal: Option<&str>) -> HttpResponse {
    let fields = [
        ("response_type", asked.response_type.as_str()),
        ("client_id", &asked.client_id),
        ("redirect_uri", &asked.redirect_uri),
        ("scope", &asked.scope),
        ("code_challenge", &asked.challenge),
        ("code_challenge_method", &asked.challenge_method),
        ("state", state),
    ];
    let hidden: String = fields
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| {
            format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(value))
        })
        .collect();
    let refusal = refusal
        .map(|text| format!("<p role=\"alert\"><strong>{}</strong></p>", escaped(text)))
        .unwrap_or_default();
    let body = format!(
        "<h1>Allow provisioning?</h1>{refusal}\
         <p><strong>{}</strong> asks to provision users and groups into your Insomnia account. \
         It will create, change, deactivate and remove members and teams.</p>\
         <p>The answer goes to {}.</p>\
         <form method=\"post\" action=\"authorize\" autocomplete=\"off\">{hidden}\
         <p><label>Your personal token (not needed where you are signed in)<br>\
         <input type=\"password\" name=\"token\" size=\"50\" autocomplete=\"off\"></label></p>\
         <button name=\"decision\" value=\"allow\">Allow</button> \
         <button name=\"decision\" value=\"deny\">Deny</button></form>",
        escaped(client),
        escaped(asked.redirect_uri.split(['?', '#']).next().unwrap_or_default()),
    );
    let status = if refusal.is_empty() { StatusCode::OK } else { StatusCode::FORBIDDEN };
    html(status, &body)
}

/// What went wrong, where the client must not be told.
pub fn error(status: StatusCode, text: &str) -> HttpResponse {
    html(status, &format!("<h1>This cannot be authorized</h1><p>{}</p>", escaped(text)))
}

fn html(status: StatusCode, body: &str) -> HttpResponse {
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Insomnia SCIM</title>\
         <style>body{{font:16px/1.5 sans-serif;max-width:40em;margin:3em auto;padding:0 1em}}\
         button{{font:inherit;padding:.4em 1.2em}}</style></head><body>{body}</body></html>"
    );
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
        ))
        .insert_header((X_FRAME_OPTIONS, "DENY"))
        // Not no-referrer: the browser would then send the answer with the origin `null`.
        .insert_header((REFERRER_POLICY, "same-origin"))
        .body(page)
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_others_are_text() {
        assert_eq!(escaped("<b a='\"'>&"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;");
    }
}
