//! What the server is to a provider.

/// What the server is to a provider.
#[derive(Clone)]
pub struct Client {
    /// The provider's issuer, exactly as it calls itself.
    pub issuer: String,
    /// The domain whose users the provider signs in here.
    pub domain: String,
    /// What the provider calls the server.
    pub client_id: String,
    /// How the server proves it; none where PKCE alone has to do.
    pub client_secret: Option<String>,
    /// Where the provider sends the browser back to.
    pub redirect_uri: String,
}
