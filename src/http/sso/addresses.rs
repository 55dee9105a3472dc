//! The page of a person's addresses, and the link that proves one more. The link works only in the
//! browser in which the person is signed in, so that a reader of the mail cannot be tricked into
//! giving their address to another person's account.

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use maud::{Markup, html};
use serde::Deserialize;

use super::accounts::current;
use super::page::{Refused, require_own_page};
use crate::administration::persons::addresses;
use crate::administration::sessions::Current;
use crate::enterprise::permissions::Power;
use crate::http::base::state::Service;
use crate::http::pages::{Page, button, field, post_form};
use crate::http::signing_in;
use crate::store::{Conn, Cost, Scope, StoreError};

/// `GET /my-addresses`: the page with the proved addresses and the form to add one.
pub async fn show(
    service: web::Data<Service>,
    request: HttpRequest,
) -> Result<HttpResponse, Refused> {
    let Current { session, person, .. } = current(&service, &request).await?;
    let free = session.credential().may(Power::Person);
    let read = move |conn: &mut Conn| addresses::shown_to(conn, &session);
    let proved = service.store.read::<_, StoreError>(Cost::Point, read).await?;
    let action = format!("{}/my-addresses", service.public_url);
    let page = html! {
        p { "You are signed in as " (person.email) ". You have proved these addresses:" }
        ul {
            @for email in &proved {
                li { (email) @if free && *email != person.email { (choices(&action, email)) } }
            }
        }
        (post_form(&action, &html! {
            (field("Another address of yours", "email", "email", "email"))
            (button("Send a link there"))
        }))
    };
    Ok(Page::new("My account", page).respond())
}

/// Renders what can be done with an address that is not the primary one.
fn choices(action: &str, email: &str) -> Markup {
    post_form(
        action,
        &html! {
            button name="primary" value=(email) { "Make it the primary address" }
            button.quiet name="remove" value=(email) { "Remove" }
        },
    )
}

/// The form of the button that was pressed.
#[derive(Debug, Deserialize)]
pub struct Pressed {
    /// An address to prove.
    email: Option<String>,
    /// An address to make the primary one.
    primary: Option<String>,
    /// An address to remove.
    remove: Option<String>,
}

/// `GET /`: redirects to the person's page.
pub async fn home(service: web::Data<Service>) -> HttpResponse {
    let page = format!("{}/my-addresses", service.public_url);
    HttpResponse::SeeOther().insert_header((LOCATION, page)).finish()
}

/// `POST /my-addresses`: adds an address, makes one the primary one, or removes one.
pub async fn change(
    service: web::Data<Service>,
    request: HttpRequest,
    pressed: web::Form<Pressed>,
) -> Result<HttpResponse, Refused> {
    require_own_page(&request, &service, "Change your addresses on this server's own page.")?;
    let Current { session, person, .. } = current(&service, &request).await?;
    let by = signing_in::by_person(&request, Scope::NONE, &person.email);
    let Pressed { email, primary, remove } = pressed.into_inner();
    let Some(email) = email else {
        addresses::refuse_confined(&session)?;
        service
            .store
            .write(by, move |transaction| {
                if let Some(email) = &primary {
                    addresses::make_primary(transaction, &person, email)?;
                }
                match &remove {
                    Some(email) => addresses::remove(transaction, &person, email),
                    None => Ok(()),
                }
            })
            .await?;
        return Ok(home(service).await);
    };
    let public_url = service.public_url.clone();
    let text = format!("Look for a mail to {email}, and open its link in this browser.");
    service
        .store
        .write(by, move |transaction| {
            addresses::ask(transaction, (&session, &person), &email, &public_url)
        })
        .await?;
    Ok(Page::saying("A link is on its way", &text).respond())
}

/// `GET /my-addresses/{link}`.
pub async fn ask(
    service: web::Data<Service>,
    request: HttpRequest,
    link: web::Path<String>,
) -> Result<HttpResponse, Refused> {
    let person = current(&service, &request).await?.person;
    let action = format!("{}/my-addresses/{link}", service.public_url);
    let page = html! {
        p { "You are about to add the address of this mail to " (person.email) "." }
        (post_form(&action, &button("Confirm")))
    };
    Ok(Page::new("Confirm the address", page).respond())
}

/// `POST /my-addresses/{link}`.
pub async fn confirm(
    service: web::Data<Service>,
    request: HttpRequest,
    link: web::Path<String>,
) -> Result<HttpResponse, Refused> {
    require_own_page(&request, &service, "Open the link in the mail, and confirm there.")?;
    let Current { session, person, .. } = current(&service, &request).await?;
    let by = signing_in::by_person(&request, Scope::NONE, &person.email);
    let (who, link) = (person.clone(), link.into_inner());
    let proved = service
        .store
        .write(by, move |transaction| addresses::confirm(transaction, (&session, &who), &link))
        .await?;
    let text = format!("{} is now one of your addresses, beside {}.", proved.email, person.email);
    Ok(Page::saying("Address confirmed", &text).respond())
}
