//! `/invitations/accept`: the page that an invitation's mail leads to. It loads nothing and runs
//! nothing; only its button accepts, because programs that check mails follow their links.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use serde::Deserialize;

use super::admin::acceptance;
use crate::administration::invitations::acceptance::{Joined, Offer};
use crate::enterprise::Timestamp;
use crate::http::base::browser::is_from_here;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;

/// Registers the page.
pub fn routes(config: &mut ServiceConfig) {
    config.service(
        web::resource("/invitations/accept")
            .app_data(web::FormConfig::default().limit(usize::MAX).error_handler(|error, _| {
                let answer = page(
                    StatusCode::BAD_REQUEST,
                    "This did not work",
                    "<p>The form could not be read. Open the link of the mail again.</p>",
                );
                actix_web::error::InternalError::from_response(error, answer).into()
            }))
            .app_data(web::QueryConfig::default().error_handler(|error, _| {
                let answer = page(
                    StatusCode::NOT_FOUND,
                    "This link is not whole",
                    "<p>Open the whole link of the mail.</p>",
                );
                actix_web::error::InternalError::from_response(error, answer).into()
            }))
            .route(web::get().to(show))
            .route(web::head().to(show))
            .route(web::post().to(accept)),
    );
}

#[derive(Deserialize)]
struct Link {
    token: String,
}

#[derive(Deserialize)]
struct Form {
    token: String,
    #[serde(default)]
    given_name: String,
    #[serde(default)]
    family_name: String,
}

async fn show(service: web::Data<Service>, link: web::Query<Link>) -> HttpResponse {
    let token = link.into_inner().token;
    match acceptance::offer(&service, token.clone()).await {
        Ok(offer) => offered(&offer, &token),
        Err(problem) => refused(&problem),
    }
}

async fn accept(
    service: web::Data<Service>,
    request: HttpRequest,
    form: web::Form<Form>,
) -> HttpResponse {
    if !is_from_here(&request, &service.public_url) {
        let text = "<p>Open the link in the mail, and accept there.</p>";
        return page(StatusCode::FORBIDDEN, "This did not work", text);
    }
    let Form { token, given_name, family_name } = form.into_inner();
    let named = !given_name.trim().is_empty() && !family_name.trim().is_empty();
    let full_name = named.then_some((given_name, family_name));
    match acceptance::join(&service, &request, token, full_name).await {
        Ok(joined) => welcome(&joined),
        Err(problem) => refused(&problem),
    }
}

fn offered(offer: &Offer, token: &str) -> HttpResponse {
    let title = format!("Join {}", offer.account);
    if offer.invitation.state != "pending" {
        let text = format!(
            "<p>This invitation is not open any more; it is {}. If it was not you who accepted \
             it, ask whoever invited you.</p>",
            escape(&offer.invitation.state)
        );
        return page(StatusCode::OK, &title, &text);
    }
    let inviter = offer.invitation.inviter_name.as_deref().unwrap_or("An administrator");
    let places: Vec<String> = offer
        .targets
        .organizations
        .iter()
        .map(|target| format!("the organization {} as {}", target.name, target.role))
        .chain(offer.targets.teams.iter().map(|team| format!("the team {}", team.name)))
        .map(|place| format!("<li>{}</li>", escape(&place)))
        .collect();
    let text = format!(
        "<p>{} invites {} to join {} on Insomnia.</p><ul>{}</ul>\
         <form method=\"post\" action=\"/invitations/accept\">\
         <input type=\"hidden\" name=\"token\" value=\"{}\">\
         <p><label>Given name<br><input name=\"given_name\" maxlength=\"255\" \
         autocomplete=\"given-name\"></label></p>\
         <p><label>Family name<br><input name=\"family_name\" maxlength=\"255\" \
         autocomplete=\"family-name\"></label></p>\
         <p><button>Accept the invitation</button></p></form>\
         <p>Open until {}.</p>",
        escape(inviter),
        escape(&offer.invitation.email),
        escape(&offer.account),
        places.join(""),
        escape(token),
        Timestamp(offer.invitation.expires_at).to_rfc3339(),
    );
    page(StatusCode::OK, &title, &text)
}

fn welcome(joined: &Joined) -> HttpResponse {
    let places: Vec<String> = joined
        .access
        .iter()
        .map(|access| {
            format!("<li>{} as {}</li>", escape(&access.subject.name), access.role.as_str())
        })
        .collect();
    let text = format!(
        "<p>{} is a member of {} now. These organizations are open:</p><ul>{}</ul>\
         <p>Sign in to Insomnia with this address.</p>",
        escape(&joined.email),
        escape(&joined.account),
        places.join(""),
    );
    page(StatusCode::OK, &format!("Welcome to {}", joined.account), &text)
}

fn refused(problem: &Problem) -> HttpResponse {
    let text = format!("<p>{}</p>", escape(problem.detail()));
    page(problem.status_code(), "This did not work", &text)
}

fn page(status: StatusCode, title: &str, text: &str) -> HttpResponse {
    HttpResponse::build(status)
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
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
             <style>body{{font:16px/1.5 sans-serif;max-width:32rem;margin:3rem auto;\
             padding:0 1rem}}</style></head>\n<body><h1>{title}</h1>\n{text}\n</body>\n</html>\n",
            title = escape(title),
        ))
}

/// A text as HTML that means the same.
fn escape(text: &str) -> String {
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
