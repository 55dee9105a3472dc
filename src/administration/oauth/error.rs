//! Refusals of RFC 6749 §4.1.2.1 and §5.2.

/// Why no token is given.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OAuthError {
    /// A part is missing or sent twice.
    #[error("{0}")]
    InvalidRequest(String),
    /// Unknown client, or wrong secret: nobody learns which.
    #[error("The client is not known, or its secret is wrong.")]
    InvalidClient,
    /// The code or refresh token is not good.
    #[error("{0}")]
    InvalidGrant(&'static str),
    /// The client may not do it so.
    #[error("{0}")]
    UnauthorizedClient(&'static str),
    /// No such grant.
    #[error("grant_type: client_credentials, authorization_code or refresh_token.")]
    UnsupportedGrantType,
    /// No such scope.
    #[error("scope: there is only scim.")]
    InvalidScope,
}

impl OAuthError {
    /// The word of RFC 6749.
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

/// Why an authorization is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectError {
    /// It must not be told to the address that the request names: that may be anybody's.
    #[error("{0}")]
    Page(&'static str),
    /// It is told to the client.
    #[error("{1}")]
    Client(&'static str, &'static str),
}
