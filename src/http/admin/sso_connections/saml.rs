//! The settings of a SAML identity provider in requests.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::administration::sso::connections::{SecretWish, Wish};
use crate::administration::sso::saml;
use crate::enterprise::sso::Binding;
use crate::http::base::problem::Problem;

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
