//! A SAML identity provider as it is entered and shown.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::administration::sso::connections::{SecretWish, Wish};
use crate::administration::sso::saml;
use crate::enterprise::Timestamp;
use crate::enterprise::sso::{Binding, CertificateWarning};
use crate::http::base::problem::Problem;
use crate::outside::saml::Certificate;

/// Settings of SAML as entered: the provider's metadata, or what is in it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnteredSaml {
    /// The provider's metadata (XML), instead of everything else.
    metadata: Option<String>,
    /// What it calls itself (issuer).
    entity_id: Option<String>,
    /// Where it takes requests.
    sign_on_url: Option<String>,
    /// How it takes them there: `redirect` if not given.
    sign_on_binding: Option<Binding>,
    /// What it signs with: X.509, as files hold it (PEM, base64, with what stands around it). While
    /// it changes its certificate, both. Certificates of authorities that come along are left out.
    #[serde(default)]
    certificates: Vec<String>,
    /// Whether the provider may begin a sign-in by itself, as from its own start page. Off if not
    /// given: such a sign-in is bound to no browser.
    #[serde(default)]
    idp_initiated: bool,
}

impl EnteredSaml {
    /// The settings, and what was left out of what was entered.
    ///
    /// # Errors
    /// Where they cannot be, or are given twice.
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

/// Settings of SAML as shown.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ShownSaml {
    pub(super) entity_id: String,
    pub(super) sign_on_url: String,
    /// How the provider takes requests there.
    pub(super) sign_on_binding: Binding,
    pub(super) certificates: Vec<ShownCertificate>,
    /// Whether the provider may begin a sign-in by itself.
    pub(super) idp_initiated: bool,
}

/// A signing certificate. When it has ended it still verifies: it says when to ask for the next.
#[derive(Debug, JsonSchema, Serialize)]
pub(super) struct ShownCertificate {
    subject: Option<String>,
    not_before: Option<Timestamp>,
    expires_at: Option<Timestamp>,
    /// From 30 days before its end.
    warning: Option<CertificateWarning>,
    fingerprint_sha256: Option<String>,
    /// X.509, DER in base64.
    certificate: String,
}

impl ShownCertificate {
    /// As stored: DER in base64.
    pub(super) fn of(certificate: String, now: Timestamp) -> Self {
        // One that is not accepted any more is shown all the same.
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
