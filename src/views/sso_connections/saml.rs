//! The settings of a SAML identity provider.

use schemars::JsonSchema;
use serde::Serialize;

use crate::enterprise::Timestamp;
use crate::enterprise::sso::{Binding, CertificateWarning};
use crate::outside::saml::Certificate;

/// Settings of SAML.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ShownSaml {
    /// The provider's entity id (issuer).
    pub entity_id: String,
    /// The provider's sign-on URL, to which users are sent.
    pub sign_on_url: String,
    /// How the sign-on URL takes requests.
    pub sign_on_binding: Binding,
    /// The certificates that the provider's answers may be signed with.
    pub certificates: Vec<ShownCertificate>,
    /// Whether the provider may begin a sign-in, as from its own start page.
    pub idp_initiated: bool,
}

/// A signing certificate; its signatures are accepted even after it has expired.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ShownCertificate {
    /// Whom the certificate is made out to; null if it cannot be read.
    pub subject: Option<String>,
    /// From when the certificate is valid; null if it cannot be read.
    pub not_before: Option<Timestamp>,
    /// When the certificate expires; null if it cannot be read.
    pub expires_at: Option<Timestamp>,
    /// Whether the certificate expires within 30 days, or has expired; null if neither.
    pub warning: Option<CertificateWarning>,
    /// The SHA-256 of the certificate, in hexadecimal pairs with colons; null if it cannot be read.
    pub fingerprint_sha256: Option<String>,
    /// The X.509 certificate, DER in base64.
    pub certificate: String,
}

impl ShownCertificate {
    /// Makes the answer for a stored certificate, DER in base64.
    pub fn of(certificate: String, now: Timestamp) -> Self {
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
