//! The settings of a SAML identity provider in requests and answers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::administration::sso::connections::{SecretWish, Wish};
use crate::administration::sso::saml;
use crate::enterprise::Timestamp;
use crate::enterprise::sso::{Binding, CertificateWarning};
use crate::http::base::problem::Problem;
use crate::outside::saml::Certificate;

/// Settings of SAML: either the provider's metadata, or the values that are in it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnteredSaml {
    /// The provider's metadata (XML); replaces every other field but `idp_initiated`.
    metadata: Option<String>,
    /// The provider's entity id (issuer); needed without `metadata`.
    entity_id: Option<String>,
    /// The provider's sign-on URL, to which users are sent; needed without `metadata`.
    sign_on_url: Option<String>,
    /// How the sign-on URL takes requests; `redirect` if left out.
    sign_on_binding: Option<Binding>,
    /// The provider's signing certificates, X.509 in PEM or base64: both while it changes them.
    /// Needed without `metadata`; certificates of authorities are left out.
    #[serde(default)]
    certificates: Vec<String>,
    /// Whether the provider may begin a sign-in, as from its own start page; false if left out.
    /// Such a sign-in is bound to no browser.
    #[serde(default)]
    idp_initiated: bool,
}

impl EnteredSaml {
    /// Converts the request into settings, and notes about what was left out.
    ///
    /// # Errors
    /// Fails if the settings are invalid, or given both as metadata and as single values.
    pub fn wish(self) -> Result<(Wish, Vec<String>), Problem> {
        let (binding, begins) = (self.sign_on_binding, self.idp_initiated);
        let by_hand = (self.entity_id, self.sign_on_url, self.certificates.is_empty());
        let (settings, left_out) = match (self.metadata, by_hand) {
            (Some(metadata), (None, None, true)) if binding.is_none() => {
                saml::from_metadata(&metadata, begins)?
            }
            (None, (Some(entity_id), Some(sign_on_url), false)) => {
                let binding = binding.unwrap_or_default();
                saml::by_hand(&entity_id, &sign_on_url, binding, &self.certificates, begins)?
            }
            _ => {
                return Err(Problem::bad_request(
                    "The body: saml needs either metadata, or entity_id, sign_on_url and \
                     certificates.",
                ));
            }
        };
        Ok((Wish { settings, secret: SecretWish::None }, left_out))
    }
}

/// Settings of SAML.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ShownSaml {
    /// The provider's entity id (issuer).
    pub(super) entity_id: String,
    /// The provider's sign-on URL, to which users are sent.
    pub(super) sign_on_url: String,
    /// How the sign-on URL takes requests.
    pub(super) sign_on_binding: Binding,
    /// The certificates that the provider's answers may be signed with.
    pub(super) certificates: Vec<ShownCertificate>,
    /// Whether the provider may begin a sign-in, as from its own start page.
    pub(super) idp_initiated: bool,
}

/// A signing certificate; its signatures are accepted even after it has expired.
#[derive(Debug, JsonSchema, Serialize)]
pub(super) struct ShownCertificate {
    /// Whom the certificate is made out to; null if it cannot be read.
    subject: Option<String>,
    /// From when the certificate is valid; null if it cannot be read.
    not_before: Option<Timestamp>,
    /// When the certificate expires; null if it cannot be read.
    expires_at: Option<Timestamp>,
    /// Whether the certificate expires within 30 days, or has expired; null if neither.
    warning: Option<CertificateWarning>,
    /// The SHA-256 of the certificate, in hexadecimal pairs with colons; null if it cannot be read.
    fingerprint_sha256: Option<String>,
    /// The X.509 certificate, DER in base64.
    certificate: String,
}

impl ShownCertificate {
    /// Makes the answer for a stored certificate, DER in base64.
    pub(super) fn of(certificate: String, now: Timestamp) -> Self {
        // A certificate that this version no longer accepts is still shown.
        let read = Certificate::read(&certificate).ok();
        let read = read.as_ref();
        Self {
            subject: read.map(|one| one.subject().to_owned()),
            not_before: read.map(Certificate::not_before),
            expires_at: read.map(Certificate::not_after),
            warning: read.and_then(|one| CertificateWarning::of(one.not_after(), now)),
            fingerprint_sha256: read.map(Certificate::fingerprint),
            certificate,
        }
    }
}
