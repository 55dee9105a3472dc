//! Error pages of sign-ins.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, ResponseError};

use crate::administration::AdministrationError;
use crate::administration::sso::SsoError;
use crate::enterprise::token::NoRandomness;
use crate::http::base::browser::is_from_here;
use crate::http::base::guesses::TooMany;
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::http::pages::Page;
use crate::outside::oidc::OidcError;
use crate::outside::saml::SamlError;
use crate::store::StoreError;

/// A page that says why a sign-in failed.
#[derive(Debug)]
pub struct Refused(Problem);

impl Refused {
    /// Creates a 400 for a request that no page of the server leads to.
    pub fn bad_request(text: &str) -> Self {
        Self(Problem::bad_request(text))
    }

    /// Creates a 401.
    pub fn unauthorized(text: &str) -> Self {
        Self(Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", text))
    }

    /// Returns the text of the page.
    pub fn text(&self) -> &str {
        self.0.detail()
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
        Self(error.into())
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
        Self(error.into())
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl ResponseError for Refused {
    fn status_code(&self) -> StatusCode {
        self.0.status_code()
    }

    fn error_response(&self) -> HttpResponse {
        Page::refusing("Not signed in", &self.0).respond()
    }
}
