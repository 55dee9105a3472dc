//! A connection in requests.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

pub use super::saml::EnteredSaml;
use crate::administration::sso::connections::{SecretWish, Wish};
use crate::enterprise::sso::Settings;
use crate::http::base::problem::Problem;

/// Settings of a connection; exactly one of `oidc` and `saml` has to be given.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnteredSettings {
    /// The settings of an OpenID Connect provider.
    pub oidc: Option<EnteredOidc>,
    /// The settings of a SAML provider.
    pub saml: Option<EnteredSaml>,
}

/// Settings of OpenID Connect.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnteredOidc {
    /// The provider's issuer URL, exactly as its discovery document gives it.
    issuer: String,
    /// The client id that the provider gave to Insomnia, at most 255 bytes.
    client_id: String,
    /// The client secret, at most 1000 bytes; null for a public client. If left out, the former one
    /// stays, as long as issuer and client id are the same.
    #[serde(default, deserialize_with = "given")]
    #[schemars(with = "Option<String>")]
    client_secret: Option<Secret>,
}

/// A client secret, or `None` for a public client. `Debug` does not print it.
#[derive(Clone)]
struct Secret(Option<String>);

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

/// Deserializes null as `Some`, to tell it from a missing field.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    Ok(Some(Secret(Option::deserialize(deserializer)?)))
}

impl EnteredSettings {
    /// Converts the request into the settings of the one given protocol, and notes about what was
    /// left out; `None` if no protocol is given.
    ///
    /// # Errors
    /// Fails if both protocols are given, or the settings are invalid.
    pub fn read(self) -> Result<Option<(Wish, Vec<String>)>, Problem> {
        match (self.oidc, self.saml) {
            (None, None) => Ok(None),
            (Some(oidc), None) => Ok(Some((oidc.wish(), Vec::new()))),
            (None, Some(saml)) => saml.wish().map(Some),
            (Some(_), Some(_)) => {
                Err(Problem::bad_request("The body: either oidc or saml can be given."))
            }
        }
    }
}

impl EnteredOidc {
    fn wish(self) -> Wish {
        let secret = match self.client_secret {
            None => SecretWish::Keep,
            Some(Secret(None)) => SecretWish::None,
            Some(Secret(Some(secret))) => SecretWish::New(secret),
        };
        let settings = Settings::Oidc { issuer: self.issuer, client_id: self.client_id };
        Wish { settings, secret }
    }
}
