//! Errors of the token endpoint, in the form of RFC 6749 §5.2.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use serde_json::json;

use crate::administration::AdministrationError;
use crate::administration::oauth::OAuthError;
use crate::http::base::guesses::TooMany;
use crate::store::StoreError;

/// An error of the token endpoint.
#[derive(Debug)]
pub struct Failure {
    status: StatusCode,
    word: &'static str,
    text: String,
    /// The value of `Retry-After` in seconds, if the error is temporary; else 0.
    retry_after: u64,
    /// The cause, which is logged and not sent to the client.
    cause: Option<String>,
}

impl Failure {
    /// Returns `true` if the client's authentication failed.
    pub fn is_unauthorized(&self) -> bool {
        self.status == StatusCode::UNAUTHORIZED
    }

    /// Creates the error for too many wrong secrets.
    pub fn too_many_wrong(error: TooMany) -> Self {
        Self { text: error.to_string(), ..Self::too_many(error.seconds()) }
    }

    /// Creates the error for too many token requests of one client, with the seconds to wait.
    pub fn too_many(retry_after: u64) -> Self {
        Self {
            retry_after,
            status: StatusCode::TOO_MANY_REQUESTS,
            word: "temporarily_unavailable",
            text: "Too many token requests of this client. An access token is good for an hour: \
                   keep it. Repeat the request after the time in Retry-After."
                .to_owned(),
            cause: None,
        }
    }
}

impl From<OAuthError> for Failure {
    fn from(error: OAuthError) -> Self {
        let status = match error {
            OAuthError::InvalidClient => StatusCode::UNAUTHORIZED,
            _ => StatusCode::BAD_REQUEST,
        };
        Self { status, word: error.word(), text: error.to_string(), retry_after: 1, cause: None }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            word: "temporarily_unavailable",
            text: "The server cannot do this now. Repeat the request.".to_owned(),
            retry_after: 1,
            cause: Some(error.to_string()),
        }
    }
}

impl From<AdministrationError> for Failure {
    fn from(error: AdministrationError) -> Self {
        match error {
            AdministrationError::Store(error) => error.into(),
            error => Self {
                status: StatusCode::INTERNAL_SERVER_ERROR,
                word: "server_error",
                text: "The server failed on its side.".to_owned(),
                retry_after: 1,
                cause: Some(error.to_string()),
            },
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.cause.as_ref().unwrap_or(&self.text))
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.insert_header((PRAGMA, "no-cache"));
        if self.status == StatusCode::UNAUTHORIZED {
            response.insert_header((WWW_AUTHENTICATE, "Basic realm=\"insomnia-scim\""));
        }
        if matches!(self.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
            response.insert_header((RETRY_AFTER, self.retry_after));
        }
        response.json(json!({"error": self.word, "error_description": self.text}))
    }
}
