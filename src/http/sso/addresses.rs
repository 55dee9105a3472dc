//! The link that proves one more address. Only the browser in which the person is signed in can use it:
//! who reads the mail is not led into giving their address to somebody else.

use actix_web::{HttpRequest, HttpResponse, web};

use super::accounts::current;
use super::browser::is_from_here;
use super::page::{Refused, escaped, page};
use crate::administration::persons::addresses;
use crate::http::{Service, signing_in};

/// `GET /my-addresses/{link}`.
pub async fn ask(
    service: web::Data<Service>,
    request: HttpRequest,
    link: web::Path<String>,
) -> Result<HttpResponse, Refused> {
    let person = current(&service, &request).await?.person;
    let url = format!("{}/my-addresses/{}", service.public_url, escaped(&link));
    let text = format!("You are about to add the address of this mail to {}.", person.email);
    let form = format!("<form method=\"post\" action=\"{url}\"><button>Confirm</button></form>");
    Ok(page("Confirm the address", &text, &form))
}

/// `POST /my-addresses/{link}`.
pub async fn confirm(
    service: web::Data<Service>,
    request: HttpRequest,
    link: web::Path<String>,
) -> Result<HttpResponse, Refused> {
    if !is_from_here(&request, &service.public_url) {
        return Err(Refused::bad_request("Open the link in the mail, and confirm there."));
    }
    let current = current(&service, &request).await?;
    addresses::refuse_confined(&current.session)?;
    let person = current.person;
    let by = signing_in::by(&request, 0, signing_in::person(&person.email));
    let (who, link) = (person.clone(), link.into_inner());
    let proved = service
        .store
        .write(by, move |transaction| addresses::confirm(transaction, &who, &link))
        .await?;
    let text = format!("{} is yours from now on, beside {}.", proved.email, person.email);
    Ok(page("Address confirmed", &text, ""))
}
