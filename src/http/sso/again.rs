//! The page that posts an identity provider's answer once more.
//!
//! The cookie that ties a sign-in to its browser is not sent with what another site's page posts
//! (`SameSite=Lax`), and must not be: that is what keeps other sites from acting for people. So the
//! answer is handed back in a page of this server, which posts it again, with the cookie.

use actix_web::HttpResponse;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::page::escaped;

/// All that the page does by itself; who has no scripts presses the button.
const SCRIPT: &str = "document.forms[0].submit()";

/// The page, with this answer for this address.
pub fn page(acs: &str, response: &str) -> HttpResponse {
    let script = STANDARD.encode(Sha256::digest(SCRIPT));
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((
            CONTENT_SECURITY_POLICY,
            format!(
                "default-src 'none'; script-src 'sha256-{script}'; base-uri 'none'; \
                 form-action 'self'; frame-ancestors 'none'"
            ),
        ))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // With `no-referrer` a browser would post with `Origin: null`.
        .insert_header((REFERRER_POLICY, "same-origin"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <title>Signing in</title></head><body><form method=\"post\" action=\"{}\">\
             <input type=\"hidden\" name=\"SAMLResponse\" value=\"{}\">\
             <input type=\"hidden\" name=\"again\" value=\"1\">\
             <button>Sign in</button></form><script>{SCRIPT}</script></body></html>\n",
            escaped(acs),
            escaped(response),
        ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn nothing_that_was_posted_becomes_markup() {
        let response = page("https://scim.example/acs", "\"><script>alert(1)</script>");
        let policy = response.headers().get(CONTENT_SECURITY_POLICY).unwrap().to_str().unwrap();
        assert!(policy.contains("script-src 'sha256-"));
        let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
        let body = std::str::from_utf8(&body).unwrap();
        assert!(!body.contains("alert(1)</script>"));
        assert_eq!(body.matches("<script>").count(), 1);
    }
}
