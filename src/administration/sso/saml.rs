//! The SAML settings that administrators enter, and how they are stored.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::SsoError;
use crate::administration::AdministrationError;
use crate::enterprise::sso::{Binding, Settings};
use crate::outside::saml::{IdentityProvider, SamlError};
use crate::store::{Conn, sso_connections};

type Result<T> = std::result::Result<T, AdministrationError>;

/// The entered settings, and the parts that were ignored, with reasons.
pub type EnteredSettings = (Settings, Vec<String>);

/// Reads the metadata of an identity provider.
///
/// # Errors
/// Fails if the metadata is invalid or lacks something that is needed.
pub fn from_metadata(metadata: &str, idp_initiated: bool) -> Result<EnteredSettings> {
    match IdentityProvider::from_metadata(metadata) {
        Ok(provider) => Ok(entered(provider, idp_initiated)),
        Err(error) => Err(invalid("saml.metadata", &error)),
    }
}

/// Reads settings that were entered manually: issuer, sign-on URL, and certificates in any common
/// form.
///
/// # Errors
/// Fails if one of the values is invalid.
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

/// Returns the identity provider of a connection's settings. Stored values are validated like
/// entered ones, because older connections hold CA certificates of chains, which may not sign any
/// more.
///
/// # Errors
/// Fails if the settings are of another protocol, or do not meet today's requirements.
pub fn identity_provider(settings: &Settings) -> Result<IdentityProvider> {
    let Settings::Saml { entity_id, sign_on_url, certificates, binding, .. } = settings else {
        return Err(SsoError::Changed.into());
    };
    IdentityProvider::new(entity_id, sign_on_url, *binding, certificates)
        .map_err(|error| SsoError::Provider(error.to_string()).into())
}

/// Checks that a connection with this id exists, on or off: the identity provider is configured
/// with its id before it can be switched on.
///
/// # Errors
/// Fails if the connection does not exist.
pub fn known(conn: &mut Conn, id: &str) -> Result<()> {
    match sso_connections::by_public_id(conn, id)? {
        Some(_) => Ok(()),
        None => Err(AdministrationError::NotFound { kind: "The connection", id: id.to_owned() }),
    }
}
