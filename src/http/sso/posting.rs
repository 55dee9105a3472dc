//! Pages that post a form by themselves: an answer of an identity provider once more, and a request
//! to one that takes no redirects.
//!
//! The cookie that ties a sign-in to its browser is not sent with what another site's page posts
//! (`SameSite=Lax`), and must not be: that is what keeps other sites from acting for people. So the
//! answer is handed back in a page of this server, which posts it again, with the cookie.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::page::escaped;
use crate::http::base::browser::origin_of;

/// All that a page does by itself; who has no scripts presses the button.
const SCRIPT: &str = "document.forms[0].submit()";

/// The page that posts an identity provider's answer to this address of ours once more.
pub fn again(acs: &str, response: &str) -> HttpResponse {
    // With `no-referrer` a browser would post with `Origin: null`.
    page(acs, &[("SAMLResponse", response), ("again", "1")], "'self'", "same-origin")
}

/// The page that posts a request to an identity provider.
pub fn to_identity_provider(sign_on_url: &str, request: &str) -> HttpResponse {
    // Some browsers hold redirects after the form to the same rule, and identity providers lead to
    // other hosts of theirs.
    let target = if sign_on_url.starts_with("https:") { "https:" } else { origin_of(sign_on_url) };
    page(sign_on_url, &[("SAMLRequest", request)], target, "strict-origin")
}

fn page(
    action: &str,
    fields: &[(&str, &str)],
    target: &str,
    referrer: &'static str,
) -> HttpResponse {
    let script = STANDARD.encode(Sha256::digest(SCRIPT));
    let fields: String = fields
        .iter()
        .map(|(name, value)| {
            format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(value))
        })
        .collect();
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((
            CONTENT_SECURITY_POLICY,
            format!(
                "default-src 'none'; script-src 'sha256-{script}'; base-uri 'none'; \
                 form-action {target}; frame-ancestors 'none'"
            ),
        ))
        .insert_header((REFERRER_POLICY, referrer))
        .body(format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <title>Signing in</title></head><body><form method=\"post\" action=\"{}\">{fields}\
             <button>Sign in</button></form><script>{SCRIPT}</script></body></html>\n",
            escaped(action),
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(response: &HttpResponse) -> String {
        response.headers().get(CONTENT_SECURITY_POLICY).unwrap().to_str().unwrap().to_owned()
    }

    #[actix_web::test]
    async fn nothing_that_was_posted_becomes_markup() {
        let response = again("https://scim.example/acs", "\"><script>alert(1)</script>");
        assert!(policy(&response).contains("script-src 'sha256-"));
        let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
        let body = std::str::from_utf8(&body).unwrap();
        assert!(!body.contains("alert(1)</script>"));
        assert_eq!(body.matches("<script>").count(), 1);
    }

    #[test]
    fn a_form_leads_to_where_it_is_meant_for() {
        let ours = again("https://scim.example/acs", "x");
        assert!(policy(&ours).contains("form-action 'self';"));
        let theirs = to_identity_provider("https://idp.example/sso?x=1", "x");
        assert!(policy(&theirs).contains("form-action https:;"));
        let theirs = to_identity_provider("http://127.0.0.1:90/sso", "x");
        assert!(policy(&theirs).contains("form-action http://127.0.0.1:90;"));
    }
}
