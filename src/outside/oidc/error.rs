//! Why single sign-on through a provider does not work, in words for the administrator. No text
//! holds a code, a token or a secret.

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
    /// The provider does not answer.
    #[error("The identity provider cannot be reached: {0}. Check the issuer, and try again later.")]
    Unreachable(String),
    /// Its discovery document or keys are not what they must be.
    #[error(
        "The identity provider's discovery document or keys cannot be used: {0}. Check the issuer."
    )]
    Discovery(String),
    /// It did not let the user in.
    #[error("The identity provider did not sign the user in: {0}.")]
    Declined(String),
    /// It did not take the code.
    #[error(
        "The identity provider refused to redeem the sign-in: {0}. Check the client id, the client \
         secret and the redirect URL on both sides."
    )]
    Refused(String),
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

    pub(super) fn of_discovery(error: &DiscoveryError<TransportError>) -> Self {
        match error {
            DiscoveryError::Request(error) => Self::Unreachable(shortened(&error.to_string())),
            DiscoveryError::Response(_, _, text)
            | DiscoveryError::Validation(text)
            | DiscoveryError::Other(text) => Self::Discovery(shortened(text)),
            DiscoveryError::Parse(error) => Self::Discovery(shortened(&error.to_string())),
            DiscoveryError::UrlParse(_) => Self::Issuer,
            _ => Self::Discovery("it could not be read".to_owned()),
        }
    }

    pub(super) fn of_exchange(
        error: RequestTokenError<TransportError, StandardErrorResponse<CoreErrorResponseType>>,
    ) -> Self {
        match error {
            RequestTokenError::ServerResponse(answer) => {
                let word = answer.error().to_string();
                let text = match answer.error_description() {
                    Some(description) => format!("{word} ({description})"),
                    None => word,
                };
                Self::Refused(shortened(&text))
            }
            RequestTokenError::Request(error) => Self::Unreachable(shortened(&error.to_string())),
            RequestTokenError::Parse(error, _) => Self::NoToken(shortened(&error.to_string())),
            RequestTokenError::Other(text) => Self::NoToken(shortened(&text)),
        }
    }
}

/// A text of the provider's, as much of it as anybody wants to read, on one line.
pub(super) fn shortened(text: &str) -> String {
    let printable = |character: char| if character.is_control() { ' ' } else { character };
    text.chars().take(LONGEST).map(printable).collect()
}
