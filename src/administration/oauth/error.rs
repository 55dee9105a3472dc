//! Errors of RFC 6749 §4.1.2.1 and §5.2.

/// Why no token is issued.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OAuthError {
    /// A parameter is missing or repeated.
    #[error("{0}")]
    InvalidRequest(String),
    /// The client is unknown or its secret is wrong. One error for both, so that a caller does not
    /// learn which.
    #[error("The client is not known, or its secret is wrong.")]
    InvalidClient,
    /// The code or refresh token is not valid.
    #[error("{0}")]
    InvalidGrant(&'static str),
    /// The client may not use this grant.
    #[error("{0}")]
    UnauthorizedClient(&'static str),
    /// The grant type is not supported.
    #[error("grant_type: client_credentials, authorization_code or refresh_token.")]
    UnsupportedGrantType,
    /// The scope is not supported.
    #[error("scope: only scim is supported.")]
    InvalidScope,
}

impl OAuthError {
    /// Returns the error code of RFC 6749.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::InvalidRequest(_) => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant(_) => "invalid_grant",
            Self::UnauthorizedClient(_) => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
        }
    }
}

/// Why an authorization request is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectError {
    /// Shown as a page, never sent to the redirect URI of the request, which may be an attacker's.
    #[error("{0}")]
    Page(&'static str),
    /// Sent to the client's redirect URI: the error code and its description.
    #[error("{1}")]
    Client(&'static str, &'static str),
}
