//! The layout that all pages share, and their building blocks.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    CONTENT_SECURITY_POLICY, REFERRER_POLICY, RETRY_AFTER, X_FRAME_OPTIONS,
};
use actix_web::{HttpResponse, ResponseError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::assets;
use crate::http::base::prefix::at;
use crate::http::base::problem::Problem;

/// The only script, on pages that submit their form by themselves.
const SUBMIT: &str = "document.forms[0].submit()";

/// An HTML page.
pub struct Page {
    title: String,
    content: Markup,
    status: StatusCode,
    is_wide: bool,
    /// The value of the policy `form-action`.
    forms: Option<String>,
    referrer: &'static str,
    submits: bool,
    is_improved: bool,
    retry_after: Option<u64>,
}

impl Page {
    /// Creates a page with this title and content.
    pub fn new(title: impl Into<String>, content: Markup) -> Self {
        Self {
            title: title.into(),
            content,
            status: StatusCode::OK,
            is_wide: false,
            forms: Some("'self'".to_owned()),
            // The URL of the page may contain a token, which other sites must not see. With
            // `no-referrer` a browser would post the page's form with `Origin: null`.
            referrer: "same-origin",
            submits: false,
            is_improved: false,
            retry_after: None,
        }
    }

    /// Creates a page with one paragraph.
    pub fn saying(title: impl Into<String>, text: &str) -> Self {
        Self::new(title, html! { p { (text) } })
    }

    /// Creates a page for a refusal.
    pub fn refusing(title: impl Into<String>, problem: &Problem) -> Self {
        let page = Self::saying(title, problem.detail()).with_status(problem.status_code());
        Self { retry_after: problem.retry_after(), ..page }
    }

    /// Sets the HTTP status.
    #[must_use]
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    /// Adds content at the end.
    #[must_use]
    pub fn followed_by(self, more: &Markup) -> Self {
        Self { content: html! { (self.content) (more) }, ..self }
    }

    /// Loads the script that improves pages, which work without it.
    #[must_use]
    pub fn improved(self) -> Self {
        Self { is_improved: true, ..self }
    }

    /// Makes the page wide, for long texts and tables.
    #[must_use]
    pub fn wide(self) -> Self {
        Self { is_wide: true, ..self }
    }

    /// Allows forms to be answered by a redirect to any host: some browsers apply `form-action` to
    /// redirects, too.
    #[must_use]
    pub fn leading_anywhere(self) -> Self {
        Self { forms: None, ..self }
    }

    /// Posts the first form by script, to `target` (a source of the policy `form-action`). Without
    /// scripts the user presses the button.
    #[must_use]
    pub fn submitting_to(self, target: &str, referrer: &'static str) -> Self {
        Self { forms: Some(target.to_owned()), referrer, submits: true, ..self }
    }

    /// Renders the page as an HTTP answer.
    pub fn respond(self) -> HttpResponse {
        let script = match (self.submits, self.is_improved) {
            (true, _) => {
                format!(" script-src 'sha256-{}';", STANDARD.encode(Sha256::digest(SUBMIT)))
            }
            (false, true) => " script-src 'self'; connect-src 'self';".to_owned(),
            (false, false) => String::new(),
        };
        let forms = self.forms.as_ref().map(|forms| format!(" form-action {forms};"));
        let policy = format!(
            "default-src 'none'; style-src 'self'; img-src 'self';{script} base-uri 'none';{} frame-ancestors 'none'",
            forms.unwrap_or_default()
        );
        let mut response = HttpResponse::build(self.status);
        if let Some(seconds) = self.retry_after {
            response.insert_header((RETRY_AFTER, seconds));
        }
        response
            .content_type("text/html; charset=utf-8")
            .insert_header((CONTENT_SECURITY_POLICY, policy))
            .insert_header((X_FRAME_OPTIONS, "DENY"))
            .insert_header((REFERRER_POLICY, self.referrer))
            .body(self.markup().into_string())
    }

    pub(super) fn markup(&self) -> Markup {
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    title { (self.title) " · Insomnia Enterprise" }
                    link rel="stylesheet" href=(at(&assets::STYLE.path));
                    link rel="icon" href=(at(&assets::ICON.path)) type="image/svg+xml";
                    @if self.is_improved {
                        script type="module" src=(at(&assets::SCRIPT.path)) {}
                    }
                }
                body.narrow.wide[self.is_wide] {
                    header { "Insomnia Enterprise" }
                    main {
                        h1 { (self.title) }
                        (self.content)
                    }
                    @if self.submits {
                        script { (PreEscaped(SUBMIT)) }
                    }
                }
            }
        }
    }
}

/// Renders a form that posts to this URL.
pub fn post_form(action: &str, content: &Markup) -> Markup {
    html! { form method="post" action=(action) autocomplete="off" { (content) } }
}

/// Renders a hidden field.
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// Renders a field with its label.
pub fn field(label: &str, name: &str, kind: &str, autocomplete: &str) -> Markup {
    html! {
        label {
            (label)
            input name=(name) type=(kind) maxlength="255" autocomplete=(autocomplete);
        }
    }
}

/// Renders the submit button.
pub fn button(label: &str) -> Markup {
    html! { button.main { (label) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn body(page: Page) -> (String, String) {
        let response = page.respond();
        let policy = response.headers().get(CONTENT_SECURITY_POLICY).unwrap();
        let policy = policy.to_str().unwrap().to_owned();
        let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
        (policy, String::from_utf8(body.to_vec()).unwrap())
    }

    #[actix_web::test]
    async fn what_others_say_is_text() {
        let evil = "\"><script>alert(1)</script>'&";
        let form = post_form(evil, &html! { (hidden("a", evil)) (button(evil)) });
        let (policy, body) = body(Page::new(evil, form)).await;
        assert!(!body.contains("<script") && body.matches("&lt;script&gt;").count() == 5, "{body}");
        assert!(policy.contains("style-src 'self'") && !policy.contains("unsafe-inline"));
        assert!(!policy.contains("script-src"), "{policy}");
    }

    #[actix_web::test]
    async fn a_page_that_hands_a_form_on_runs_that_and_nothing_else() {
        let form = post_form("https://idp.example/sso", &hidden("SAMLRequest", "<script>x"));
        let page = Page::new("Signing in", form).submitting_to("https:", "strict-origin");
        let (policy, body) = body(page).await;
        assert_eq!(body.matches("<script>").count(), 1, "{body}");
        assert!(policy.contains("script-src 'sha256-") && policy.contains("form-action https:;"));
    }
}
