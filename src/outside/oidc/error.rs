//! Why single sign-on through a provider does not work, in words for the administrator. No text
//! holds a code, a token or a secret, nor anything that tells what answers at an entered address:
//! whether it is refused, silent, or serves something else is one text. The log says more.

use openidconnect::core::CoreErrorResponseType;
use openidconnect::{DiscoveryError, RequestTokenError, StandardErrorResponse};

use super::transport::TransportError;

/// Longest text of a provider that is shown, in characters.
const LONGEST: usize = 300;

/// Why it does not work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OidcError {
    /// An issuer that is no URL to connect to.
    #[error(
        "The issuer must be an https:// URL without query and fragment (http:// only on this \
         machine), exactly as the provider's discovery document says it."
    )]
    Issuer,
    /// An issuer of Entra for users of every tenant.
    #[error(
        "This issuer of Microsoft Entra signs in users of every organization. Enter that of your \
         tenant: https://login.microsoftonline.com/TENANT-ID/v2.0."
    )]
    ManyTenants,
    /// The provider does not answer, or with something else.
    #[error(
        "The identity provider cannot be reached, or does not answer as one. Check the issuer and \
         that its host is on the public internet, and try again later. A provider inside of a \
         private network is allowed by the operator of this server, with the setting \
         --allow-idp-network; the server's log says what happened."
    )]
    Unreachable,
    /// Its discovery document is not what it must be.
    #[error("The identity provider's discovery document cannot be used: {0}. Check the issuer.")]
    Discovery(&'static str),
    /// It did not let the user in.
    #[error("The identity provider did not sign the user in: {0}.")]
    Declined(String),
    /// It did not take the code.
    #[error(
        "The identity provider refused to redeem the sign-in: {0}. Check the client id, the client \
         secret and the redirect URL on both sides."
    )]
    Refused(&'static str),
    /// The token response has no ID token, or one that is none.
    #[error("The identity provider's answer holds no ID token that can be read: {0}.")]
    NoToken(String),
    /// The signature is not the provider's.
    #[error("The ID token is not signed as it must be: {0}.")]
    Signature(String),
    /// What the token says is not what was asked for.
    #[error("The ID token is not for this sign-in: {0}.")]
    Claims(String),
    /// Outside the time that it is good for.
    #[error("The ID token is not valid at this time: {0}. Check the clocks on both sides.")]
    Time(String),
    /// There is no address.
    #[error(
        "The identity provider tells no claim email, neither in the ID token nor at its userinfo \
         endpoint. Let it send the user's address."
    )]
    NoEmail,
    /// The provider does not vouch for the address.
    #[error(
        "The identity provider says that the address is not verified (email_verified is false)."
    )]
    EmailNotVerified,
}

impl OidcError {
    /// The provider sent the browser back without a code.
    pub fn declined(text: &str) -> Self {
        Self::Declined(shortened(text))
    }

    pub(super) fn of_discovery(issuer: &str, error: &DiscoveryError<TransportError>) -> Self {
        let (found, told) = match error {
            // The log has it already.
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
        log::warn!("the identity provider {issuer} gives no token: {}", shortened(&found));
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

/// The reason, where it is one of RFC 6749, section 5.2: any other text is the log's.
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

/// A text of the provider's, as much of it as anybody wants to read, on one line.
pub(super) fn shortened(text: &str) -> String {
    let printable = |character: char| if character.is_control() { ' ' } else { character };
    text.chars().take(LONGEST).map(printable).collect()
}
