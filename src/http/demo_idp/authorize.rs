//! The page on which one chooses who signs in.

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use maud::html;
use serde::Deserialize;
use url::Url;

use super::issuer::Grant;
use super::{CLIENT_ID, DemoIdp, issuer};
use crate::administration::AdministrationError;
use crate::administration::accounts::demo;
use crate::enterprise::address::Address;
use crate::http::base::browser::is_from_here;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::pages::{Page, button, field, hidden, post_form};
use crate::store::Cost;

/// The length of a code challenge (RFC 7636, section 4.2).
const CHALLENGE: usize = 43;

/// A request for a code (OpenID Connect Core 1.0, section 3.1.2.1).
#[derive(Clone, Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    response_type: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    redirect_uri: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    state: String,
    nonce: Option<String>,
    #[serde(default)]
    code_challenge: String,
    #[serde(default)]
    code_challenge_method: String,
}

/// The same request with the user who was chosen.
#[derive(Clone, Debug, Deserialize)]
pub struct Chosen {
    #[serde(flatten)]
    asked: Asked,
    #[serde(default)]
    email: String,
}

impl Asked {
    /// Checks the request: only this server's own client is known here.
    fn check(&self, public_url: &str) -> Result<(), Refused> {
        let wrong = |text: &str| Err(Refused(text.to_owned()));
        if self.client_id != CLIENT_ID {
            return wrong("client_id: the only client of this provider is insomnia-demo.");
        }
        if !self.redirect_uri.starts_with(&format!("{public_url}/sso/oidc/")) {
            return wrong("redirect_uri: it must be the redirect URL that the connection shows.");
        }
        if self.response_type != "code" {
            return wrong("response_type: it must be code.");
        }
        if !self.scope.split(' ').any(|scope| scope == "openid") {
            return wrong("scope: openid is missing.");
        }
        if self.code_challenge_method != "S256" || self.code_challenge.len() != CHALLENGE {
            return wrong("code_challenge: it is needed, with the method S256.");
        }
        Ok(())
    }

    /// Returns the fields of the form that repeats the request.
    fn fields(&self) -> [(&'static str, &str); 8] {
        [
            ("response_type", &self.response_type),
            ("client_id", &self.client_id),
            ("redirect_uri", &self.redirect_uri),
            ("scope", &self.scope),
            ("state", &self.state),
            ("nonce", self.nonce.as_deref().unwrap_or_default()),
            ("code_challenge", &self.code_challenge),
            ("code_challenge_method", &self.code_challenge_method),
        ]
    }
}

/// Why nobody is signed in here.
#[derive(Debug)]
pub struct Refused(String);

impl std::fmt::Display for Refused {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl actix_web::ResponseError for Refused {
    fn status_code(&self) -> StatusCode {
        StatusCode::BAD_REQUEST
    }

    fn error_response(&self) -> HttpResponse {
        let problem = Problem::bad_request(self.0.as_str());
        Page::refusing("The demo's identity provider", &problem).respond()
    }
}

/// `GET /demo/idp/authorize`: lists the demo's users.
pub async fn ask(
    service: web::Data<Service>,
    query: web::Query<Asked>,
) -> Result<HttpResponse, actix_web::Error> {
    query.check(&service.public_url)?;
    let people = service
        .store
        .read(Cost::SERVER, demo::people)
        .await
        .map_err(|error: AdministrationError| Problem::from(error))?;
    let action = format!("{}/authorize", issuer(&service.public_url));
    let request = html! {
        @for (name, value) in query.fields() { (hidden(name, value)) }
    };
    let list = html! {
        (request)
        @for (name, email) in &people {
            p { button name="email" value=(email) { @if let Some(name) = name { (name) " · " } (email) } }
        }
    };
    let other = html! {
        (request)
        (field("Somebody else, by address", "email", "email", "off"))
        (button("Sign in"))
    };
    let content = html! {
        p { "This provider belongs to the demo and believes everybody. Who signs in?" }
        (post_form(&action, &list))
        (post_form(&action, &other))
    };
    Ok(Page::new("The demo's identity provider", content).leading_anywhere().respond())
}

/// `POST /demo/idp/authorize`: sends the browser back with a code.
pub async fn answer(
    service: web::Data<Service>,
    idp: web::Data<DemoIdp>,
    request: HttpRequest,
    form: web::Form<Chosen>,
) -> Result<HttpResponse, actix_web::Error> {
    if !is_from_here(&request, &service.public_url) {
        return Err(Refused("Choose a user on the page of this provider.".to_owned()).into());
    }
    let Chosen { asked, email } = form.into_inner();
    asked.check(&service.public_url)?;
    let email = Address::parse(&email)
        .map_err(|invalid| Refused(format!("email: {invalid}.")))?
        .as_str()
        .to_owned();
    let mut back = Url::parse(&asked.redirect_uri)
        .map_err(|error| Refused(format!("redirect_uri: {error}.")))?;
    let grant = Grant {
        email,
        nonce: asked.nonce.filter(|nonce| !nonce.is_empty()),
        challenge: asked.code_challenge,
        redirect_uri: asked.redirect_uri,
    };
    let code = idp
        .give(grant, service.store.clock().now())
        .map_err(|error| Problem::from(AdministrationError::from(error)))?;
    back.query_pairs_mut()
        .append_pair("code", &code)
        .append_pair("state", &asked.state)
        .append_pair("iss", &issuer(&service.public_url));
    Ok(HttpResponse::SeeOther().insert_header((LOCATION, back.as_str())).finish())
}
