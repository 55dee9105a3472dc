//! Refusals of single sign-on.

use crate::administration::{Class, Refusal};
use crate::enterprise::secret::WrongKey;

/// Why a connection is not changed, or a sign-in not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SsoError {
    /// Single sign-on is for domains that the account has verified.
    #[error("The domain \"{0}\" is not verified in this account. Verify it first.")]
    DomainNotVerified(String),
    /// The domain has a connection.
    #[error(
        "The domain \"{0}\" already has a connection. Change that one: what you enter takes the \
         place of what is in use only after a sign-in through it has worked."
    )]
    Exists(String),
    /// There is nothing to verify.
    #[error("There is nothing to verify: enter the identity provider's settings first.")]
    NothingToVerify,
    /// Nobody has signed in through it.
    #[error(
        "This connection is not verified, so it cannot be switched on. Sign in through it once: \
         verify it, and open the link that you get."
    )]
    NotVerified,
    /// What is in use is not deleted.
    #[error("Users of \"{0}\" sign in by this connection. Switch it off first.")]
    IsOn(String),
    /// A secret cannot be stored.
    #[error(
        "A client secret cannot be stored: the server has no key to encrypt it with. Let its \
         operator set INSOMNIA_SCIM_SECRET_KEY, or register a public client (PKCE without secret)."
    )]
    NoSecretKey,
    /// A secret cannot be read.
    #[error(
        "The client secret cannot be used: {0}. Let the server's operator restore \
         INSOMNIA_SCIM_SECRET_KEY, or enter the client secret again."
    )]
    SecretLost(#[from] WrongKey),
    /// The identity provider cannot be used, or what it says is not to be believed.
    #[error("{0}")]
    Provider(String),
    /// Users of the domain do not sign in like that.
    #[error("Single sign-on is not on for \"{0}\".")]
    NotOn(String),
    /// The link is none, or was replaced, or is too old.
    #[error("This link to verify a connection is not valid any more. Ask for a new one.")]
    TrialUnknown,
    /// It is not this browser's sign-in, or not any more.
    #[error(
        "This sign-in was not begun in this browser, took longer than ten minutes, or has ended \
         already. Begin again."
    )]
    LoginUnknown,
    /// The connection was changed meanwhile.
    #[error("The connection was changed during this sign-in. Begin again.")]
    Changed,
    /// The identity provider speaks for its own domain only.
    #[error(
        "The identity provider signed in \"{email}\", and this connection is for addresses of \
         \"{domain}\" only."
    )]
    OtherDomain {
        /// The address.
        email: String,
        /// The connection's domain.
        domain: String,
    },
    /// The identity provider began, and is not allowed to.
    #[error(
        "The identity provider began this sign-in by itself, which the connection for \"{0}\" does \
         not allow. Begin at Insomnia; or let an administrator of the account switch on \
         \"idp_initiated\" in the connection's SAML settings."
    )]
    IdpInitiated(String),
    /// The same assertion again.
    #[error("This answer of the identity provider was used already. Begin again.")]
    Replayed,
    /// Nobody of this account.
    #[error(
        "\"{0}\" has no access to this Enterprise account. Ask its administrators for an invitation."
    )]
    NoAccess(String),
    /// The identity provider calls a known member by another name than before.
    #[error(
        "The identity provider signs in another user with the address \"{0}\" than before. If the \
         user was made anew there, an administrator confirms it: POST \
         /api/v1/sso-connections/{{id}}/identities/{{member_id}}/confirm."
    )]
    OtherIdentity(String),
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
            | Self::OtherIdentity(_) => Class::Forbidden,
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
        }
    }
}
