//! Refusals of sign-ins, as pages with a way on.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use maud::{Markup, html};

use crate::administration::AdministrationError;
use crate::administration::sso::SsoError;
use crate::enterprise::token::NoRandomness;
use crate::http::base::browser::is_from_here;
use crate::http::base::guesses::TooMany;
use crate::http::base::prefix::at;
use crate::http::base::problem::Problem;
use crate::http::base::query::with_query;
use crate::http::base::state::Service;
use crate::http::pages::parts::{link, main_link};
use crate::http::pages::{Page, hidden, post_form};
use crate::outside::oidc::OidcError;
use crate::outside::saml::SamlError;
use crate::store::StoreError;

/// A page that says why a sign-in failed, and how to go on.
#[derive(Debug)]
pub struct Refused {
    // Boxed, so that results stay small.
    problem: Box<Problem>,
    way: Way,
}

/// How to go on after a refusal.
#[derive(Debug)]
enum Way {
    /// To sign in.
    SignIn,
    /// To try the same again, at this path.
    Again(String),
    /// To have a new link in place of this one.
    NewLink(String),
    /// The browser is led to this path, without a page.
    Lead(String),
}

impl Refused {
    /// Creates a 400 for a request that no page of the server leads to.
    pub fn bad_request(text: &str) -> Self {
        Problem::bad_request(text).into()
    }

    /// Leads a browser that is not signed in to the page to sign in, and back to this path
    /// afterwards.
    pub fn signed_out(path: &str) -> Self {
        let text = "You are not signed in.";
        let problem = Box::new(Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", text));
        Self { problem, way: Way::Lead(with_query("/sign-in", &[("return_to", path)])) }
    }

    /// Offers to try it again, at this path.
    pub fn or_again(self, path: &str) -> Self {
        Self { way: Way::Again(path.to_owned()), ..self }
    }

    /// Offers a new link if this one is not valid any more.
    pub fn or_new_link(self, old: &str) -> Self {
        match self.problem.kind() {
            "link-unknown" => Self { way: Way::NewLink(old.to_owned()), ..self },
            _ => self,
        }
    }

    /// Returns the text of the page.
    pub fn text(&self) -> &str {
        self.problem.detail()
    }

    fn title(&self) -> &'static str {
        match self.way {
            Way::NewLink(_) => "This link does not work any more",
            _ => "Not signed in",
        }
    }

    fn actions(&self) -> Markup {
        let sign_in = at("/sign-in");
        match &self.way {
            Way::SignIn | Way::Lead(_) => html! {
                div.actions { (main_link("Sign in", &sign_in)) }
            },
            Way::Again(path) => html! {
                div.actions {
                    (main_link("Try again", &at(path)))
                    (link("Sign in another way", &sign_in))
                }
            },
            Way::NewLink(old) => html! {
                (post_form(&sign_in, &html! {
                    (hidden("link", old))
                    button.main { "Send a new one" }
                }))
                p { a href=(sign_in) { "Sign in with another address" } }
            },
        }
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self { problem: Box::new(problem), way: Way::SignIn }
    }
}

/// Checks that a page of this server sent the form. `way` says how to get to that page.
///
/// # Errors
/// Fails if another site's page did.
pub fn require_own_page(
    request: &HttpRequest,
    service: &Service,
    way: &str,
) -> Result<(), Refused> {
    if is_from_here(request, &service.public_url) { Ok(()) } else { Err(Refused::bad_request(way)) }
}

impl From<AdministrationError> for Refused {
    fn from(error: AdministrationError) -> Self {
        Problem::from(error).into()
    }
}

impl From<SsoError> for Refused {
    fn from(error: SsoError) -> Self {
        AdministrationError::from(error).into()
    }
}

impl From<OidcError> for Refused {
    fn from(error: OidcError) -> Self {
        SsoError::Provider(error.to_string()).into()
    }
}

impl From<SamlError> for Refused {
    fn from(error: SamlError) -> Self {
        SsoError::Provider(error.to_string()).into()
    }
}

impl From<NoRandomness> for Refused {
    fn from(error: NoRandomness) -> Self {
        AdministrationError::from(error).into()
    }
}

impl From<TooMany> for Refused {
    fn from(error: TooMany) -> Self {
        AdministrationError::from(error).into()
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Problem::from(error).into()
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(formatter)
    }
}

impl ResponseError for Refused {
    fn status_code(&self) -> StatusCode {
        match self.way {
            Way::Lead(_) => StatusCode::SEE_OTHER,
            _ => self.problem.status_code(),
        }
    }

    fn error_response(&self) -> HttpResponse {
        if let Way::Lead(path) = &self.way {
            return HttpResponse::SeeOther().insert_header((LOCATION, at(path))).finish();
        }
        Page::refusing(self.title(), &self.problem).followed_by(&self.actions()).respond()
    }
}
