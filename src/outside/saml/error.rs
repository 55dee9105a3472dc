//! Why something of an identity provider was not taken: texts for the administrator who has to
//! put it right.

use crate::enterprise::Timestamp;

/// Why metadata, a certificate or a response was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SamlError {
    /// Longer than is read at all.
    #[error("The {what} is longer than {limit} bytes.")]
    TooLarge {
        /// What was too long.
        what: &'static str,
        /// How long it may be.
        limit: usize,
    },
    /// Not XML, or XML that no identity provider needs to send.
    #[error("The {what} cannot be read: {reason}.")]
    Unreadable {
        /// What was sent.
        what: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A certificate that cannot be used.
    #[error("The signing certificate cannot be used: {0}.")]
    Certificate(String),
    /// Metadata without what a connection needs.
    #[error("The metadata is not that of an identity provider: {0}.")]
    Metadata(String),
    /// The sign-on URL is not one that a browser may be sent to.
    #[error(
        "The sign-on URL must be an absolute https:// (or, on a loopback host, http://) URL of at \
         most 2000 characters."
    )]
    SignOnUrl,
    /// The identity provider answered that it did not sign anybody in.
    #[error("The identity provider did not sign the user in: it answered with status {0}.")]
    Status(String),
    /// The assertion is encrypted.
    #[error(
        "The assertion is encrypted, which is not supported: turn assertion encryption off at the \
         identity provider; the assertion travels over TLS."
    )]
    Encrypted,
    /// Not exactly one assertion in its place.
    #[error("The response must hold exactly one assertion, directly inside the response.")]
    OneAssertion,
    /// Neither response nor assertion is signed.
    #[error(
        "Neither the response nor the assertion is signed: let the identity provider sign the \
         assertion."
    )]
    Unsigned,
    /// The signature is of a shape that is not accepted.
    #[error("The signature is not one that is accepted: {0}.")]
    SignatureShape(String),
    /// The algorithm is not accepted.
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
    /// The message is not what SAML 2.0 prescribes.
    #[error("The response is not a valid SAML 2.0 response: {0}.")]
    Malformed(String),
    /// Another identity provider.
    #[error(
        "The response was issued by {found}, but this connection's identity provider is {expected}."
    )]
    Issuer {
        /// Who issued it.
        found: String,
        /// Who should have.
        expected: String,
    },
    /// Meant for another assertion consumer.
    #[error(
        "The response is addressed to {found}, but the single sign-on (ACS) URL of this \
         connection is {expected}."
    )]
    Recipient {
        /// The address found.
        found: String,
        /// The address expected.
        expected: String,
    },
    /// Meant for another audience.
    #[error(
        "The assertion is for the audience {found}, but the audience URI of this connection is \
         {expected}."
    )]
    Audience {
        /// The audiences found.
        found: String,
        /// The audience expected.
        expected: String,
    },
    /// The answer to somebody else's request, or to none that is open.
    #[error("The response does not answer the sign-in that this browser began: begin again.")]
    InResponseTo,
    /// Not valid yet.
    #[error("The assertion is not valid before {}: check the clocks of the identity provider and \
     of this server.", .0.to_rfc3339())]
    NotYetValid(Timestamp),
    /// No longer valid.
    #[error("The assertion was valid until {} only: begin again; if it happens each time, check \
     the clocks of the identity provider and of this server.", .0.to_rfc3339())]
    Expired(Timestamp),
    /// Nothing says who the user is.
    #[error(
        "The assertion does not say the user's e-mail address: send it as the attribute \
         \"email\", or as a NameID of the format emailAddress."
    )]
    NoEmail,
    /// More than one address.
    #[error(
        "The assertion names more than one e-mail address in the attribute \"email\": send \
         exactly one."
    )]
    ManyEmails,
    /// The operating system gave no randomness.
    #[error("No request could be made: the operating system gave no randomness.")]
    Randomness,
}

impl SamlError {
    /// Whether it is about something that a trusted key has signed.
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
