//! Small pages for people: nothing from outside, no scripts.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};

use crate::administration::AdministrationError;
use crate::administration::sso::SsoError;
use crate::enterprise::token::NoRandomness;
use crate::http::base::guesses::TooMany;
use crate::http::base::problem::Problem;
use crate::outside::oidc::OidcError;
use crate::outside::saml::SamlError;
use crate::store::StoreError;

/// A page that says why nobody is signed in.
#[derive(Debug)]
pub struct Refused(Problem);

impl Refused {
    /// Something that a browser should not have sent.
    pub fn bad_request(text: &str) -> Self {
        Self(Problem::bad_request(text))
    }

    /// Nobody is signed in.
    pub fn unauthorized(text: &str) -> Self {
        Self(Problem::new(StatusCode::UNAUTHORIZED, "unauthorized", text))
    }

    /// What it says.
    pub fn text(&self) -> &str {
        self.0.detail()
    }
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
        let mut response = page("Not signed in", self.0.detail(), "");
        *response.status_mut() = self.status_code();
        if let Some(seconds) = self.0.retry_after() {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// A page with a title, a text, and what follows it as HTML of our own.
pub fn page(title: &str, text: &str, rest: &str) -> HttpResponse {
    HttpResponse::Ok()
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
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
             <style>body{{font:1rem/1.5 sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}}\
             button{{font:inherit;padding:.5rem 1rem}}</style></head>\
             <body><main><h1>{title}</h1><p>{text}</p>{rest}</main></body></html>\n",
            title = escaped(title),
            text = escaped(text),
        ))
}

/// A text as HTML.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_say_is_text() {
        assert_eq!(escaped("<a href='x'>\"&"), "&lt;a href=&#39;x&#39;&gt;&quot;&amp;");
    }
}
