//! The URLs of this server that an identity provider has to be told.

use crate::store::sso_connections::ConnectionRow;

/// The URLs of the server that an identity provider needs for one connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Urls {
    /// SAML: the URL that the identity provider posts its answers to (ACS).
    pub acs: String,
    /// SAML: the server's entity id.
    pub audience: String,
    /// SAML: the URL of the metadata, which has both.
    pub metadata: String,
}

/// Returns the URLs for the connection with this id.
pub fn urls(public_url: &str, connection: &str) -> Urls {
    let saml = format!("{public_url}/sso/saml/{connection}");
    Urls {
        acs: format!("{saml}/acs"),
        audience: format!("{saml}/metadata"),
        metadata: format!("{saml}/metadata"),
    }
}

/// Returns the redirect URL of a connection for OpenID Connect. Each connection has a path of its
/// own, so that one provider's answer cannot be taken for another's; connections from before that
/// keep the URL that is registered at their provider.
pub fn redirect_url(public_url: &str, connection: &ConnectionRow) -> String {
    if connection.own_callback {
        format!("{public_url}/sso/oidc/{}/callback", connection.id)
    } else {
        format!("{public_url}/sso/oidc/callback")
    }
}
