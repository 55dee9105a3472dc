//! Why SAML metadata, a certificate or a response was rejected: texts for the administrator who has
//! to fix it.

use crate::enterprise::Timestamp;

/// Why metadata, a certificate or a response was rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SamlError {
    /// The text is longer than the limit.
    #[error("The {what} is longer than {limit} bytes.")]
    TooLarge {
        /// The kind of text.
        what: &'static str,
        /// The limit in bytes.
        limit: usize,
    },
    /// The text is not XML, or uses features of XML that are not accepted.
    #[error("The {what} cannot be read: {reason}.")]
    Unreadable {
        /// The kind of text.
        what: &'static str,
        /// The reason, for a sentence.
        reason: String,
    },
    /// The certificate cannot be used.
    #[error("The signing certificate cannot be used: {0}.")]
    Certificate(String),
    /// The metadata lacks what a connection needs.
    #[error("The metadata is not that of an identity provider: {0}.")]
    Metadata(String),
    /// Browsers may not be sent to the sign-on URL.
    #[error(
        "The sign-on URL must be an absolute https:// (or, on a loopback host, http://) URL of at \
         most 2000 characters."
    )]
    SignOnUrl,
    /// The identity provider responded that it did not sign the user in.
    #[error("The identity provider did not sign the user in: it answered with status {0}.")]
    Status(String),
    /// The assertion is encrypted.
    #[error(
        "The assertion is encrypted, which is not supported: turn assertion encryption off at the \
         identity provider; the assertion travels over TLS."
    )]
    Encrypted,
    /// There is not exactly one assertion in the expected place.
    #[error("The response must hold exactly one assertion, directly inside the response.")]
    OneAssertion,
    /// Neither the response nor the assertion is signed.
    #[error(
        "Neither the response nor the assertion is signed: let the identity provider sign the \
         assertion."
    )]
    Unsigned,
    /// The signature does not have the accepted structure.
    #[error("The signature is not one that is accepted: {0}.")]
    SignatureShape(String),
    /// The signature algorithm is not accepted.
    #[error(
        "The signature uses {0}, which is not accepted: use RSA or ECDSA with SHA-256 or stronger."
    )]
    Algorithm(String),
    /// The signature does not verify with any configured certificate.
    #[error(
        "The signature does not match any signing certificate of this connection: the content was \
         changed, or the identity provider signs with another certificate."
    )]
    Signature,
    /// The message violates SAML 2.0.
    #[error("The response is not a valid SAML 2.0 response: {0}.")]
    Malformed(String),
    /// The response is from another identity provider.
    #[error(
        "The response was issued by {found}, but this connection's identity provider is {expected}."
    )]
    Issuer {
        /// The issuer of the response.
        found: String,
        /// The issuer of the connection.
        expected: String,
    },
    /// The response is meant for another assertion consumer.
    #[error(
        "The response is addressed to {found}, but the single sign-on (ACS) URL of this \
         connection is {expected}."
    )]
    Recipient {
        /// The address in the response.
        found: String,
        /// The address of this connection.
        expected: String,
    },
    /// The assertion is meant for another audience.
    #[error(
        "The assertion is for the audience {found}, but the audience URI of this connection is \
         {expected}."
    )]
    Audience {
        /// The audiences in the assertion.
        found: String,
        /// The audience of this connection.
        expected: String,
    },
    /// The response belongs to a sign-in of another browser, or to none that is in progress.
    #[error("The response does not answer the sign-in that this browser began: begin again.")]
    InResponseTo,
    /// The assertion is not valid yet.
    #[error("The assertion is not valid before {}: check the clocks of the identity provider and \
     of this server.", .0.to_rfc3339())]
    NotYetValid(Timestamp),
    /// The assertion has expired.
    #[error("The assertion was valid until {} only: begin again; if it happens each time, check \
     the clocks of the identity provider and of this server.", .0.to_rfc3339())]
    Expired(Timestamp),
    /// The assertion contains no e-mail address.
    #[error(
        "The assertion does not say the user's e-mail address: send it as the attribute \
         \"email\", or as a NameID of the format emailAddress."
    )]
    NoEmail,
    /// The assertion contains more than one address.
    #[error(
        "The assertion names more than one e-mail address in the attribute \"email\": send \
         exactly one."
    )]
    ManyEmails,
    /// The operating system failed to provide random bytes.
    #[error("The sign-in could not be started: the operating system did not provide random bytes.")]
    Randomness,
}

impl SamlError {
    /// Returns `true` if the error concerns content that a trusted key has signed.
    pub const fn is_signed(&self) -> bool {
        matches!(
            self,
            Self::Issuer { .. }
                | Self::Recipient { .. }
                | Self::Audience { .. }
                | Self::InResponseTo
                | Self::NotYetValid(_)
                | Self::Expired(_)
                | Self::NoEmail
                | Self::ManyEmails
        )
    }
}
