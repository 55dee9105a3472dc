//! Why single sign-on through a provider fails, in texts for administrators.
//!
//! No text contains a code, a token or a secret, nor anything that reveals what an entered address
//! leads to: a refused connection, a timeout and an unexpected response have the same text. The log
//! has the details.

use openidconnect::core::CoreErrorResponseType;
use openidconnect::{DiscoveryError, RequestTokenError, StandardErrorResponse};

use super::transport::TransportError;

/// Maximum length of a provider's text that is shown, in characters.
const LONGEST: usize = 300;

/// Why single sign-on through a provider fails.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// The issuer is not a URL that the server may connect to.
    #[error(
        "The issuer must be an https:// URL without query and fragment (http:// only on this \
         machine), exactly as the provider's discovery document says it."
    )]
    Issuer,
    /// The issuer of Entra is one for users of any tenant.
    #[error(
        "This issuer of Microsoft Entra signs in users of every organization. Enter that of your \
         tenant: https://login.microsoftonline.com/TENANT-ID/v2.0."
    )]
    ManyTenants,
    /// The provider does not respond, or its response is not one of a provider.
    #[error(
        "The identity provider cannot be reached, or its answer is not that of an identity provider. \
         Check the issuer and that its host is on the public internet, and try again later. If the \
         provider is inside a private network, the operator of this server has to allow that network \
         with the setting --allow-idp-network. The server's log says what happened."
    )]
    Unreachable,
    /// The provider's discovery document is invalid or incomplete.
    #[error("The identity provider's discovery document cannot be used: {0}. Check the issuer.")]
    Discovery(&'static str),
    /// The provider did not sign the user in.
    #[error("The identity provider did not sign the user in: {0}.")]
    Declined(String),
    /// The provider did not accept the code.
    #[error(
        "The identity provider refused to redeem the sign-in: {0}. Check the client id, the client \
         secret and the redirect URL on both sides."
    )]
    Refused(&'static str),
    /// The token response contains no ID token, or an unreadable one.
    #[error("The identity provider's answer holds no ID token that can be read: {0}.")]
    NoToken(String),
    /// The signature is not by the provider.
    #[error("The ID token is not signed as it must be: {0}.")]
    Signature(String),
    /// The claims of the token do not match the request.
    #[error("The ID token is not for this sign-in: {0}.")]
    Claims(String),
    /// The token is expired or not valid yet.
    #[error("The ID token is not valid at this time: {0}. Check the clocks on both sides.")]
    Time(String),
    /// The provider sends no address.
    #[error(
        "The identity provider sends no claim email, neither in the ID token nor from its userinfo \
         endpoint. Configure it to send the user's address."
    )]
    NoEmail,
    /// The provider says that it has not verified the address.
    #[error(
        "The identity provider says that the address is not verified (email_verified is false)."
    )]
    EmailNotVerified,
}

impl OidcError {
    /// Builds the error for a provider that sent the browser back without a code.
    pub fn declined(text: &str) -> Self {
        Self::Declined(shortened(text))
    }

    pub(super) fn of_discovery(issuer: &str, error: &DiscoveryError<TransportError>) -> Self {
        let (found, told) = match error {
            // Already logged.
            DiscoveryError::Request(error) => return error.into(),
            DiscoveryError::UrlParse(_) => return Self::Issuer,
            DiscoveryError::Validation(text) => {
                (text.clone(), Self::Discovery("it is the document of another issuer"))
            }
            DiscoveryError::Response(status, _, _) => (status.to_string(), Self::Unreachable),
            error => (error.to_string(), Self::Unreachable),
        };
        log::warn!("the identity provider {issuer} cannot be used: {}", shortened(&found));
        told
    }

    pub(super) fn of_exchange(
        issuer: &str,
        error: RequestTokenError<TransportError, StandardErrorResponse<CoreErrorResponseType>>,
    ) -> Self {
        let (found, told) = match error {
            RequestTokenError::Request(error) => return (&error).into(),
            RequestTokenError::ServerResponse(answer) => {
                let description = answer.error_description().map_or("", String::as_str);
                let word = known_word(answer.error());
                (format!("{} {description}", answer.error()), Self::Refused(word))
            }
            RequestTokenError::Parse(error, _) => (error.to_string(), Self::Unreachable),
            RequestTokenError::Other(text) => (text, Self::Unreachable),
        };
        log::warn!("the identity provider {issuer} issued no token: {}", shortened(&found));
        told
    }
}

impl From<&TransportError> for OidcError {
    fn from(error: &TransportError) -> Self {
        match error {
            TransportError::Insecure => Self::Discovery("an address in it is not an https:// URL"),
            TransportError::NoAnswer => Self::Unreachable,
        }
    }
}

impl From<TransportError> for OidcError {
    fn from(error: TransportError) -> Self {
        (&error).into()
    }
}

/// Returns the reason if it is an error code of RFC 6749, section 5.2. Any other text goes to the
/// log only.
fn known_word(error: &CoreErrorResponseType) -> &'static str {
    match error {
        CoreErrorResponseType::InvalidClient => "invalid_client",
        CoreErrorResponseType::InvalidGrant => "invalid_grant",
        CoreErrorResponseType::InvalidRequest => "invalid_request",
        CoreErrorResponseType::InvalidScope => "invalid_scope",
        CoreErrorResponseType::UnauthorizedClient => "unauthorized_client",
        CoreErrorResponseType::UnsupportedGrantType => "unsupported_grant_type",
        _ => "for a reason that the server's log has",
    }
}

/// Shortens a text of the provider to one line of at most [`LONGEST`] characters.
pub(super) fn shortened(text: &str) -> String {
    let printable = |character: char| if character.is_control() { ' ' } else { character };
    text.chars().take(LONGEST).map(printable).collect()
}
