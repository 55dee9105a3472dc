//! `/sign-up`: the page that the link in the mail opens. It asks before it uses the token, because
//! programs that scan mails open the links in them.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use maud::html;
use serde::Deserialize;

use super::sign_ups::confirmed;
use crate::enterprise::Role;
use crate::http::base::browser::is_from_here;
use crate::http::base::state::Service;
use crate::http::pages::{Page, button, hidden, post_form};

const TITLE: &str = "Sign up";

/// The token, as a parameter of the link and as a field of the form.
#[derive(Debug, Deserialize)]
pub struct Link {
    #[serde(default)]
    token: String,
}

/// `GET /sign-up?token=…`.
pub async fn ask(link: web::Query<Link>) -> HttpResponse {
    let form = html! { (hidden("token", &link.token)) (button("Confirm the address")) };
    let content = html! {
        p { "Confirm your address to finish signing up." }
        (post_form("sign-up", &form))
    };
    Page::new(TITLE, content).respond()
}

/// `POST /sign-up`.
pub async fn confirm(
    service: web::Data<Service>,
    request: HttpRequest,
    link: web::Form<Link>,
) -> HttpResponse {
    if !is_from_here(&request, &service.public_url) {
        return Page::saying(TITLE, "Open the link in the mail, and confirm the address there.")
            .with_status(StatusCode::FORBIDDEN)
            .respond();
    }
    match confirmed(&service, &request, link.into_inner().token).await {
        Ok(person) => {
            let joined = match person.role {
                Some(Role::Owner) => " You have an account of your own on the plan Essentials.",
                Some(_) => " You are a member of your company's account.",
                None => "",
            };
            let text = format!("{} is confirmed.{joined} You can sign in now.", person.email);
            Page::saying(TITLE, &text).respond()
        }
        Err(problem) => Page::refusing(TITLE, &problem).respond(),
    }
}
