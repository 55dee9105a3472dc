//! `/sign-up`: where the link in the mail leads. It asks before it uses the token, because programs
//! that check mails open the links in them.

use actix_web::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use serde::Deserialize;

use super::sign_ups::confirmed;
use crate::http::base::browser::is_from_here;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;

/// What the link brings, and what the form sends.
#[derive(Debug, Deserialize)]
pub struct Link {
    #[serde(default)]
    token: String,
}

/// `GET /sign-up?token=…`.
pub async fn ask(link: web::Query<Link>) -> HttpResponse {
    page(
        &mut HttpResponse::Ok(),
        &format!(
            "<p>Confirm your address to finish signing up.</p>\
             <form method=\"post\" action=\"sign-up\"><input type=\"hidden\" name=\"token\" \
             value=\"{}\"><button>Confirm the address</button></form>",
            escape(&link.token)
        ),
    )
}

/// `POST /sign-up`.
pub async fn confirm(
    service: web::Data<Service>,
    request: HttpRequest,
    link: web::Form<Link>,
) -> HttpResponse {
    if !is_from_here(&request, &service.public_url) {
        let text = "<p>Open the link in the mail, and confirm the address there.</p>";
        return page(&mut HttpResponse::Forbidden(), text);
    }
    match confirmed(&service, &request, link.into_inner().token).await {
        Ok(person) => {
            let joined = match person.member_id {
                Some(_) => " You are a member of your company's account.",
                None => "",
            };
            let text = format!("{} is confirmed.{joined} You can sign in now.", person.email);
            page(&mut HttpResponse::Ok(), &format!("<p>{}</p>", escape(&text)))
        }
        Err(problem) => refusal(&problem),
    }
}

fn refusal(problem: &Problem) -> HttpResponse {
    let text = format!("<p>{}</p>", escape(problem.detail()));
    page(&mut HttpResponse::build(problem.status_code()), &text)
}

fn page(response: &mut actix_web::HttpResponseBuilder, body: &str) -> HttpResponse {
    response
        .content_type("text/html; charset=utf-8")
        .insert_header((
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; \
             frame-ancestors 'none'",
        ))
        // The address of the page may hold a token, which other sites must not see. With
        // `no-referrer` a browser would post the page's form with `Origin: null`.
        .insert_header((REFERRER_POLICY, "same-origin"))
        .body(format!(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
             <title>Insomnia: sign up</title><style>body{{font:16px/1.5 system-ui,sans-serif;\
             max-width:36rem;margin:4rem auto;padding:0 1rem}}button{{font:inherit;\
             padding:.5rem 1rem}}</style></head><body><h1>Sign up</h1>{body}</body></html>"
        ))
}

fn escape(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    escaped.replace('"', "&quot;").replace('\'', "&#39;")
}
