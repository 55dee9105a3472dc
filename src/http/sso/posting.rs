//! Pages that post a form by themselves: an identity provider's answer once more, and a request to
//! an identity provider that accepts no redirects.
//!
//! The cookie that ties a sign-in to its browser is not sent with a form that another site's page
//! posts (`SameSite=Lax`). That must stay so: it is what keeps other sites from acting in a
//! person's name. The answer is therefore embedded in a page of this server, which posts it again,
//! with the cookie.

use actix_web::HttpResponse;
use maud::{Markup, html};

use crate::http::base::browser::origin_of;
use crate::http::pages::{Page, button, hidden, post_form};

/// Returns a page that posts an identity provider's answer to this URL of ours again.
pub fn again(acs: &str, response: &str) -> HttpResponse {
    let fields = html! { (hidden("SAMLResponse", response)) (hidden("again", "1")) };
    // With `no-referrer` a browser would post with `Origin: null`.
    page(acs, &fields, "'self'", "same-origin")
}

/// Returns a page that posts a request to an identity provider.
pub fn to_identity_provider(sign_on_url: &str, request: &str) -> HttpResponse {
    // Some browsers apply `form-action` to redirects after the form, too, and identity providers
    // redirect to other hosts of theirs.
    let target = if sign_on_url.starts_with("https:") { "https:" } else { origin_of(sign_on_url) };
    page(sign_on_url, &hidden("SAMLRequest", request), target, "strict-origin")
}

fn page(action: &str, fields: &Markup, target: &str, referrer: &'static str) -> HttpResponse {
    let form = post_form(action, &html! { (fields) (button("Go on")) });
    Page::new("Signing in", form).submitting_to(target, referrer).respond()
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::CONTENT_SECURITY_POLICY;

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
