//! Errors of single sign-on.

use crate::administration::{Class, Refusal};
use crate::enterprise::secret::WrongKey;

/// Why a connection cannot be changed, or a sign-in is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SsoError {
    /// The account has not verified the domain.
    #[error("The domain \"{0}\" is not verified in this account. Verify it first.")]
    DomainNotVerified(String),
    /// The domain already has a connection.
    #[error(
        "The domain \"{0}\" already has a connection. Change that one: what you enter takes the \
         place of what is in use only after a sign-in through it has worked."
    )]
    Exists(String),
    /// The connection has no draft to verify.
    #[error("There is nothing to verify: enter the identity provider's settings first.")]
    NothingToVerify,
    /// No sign-in through the connection has succeeded.
    #[error(
        "This connection is not verified, so it cannot be switched on. Sign in through it once: \
         verify it, and open the link that you get."
    )]
    NotVerified,
    /// A connection that is on cannot be deleted.
    #[error("Users of \"{0}\" sign in by this connection. Switch it off first.")]
    IsOn(String),
    /// A client secret cannot be stored, because the server has no key.
    #[error(
        "A client secret cannot be stored: the server has no key to encrypt it with. Let its \
         operator set INSOMNIA_SCIM_SECRET_KEY, or register a public client (PKCE without secret)."
    )]
    NoSecretKey,
    /// The client secret cannot be decrypted.
    #[error(
        "The client secret cannot be used: {0}. Let the server's operator restore \
         INSOMNIA_SCIM_SECRET_KEY, or enter the client secret again."
    )]
    SecretLost(#[from] WrongKey),
    /// The identity provider cannot be used, or its answer is not valid.
    #[error("{0}")]
    Provider(String),
    /// Single sign-on is off for the domain, or there is no such connection.
    #[error("Single sign-on is not on for \"{0}\".")]
    NotOn(String),
    /// The link does not exist, was replaced or has expired.
    #[error("This link to verify a connection is not valid any more. Ask for a new one.")]
    TrialUnknown,
    /// The sign-in was begun in another browser, has expired or is finished.
    #[error(
        "This sign-in was not begun in this browser, took longer than ten minutes, or has ended \
         already. Begin again."
    )]
    LoginUnknown,
    /// The connection was changed during the sign-in.
    #[error("The connection was changed during this sign-in. Begin again.")]
    Changed,
    /// The address is not in the connection's domain.
    #[error(
        "The identity provider signed in \"{email}\", and this connection is for addresses of \
         \"{domain}\" only."
    )]
    OtherDomain {
        /// The address that the identity provider signed in.
        email: String,
        /// The connection's domain.
        domain: String,
    },
    /// The identity provider began the sign-in, which the connection does not allow.
    #[error(
        "The identity provider began this sign-in by itself, which the connection for \"{0}\" does \
         not allow. Begin at Insomnia; or let an administrator of the account switch on \
         \"idp_initiated\" in the connection's SAML settings."
    )]
    IdpInitiated(String),
    /// The assertion was used before.
    #[error("This answer of the identity provider was used already. Begin again.")]
    Replayed,
    /// The address belongs to no member of the account.
    #[error(
        "\"{0}\" has no access to this Enterprise account. Ask its administrators for an invitation."
    )]
    NoAccess(String),
    /// The identity provider gives a known member another subject than before.
    #[error(
        "The identity provider signs in a different user with the address \"{0}\" than before. If \
         the user was created again there, an administrator can confirm it: POST \
         /api/v1/sso-connections/{{id}}/identities/{{member_id}}/confirm."
    )]
    OtherIdentity(String),
    /// Another person than that of the session proved who they are.
    #[error(
        "The identity provider signed in \"{0}\", who is not the person that is signed in here. Sign \
         out there, and begin again."
    )]
    OtherPerson(String),
}

impl Refusal for SsoError {
    fn class(&self) -> Class {
        match self {
            Self::DomainNotVerified(_)
            | Self::Exists(_)
            | Self::NothingToVerify
            | Self::NotVerified
            | Self::IsOn(_)
            | Self::NoSecretKey
            | Self::SecretLost(_)
            | Self::Provider(_)
            | Self::Changed => Class::Conflict,
            Self::NotOn(_) | Self::TrialUnknown => Class::NotFound,
            Self::LoginUnknown
            | Self::OtherDomain { .. }
            | Self::IdpInitiated(_)
            | Self::Replayed
            | Self::NoAccess(_)
            | Self::OtherIdentity(_)
            | Self::OtherPerson(_) => Class::Forbidden,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::DomainNotVerified(_) => "domain-not-verified",
            Self::Exists(_) => "sso-connection-exists",
            Self::NothingToVerify => "sso-nothing-to-verify",
            Self::NotVerified => "sso-not-verified",
            Self::IsOn(_) => "sso-is-on",
            Self::NoSecretKey => "no-secret-key",
            Self::SecretLost(_) => "secret-lost",
            Self::Provider(_) => "identity-provider",
            Self::NotOn(_) => "sso-not-on",
            Self::TrialUnknown => "sso-link-unknown",
            Self::LoginUnknown => "sso-login-unknown",
            Self::Changed => "sso-changed",
            Self::OtherDomain { .. } => "sso-other-domain",
            Self::IdpInitiated(_) => "sso-idp-initiated",
            Self::Replayed => "sso-replayed",
            Self::NoAccess(_) => "no-access",
            Self::OtherIdentity(_) => "sso-other-identity",
            Self::OtherPerson(_) => "sso-other-person",
        }
    }
}
