//! Refusals as problem documents (RFC 9457).

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use serde_json::json;

use crate::administration::{AdministrationError, Class};
use crate::http::base::guesses::TooMany;
use crate::store::StoreError;
use crate::views::refusals::{WhoCan, Wording, urn};

/// A refusal: a status, a code for programs, a text for people.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    kind: &'static str,
    detail: String,
    /// The cause, which is logged and not sent to the client.
    cause: Option<String>,
    allow: Option<String>,
    /// The value of `Retry-After` in seconds, if the refusal is temporary; else 0.
    retry_after: u64,
    /// People who can do what was refused.
    who_can: Box<[WhoCan]>,
}

impl Problem {
    /// Creates a problem; `kind` is the last part of its URN.
    pub fn new(status: StatusCode, kind: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            detail: detail.into(),
            cause: None,
            allow: None,
            retry_after: 1,
            who_can: Box::default(),
        }
    }

    /// Adds whom to ask, as a sentence and by name.
    #[must_use]
    pub fn who_can(self, sentence: &str, people: Vec<WhoCan>) -> Self {
        Self { detail: format!("{} {sentence}", self.detail), who_can: people.into(), ..self }
    }

    /// Returns the URN that identifies the kind of problem.
    pub fn urn(&self) -> String {
        urn(self.kind)
    }

    /// Returns the last part of the URN.
    pub const fn kind(&self) -> &'static str {
        self.kind
    }

    /// Returns the text for people.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Returns the seconds after which to retry, if the refusal is temporary.
    pub fn retry_after(&self) -> Option<u64> {
        let for_now = [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE];
        for_now.contains(&self.status).then_some(self.retry_after)
    }

    /// Creates a 400 for a body or parameter that cannot be understood.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-request", detail)
    }
}

impl From<AdministrationError> for Problem {
    fn from(error: AdministrationError) -> Self {
        use AdministrationError as E;
        let mut retry_after = 1;
        let status = match &error {
            E::InvalidName { .. } | E::InvalidValue { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            E::NameTaken { .. }
            | E::AlreadyMember(_)
            | E::NotManual(_)
            | E::NotProvisioned(_)
            | E::NotLinked(_)
            | E::NotPending(_) => StatusCode::CONFLICT,
            E::NotFound { .. } => StatusCode::NOT_FOUND,
            E::NoFreeSeat(_) | E::LastOwner(_) => StatusCode::FORBIDDEN,
            E::Refused(refusal) => {
                retry_after = refusal.retry_after();
                status_of(refusal.class())
            }
            E::NoRandomness(_) => StatusCode::INTERNAL_SERVER_ERROR,
            E::Store(failure) => return failure.into(),
        };
        let Wording { kind, detail } = Wording::from(&error);
        Self { retry_after, ..Self::new(status, kind, detail) }
    }
}

const fn status_of(class: Class) -> StatusCode {
    match class {
        Class::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Class::Unauthorized => StatusCode::UNAUTHORIZED,
        Class::Forbidden => StatusCode::FORBIDDEN,
        Class::NotFound => StatusCode::NOT_FOUND,
        Class::Conflict => StatusCode::CONFLICT,
        Class::TooMany => StatusCode::TOO_MANY_REQUESTS,
        Class::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl From<&StoreError> for Problem {
    fn from(error: &StoreError) -> Self {
        let status = match error {
            StoreError::Overloaded | StoreError::TooManySearches => StatusCode::TOO_MANY_REQUESTS,
            error if error.is_unavailable() => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let Wording { kind, detail } = Wording::from(error);
        Self { cause: Some(error.to_string()), ..Self::new(status, kind, detail) }
    }
}

impl From<TooMany> for Problem {
    fn from(error: TooMany) -> Self {
        AdministrationError::from(error).into()
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        (&error).into()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.cause.as_ref().unwrap_or(&self.detail))
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.content_type("application/problem+json");
        if self.status == StatusCode::UNAUTHORIZED {
            response.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"insomnia-scim\""));
        }
        if let Some(seconds) = self.retry_after() {
            response.insert_header((RETRY_AFTER, seconds));
        }
        if let Some(methods) = &self.allow {
            response.insert_header((ALLOW, methods.as_str()));
        }
        let mut body = json!({
            "type": self.urn(),
            "title": self.status.canonical_reason().unwrap_or("Error"),
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        if !self.who_can.is_empty() {
            body["who_can"] = json!(self.who_can);
        }
        response.body(body.to_string())
    }
}

/// Refuses a path without an endpoint.
pub async fn not_found() -> Result<HttpResponse, Problem> {
    Err(Problem::new(StatusCode::NOT_FOUND, "not-found", "There is no such endpoint."))
}

/// Refuses a method that the endpoint does not have.
pub async fn wrong_method(allowed: String) -> Result<HttpResponse, Problem> {
    let detail = format!("This endpoint has no such method. It has {allowed}.");
    Err(Problem {
        allow: Some(allowed),
        ..Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail)
    })
}
