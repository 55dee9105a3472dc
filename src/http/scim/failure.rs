//! Refusals as HTTP answers in SCIM form (RFC 7644 §3.12).

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_ENCODING, ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};

use crate::http::base::sound::{self, Flaw};
use crate::provisioning::ProvisioningError;
use crate::scim::{MEDIA_TYPE, ScimError};

/// A SCIM error, with the headers that HTTP adds to it.
#[derive(Debug)]
pub struct Failure {
    error: ScimError,
    /// The cause, which is logged and not sent to the client.
    cause: Option<String>,
    retry_after: Option<u64>,
    allow: Option<&'static str>,
    /// Whether the reason is the content coding.
    is_of_coding: bool,
}

impl Failure {
    /// Returns the text for the client.
    pub fn detail(&self) -> String {
        self.error.to_json()["detail"].as_str().unwrap_or_default().to_owned()
    }

    /// Creates a 415 for an unsupported content coding (RFC 7694 §3).
    pub fn unknown_coding() -> Self {
        Self { is_of_coding: true, ..ScimError::new(415, sound::CODED).into() }
    }

    /// Creates a 405 for a method that the endpoint does not have.
    pub fn wrong_method(allowed: &'static str) -> Self {
        let detail = format!("This endpoint has no such method. It has {allowed}.");
        Self { allow: Some(allowed), ..ScimError::new(405, detail).into() }
    }

    /// Creates a 429 with these seconds to wait.
    pub fn too_many_requests(retry_after: u64) -> Self {
        let detail = format!(
            "Too many requests from this connector. Repeat the request after {retry_after} seconds."
        );
        Self { retry_after: Some(retry_after), ..ScimError::new(429, detail).into() }
    }
}

impl From<ScimError> for Failure {
    fn from(error: ScimError) -> Self {
        // Identity providers understand only whole seconds.
        let retry_after = matches!(error.status, 429 | 503).then_some(1);
        Self { error, cause: None, retry_after, allow: None, is_of_coding: false }
    }
}

impl From<Flaw> for Failure {
    fn from(Flaw { status, detail }: Flaw) -> Self {
        match status {
            400 => ScimError::invalid_value(detail).into(),
            _ => ScimError::new(status, detail).into(),
        }
    }
}

impl From<ProvisioningError> for Failure {
    fn from(error: ProvisioningError) -> Self {
        let cause = match &error {
            ProvisioningError::Store(error) => Some(error.to_string()),
            _ => None,
        };
        Self { cause, ..error.to_scim().into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Some(cause) => formatter.write_str(cause),
            None => self.error.fmt(formatter),
        }
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        response.content_type(MEDIA_TYPE);
        if self.error.status == 401 {
            response.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"insomnia-scim\""));
        }
        if let Some(seconds) = self.retry_after {
            response.insert_header((RETRY_AFTER, seconds));
        }
        if let Some(methods) = self.allow {
            response.insert_header((ALLOW, methods));
        }
        if self.is_of_coding {
            response.insert_header((ACCEPT_ENCODING, sound::CODINGS));
        }
        response.body(self.error.to_json().to_string())
    }
}
