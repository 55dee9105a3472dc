//! What is known of providers: discovery documents and keys, fetched when needed and kept a while.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreProviderMetadata, CoreRevocableToken,
    CoreRevocationErrorResponse, CoreTokenIntrospectionResponse,
};
use openidconnect::url::Url;
use openidconnect::{
    AuthType, ClientId, ClientSecret, EndpointNotSet, EndpointSet, IssuerUrl, RedirectUrl,
    StandardErrorResponse,
};

use super::Client;
use super::error::OidcError;
use super::token::{Extra, TokenResponse};
use super::transport::{Transport, may_connect};
use crate::enterprise::Timestamp;

/// How long what was fetched is good, in milliseconds.
const KEPT: i64 = 60 * 60 * 1000;
/// How long after one fetch an unknown key may cause the next: forged tokens must not make the
/// server call its provider as often as somebody likes.
const PAUSE: i64 = 30 * 1000;
/// How many providers are remembered; beyond it all are forgotten.
const MOST: usize = 1000;
/// Longest issuer, in bytes.
const LONGEST_ISSUER: usize = 1000;

/// The client with the endpoints that the flow needs.
pub(super) type Machine = openidconnect::Client<
    Extra,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    TokenResponse,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
    EndpointNotSet,
>;

/// A provider as fetched.
#[derive(Debug)]
pub(super) struct Known {
    /// Endpoints and keys.
    pub metadata: CoreProviderMetadata,
    fetched_at: Timestamp,
}

/// The providers that the server has met. Shared by all who sign in.
pub struct Providers {
    pub(super) transport: Transport,
    known: Mutex<HashMap<String, Arc<Known>>>,
}

impl Default for Providers {
    fn default() -> Self {
        Self::new()
    }
}

impl Providers {
    /// None met yet.
    pub fn new() -> Self {
        Self { transport: Transport::new(), known: Mutex::default() }
    }

    /// Fetches a provider's documents anew, to see whether it can be used.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn check(&self, issuer: &str, now: Timestamp) -> Result<(), OidcError> {
        self.fetch(issuer, now).map(drop)
    }

    /// The provider, as it was within the last hour.
    pub(super) fn known(&self, issuer: &str, now: Timestamp) -> Result<Arc<Known>, OidcError> {
        match self.remembered(issuer) {
            Some(known) if now.0.abs_diff(known.fetched_at.0) < KEPT.unsigned_abs() => Ok(known),
            _ => self.fetch(issuer, now),
        }
    }

    /// The provider fetched once more, unless that was done just now.
    pub(super) fn fetched_again(
        &self,
        issuer: &str,
        now: Timestamp,
    ) -> Result<Option<Arc<Known>>, OidcError> {
        match self.remembered(issuer) {
            Some(known) if now.0.abs_diff(known.fetched_at.0) < PAUSE.unsigned_abs() => Ok(None),
            _ => self.fetch(issuer, now).map(Some),
        }
    }

    fn remembered(&self, issuer: &str) -> Option<Arc<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(issuer).cloned()
    }

    fn fetch(&self, issuer: &str, now: Timestamp) -> Result<Arc<Known>, OidcError> {
        check_issuer(issuer)?;
        let url = IssuerUrl::new(issuer.to_owned()).map_err(|_| OidcError::Issuer)?;
        let metadata = CoreProviderMetadata::discover(&url, &self.transport)
            .map_err(|error| OidcError::of_discovery(&error))?;
        if !may_connect(metadata.authorization_endpoint().as_str()) {
            return Err(OidcError::Discovery("its sign-in page is not an https:// URL".to_owned()));
        }
        let known = Arc::new(Known { metadata, fetched_at: now });
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(issuer.to_owned(), Arc::clone(&known));
        Ok(known)
    }
}

/// Whether this can be an issuer (OpenID Connect Discovery 1.0, section 4.3).
///
/// # Errors
/// [`OidcError::Issuer`].
pub fn check_issuer(issuer: &str) -> Result<(), OidcError> {
    let plain = |url: Url| {
        url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    };
    let sound = issuer.len() <= LONGEST_ISSUER
        && !issuer.chars().any(|character| character.is_whitespace() || character.is_control())
        && may_connect(issuer)
        && Url::parse(issuer).is_ok_and(plain);
    sound.then_some(()).ok_or(OidcError::Issuer)
}

/// The library's client for this provider.
pub(super) fn machine(client: &Client, known: &Known) -> Result<Machine, OidcError> {
    let metadata = &known.metadata;
    let token = metadata
        .token_endpoint()
        .ok_or_else(|| OidcError::Discovery("it has no token endpoint".to_owned()))?;
    let redirect = RedirectUrl::new(client.redirect_uri.clone())
        .map_err(|error| OidcError::Discovery(error.to_string()))?;
    let mut machine = openidconnect::Client::new(
        ClientId::new(client.client_id.clone()),
        metadata.issuer().clone(),
        metadata.jwks().clone(),
    )
    .set_auth_uri(metadata.authorization_endpoint().clone())
    .set_token_uri(token.clone())
    .set_redirect_uri(redirect)
    .set_auth_type(way_to_authenticate(metadata));
    if let Some(secret) = &client.client_secret {
        machine = machine.set_client_secret(ClientSecret::new(secret.clone()));
    }
    Ok(machine)
}

/// `client_secret_basic` is what a provider takes that does not say (OpenID Connect Discovery 1.0,
/// section 3).
fn way_to_authenticate(metadata: &CoreProviderMetadata) -> AuthType {
    let takes = |method| {
        metadata
            .token_endpoint_auth_methods_supported()
            .is_some_and(|methods| methods.contains(&method))
    };
    let basic = takes(CoreClientAuthMethod::ClientSecretBasic);
    let post = takes(CoreClientAuthMethod::ClientSecretPost);
    if post && !basic { AuthType::RequestBody } else { AuthType::BasicAuth }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_a_plain_https_url() {
        for issuer in
            ["https://idp.example", "https://idp.example/tenant/v2.0", "http://127.0.0.1:1"]
        {
            assert_eq!(check_issuer(issuer), Ok(()), "{issuer}");
        }
        let long = format!("https://idp.example/{}", "x".repeat(LONGEST_ISSUER));
        for issuer in [
            "http://idp.example",
            "https://idp.example?x=1",
            "https://idp.example#x",
            "https://user:word@idp.example",
            " https://idp.example",
            "https://idp.example/\u{0}",
            "idp.example",
            "",
            &long,
        ] {
            assert_eq!(check_issuer(issuer), Err(OidcError::Issuer), "{issuer}");
        }
    }
}
