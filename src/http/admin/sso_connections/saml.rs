//! A SAML identity provider as it is entered and shown.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::administration::sso::connections::{SecretWish, Wish};
use crate::administration::sso::saml;
use crate::enterprise::Timestamp;
use crate::enterprise::sso::CertificateWarning;
use crate::http::admin::problem::Problem;
use crate::outside::saml::Certificate;

/// Settings of SAML as entered: the provider's metadata, or what is in it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SamlEntry {
    /// The provider's metadata (XML), instead of everything else.
    metadata: Option<String>,
    /// What it calls itself (issuer).
    entity_id: Option<String>,
    /// Where it takes requests, by HTTP-Redirect.
    sign_on_url: Option<String>,
    /// What it signs with: X.509, each as PEM or base64. While it changes its certificate, both.
    #[serde(default)]
    certificates: Vec<String>,
}

impl SamlEntry {
    /// The settings.
    ///
    /// # Errors
    /// Where they cannot be, or are given twice.
    pub fn wish(self) -> Result<Wish, Problem> {
        let by_hand = (self.entity_id, self.sign_on_url, self.certificates.is_empty());
        let settings = match (self.metadata, by_hand) {
            (Some(metadata), (None, None, true)) => saml::from_metadata(&metadata)?,
            (None, (Some(entity_id), Some(sign_on_url), false)) => {
                saml::by_hand(&entity_id, &sign_on_url, &self.certificates)?
            }
            _ => {
                return Err(Problem::bad_request(
                    "The body: saml needs either metadata, or entity_id, sign_on_url and \
                     certificates.",
                ));
            }
        };
        Ok(Wish { settings, secret: SecretWish::None })
    }
}

/// Settings of SAML as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ShownSaml {
    entity_id: String,
    sign_on_url: String,
    certificates: Vec<ShownCertificate>,
}

/// A signing certificate. When it has ended it still verifies: it says when to ask for the next.
#[derive(Debug, JsonSchema, Serialize)]
struct ShownCertificate {
    subject: Option<String>,
    not_before: Option<String>,
    expires_at: Option<String>,
    /// From 30 days before its end.
    warning: Option<CertificateWarning>,
    fingerprint_sha256: Option<String>,
    /// X.509, DER in base64.
    certificate: String,
}

impl ShownSaml {
    /// As stored: certificates as DER in base64.
    pub fn of(
        entity_id: String,
        sign_on_url: String,
        certificates: Vec<String>,
        now: Timestamp,
    ) -> Self {
        let shown = |certificate| ShownCertificate::of(certificate, now);
        let certificates = certificates.into_iter().map(shown).collect();
        Self { entity_id, sign_on_url, certificates }
    }
}

impl ShownCertificate {
    fn of(certificate: String, now: Timestamp) -> Self {
        // One that is not accepted any more is shown all the same.
        let read = Certificate::read(&certificate).ok();
        let read = read.as_ref();
        Self {
            subject: read.map(|one| one.subject().to_owned()),
            not_before: read.map(|one| one.not_before().to_rfc3339()),
            expires_at: read.map(|one| one.not_after().to_rfc3339()),
            warning: read.and_then(|one| CertificateWarning::of(one.not_after(), now)),
            fingerprint_sha256: read.map(Certificate::fingerprint),
            certificate,
        }
    }
}
