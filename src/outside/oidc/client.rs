//! The registration of the server at a provider.

/// The registration of the server at a provider.
#[derive(Clone)]
pub struct Client {
    /// The provider's issuer, exactly as it appears in the discovery document.
    pub issuer: String,
    /// The domain whose users sign in through the provider.
    pub domain: String,
    /// The id under which the server is registered.
    pub client_id: String,
    /// The client secret; `None` if the provider accepts PKCE alone.
    pub client_secret: Option<String>,
    /// The URI to which the provider sends the browser back.
    pub redirect_uri: String,
}
