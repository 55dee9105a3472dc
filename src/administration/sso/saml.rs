//! What administrators enter of a SAML identity provider, and what is stored of it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::SsoError;
use crate::administration::AdministrationError;
use crate::enterprise::sso::{Binding, Settings};
use crate::outside::saml::{IdentityProvider, SamlError};
use crate::store::{Conn, sso_connections};

type Result<T> = std::result::Result<T, AdministrationError>;

/// What was entered, and what of it was left out and why.
pub type EnteredSettings = (Settings, Vec<String>);

/// Reads the metadata that an identity provider publishes.
///
/// # Errors
/// What is missing in it.
pub fn from_metadata(metadata: &str, idp_initiated: bool) -> Result<EnteredSettings> {
    match IdentityProvider::from_metadata(metadata) {
        Ok(provider) => Ok(entered(provider, idp_initiated)),
        Err(error) => Err(invalid("saml.metadata", &error)),
    }
}

/// Takes what is entered by hand: issuer, sign-on URL, and certificates in whatever form.
///
/// # Errors
/// What cannot be.
pub fn by_hand(
    entity_id: &str,
    sign_on_url: &str,
    binding: Binding,
    certificates: &[String],
    idp_initiated: bool,
) -> Result<EnteredSettings> {
    IdentityProvider::new(entity_id, sign_on_url, binding, certificates)
        .map(|provider| entered(provider, idp_initiated))
        .map_err(|error| match error {
            SamlError::SignOnUrl => invalid("saml.sign_on_url", &error),
            SamlError::Certificate(_) => invalid("saml.certificates", &error),
            other => invalid("saml", &other),
        })
}

fn entered(provider: IdentityProvider, idp_initiated: bool) -> EnteredSettings {
    let settings = Settings::Saml {
        entity_id: provider.entity_id,
        sign_on_url: provider.sign_on_url,
        certificates: provider.certificates.iter().map(|one| STANDARD.encode(one.der())).collect(),
        binding: provider.binding,
        idp_initiated,
    };
    (settings, provider.left_out)
}

fn invalid(field: &'static str, error: &SamlError) -> AdministrationError {
    let text = error.to_string();
    AdministrationError::InvalidValue { field, reason: text.trim_end_matches('.').to_owned() }
}

/// The identity provider that a connection's settings are about. What is stored is read as what is
/// entered: connections from before hold authorities of chains, which do not sign any more.
///
/// # Errors
/// Where they are of another protocol, or are not what is asked of them today.
pub fn identity_provider(settings: &Settings) -> Result<IdentityProvider> {
    let Settings::Saml { entity_id, sign_on_url, certificates, binding, .. } = settings else {
        return Err(SsoError::Changed.into());
    };
    IdentityProvider::new(entity_id, sign_on_url, *binding, certificates)
        .map_err(|error| SsoError::Provider(error.to_string()).into())
}

/// Whether there is a connection with this id, on or not: the identity provider is told of it
/// before it can be.
///
/// # Errors
/// Where there is none.
pub fn known(conn: &mut Conn, id: &str) -> Result<()> {
    match sso_connections::by_public_id(conn, id)? {
        Some(_) => Ok(()),
        None => Err(AdministrationError::NotFound { kind: "The connection", id: id.to_owned() }),
    }
}
