//! What every page of the console and of the operator begins with, and how it is sent.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_FRAME_OPTIONS};
use maud::{Markup, html};

use crate::http::pages::assets::{ICON, SCRIPT, STYLE};

/// The content security policy of the console: our stylesheet, our script, our own addresses.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Renders the head of a page.
pub fn head(base: &str, title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            title { (title) " · Insomnia Enterprise" }
            link rel="stylesheet" href={ (base) (STYLE.path) };
            link rel="icon" href={ (base) (ICON.path) } type="image/svg+xml";
            script type="module" src={ (base) (SCRIPT.path) } {}
        }
    }
}

/// Answers with a page and the policy of the console.
pub fn answer(status: StatusCode, page: Markup) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((X_FRAME_OPTIONS, "DENY"))
        .insert_header((REFERRER_POLICY, "same-origin"))
        .body(page.into_string())
}
