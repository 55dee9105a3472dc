//! Provider metadata: discovery documents and keys, fetched on demand and cached.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClaimName, CoreClaimType, CoreClientAuthMethod,
    CoreErrorResponseType, CoreGenderClaim, CoreGrantType, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode,
    CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse, CoreSubjectIdentifierType,
    CoreTokenIntrospectionResponse,
};
use openidconnect::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use openidconnect::http::{Request, StatusCode};
use openidconnect::url::Url;
use openidconnect::{
    AccessToken, AdditionalProviderMetadata, AuthType, ClientId, ClientSecret,
    EmptyAdditionalClaims, EndpointNotSet, EndpointSet, IssuerUrl, ProviderMetadata, RedirectUrl,
    StandardErrorResponse, SyncHttpClient,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer::Answer;
use super::client::Client;
use super::error::OidcError;
use super::transport::{Transport, may_connect};
use super::{jws, rules, token};
use crate::enterprise::Timestamp;
use crate::outside::network::Networks;

/// Time for which fetched documents are cached, in milliseconds.
const KEPT: i64 = 60 * 60 * 1000;
/// Minimum time between two fetches that unknown keys cause. Otherwise anyone could use forged
/// tokens to make the server call the provider as often as they like.
const PAUSE: i64 = 30 * 1000;
/// Maximum number of cached providers; when it is exceeded, the cache is cleared.
const MOST: usize = 1000;
/// Maximum length of an issuer, in bytes.
const LONGEST_ISSUER: usize = 1000;

/// The library's client with the endpoints that the flow needs.
pub(super) type OidcClient = openidconnect::Client<
    EmptyAdditionalClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Answer,
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

/// Metadata beyond OpenID Connect Discovery 1.0.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Promises {
    /// Whether all responses identify their issuer (RFC 9207, section 3).
    authorization_response_iss_parameter_supported: Option<Value>,
}
impl AdditionalProviderMetadata for Promises {}

type Metadata = ProviderMetadata<
    Promises,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// The metadata of a provider as fetched.
#[derive(Debug)]
pub(super) struct FetchedProvider {
    /// The provider's endpoints and keys.
    pub metadata: Metadata,
    fetched_at: Timestamp,
}

impl FetchedProvider {
    /// Returns `true` if the provider declares that all its responses identify their issuer.
    pub fn promises_issuer(&self) -> bool {
        let promises = self.metadata.additional_metadata();
        let promise = promises.authorization_response_iss_parameter_supported.as_ref();
        promise.is_some_and(token::is_true)
    }
}

/// The cached providers, shared by all sign-ins.
pub struct Providers {
    pub(super) transport: Transport,
    known: Mutex<HashMap<String, Arc<FetchedProvider>>>,
}

impl Providers {
    /// Creates an empty cache. Providers may be at public addresses and in these networks.
    pub fn new(allowed: Networks) -> Self {
        Self { transport: Transport::new(allowed), known: Mutex::default() }
    }

    /// Fetches a provider's documents anew and checks that they can be used.
    ///
    /// # Errors
    /// Fails if they cannot be fetched or used.
    pub fn check(&self, issuer: &str, now: Timestamp) -> Result<(), OidcError> {
        self.fetch(issuer, now).map(drop)
    }

    /// Returns the provider, fetched within the last hour.
    pub(super) fn known(
        &self,
        issuer: &str,
        now: Timestamp,
    ) -> Result<Arc<FetchedProvider>, OidcError> {
        match self.remembered(issuer) {
            Some(known) if now.0.abs_diff(known.fetched_at.0) < KEPT.unsigned_abs() => Ok(known),
            _ => self.fetch(issuer, now),
        }
    }

    /// Fetches the provider again, or returns `None` if it was fetched a moment ago.
    pub(super) fn fetched_again(
        &self,
        issuer: &str,
        now: Timestamp,
    ) -> Result<Option<Arc<FetchedProvider>>, OidcError> {
        match self.remembered(issuer) {
            Some(known) if now.0.abs_diff(known.fetched_at.0) < PAUSE.unsigned_abs() => Ok(None),
            _ => self.fetch(issuer, now).map(Some),
        }
    }

    fn remembered(&self, issuer: &str) -> Option<Arc<FetchedProvider>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(issuer).cloned()
    }

    /// Calls the userinfo endpoint. Returns the claims as JSON or as a signed token.
    pub(super) fn userinfo(
        &self,
        known: &FetchedProvider,
        token: &AccessToken,
    ) -> Result<Vec<u8>, OidcError> {
        let url = known.metadata.userinfo_endpoint().ok_or(OidcError::NoEmail)?;
        let request = Request::get(url.as_str())
            .header(AUTHORIZATION, format!("Bearer {}", token.secret()))
            .header(ACCEPT, "application/json")
            .body(Vec::new())
            .map_err(|_| OidcError::NoEmail)?;
        let answer = self.transport.call(request)?;
        if answer.status() != StatusCode::OK {
            return Err(OidcError::NoEmail);
        }
        let media_type = answer.headers().get(CONTENT_TYPE).map_or(&b""[..], |it| it.as_bytes());
        let is_signed = media_type.to_ascii_lowercase().starts_with(b"application/jwt");
        let body = answer.into_body();
        if is_signed {
            let token = std::str::from_utf8(&body).map_err(|_| OidcError::NoEmail)?;
            return jws::payload(token.trim(), known.metadata.jwks());
        }
        Ok(body)
    }

    fn fetch(&self, issuer: &str, now: Timestamp) -> Result<Arc<FetchedProvider>, OidcError> {
        check_issuer(issuer)?;
        let url = IssuerUrl::new(issuer.to_owned()).map_err(|_| OidcError::Issuer)?;
        let metadata = Metadata::discover(&url, &self.transport)
            .map_err(|error| OidcError::of_discovery(issuer, &error))?;
        // Browsers are sent there, so it is checked like an address that the server connects to.
        self.transport.check(metadata.authorization_endpoint().as_str())?;
        let known = Arc::new(FetchedProvider { metadata, fetched_at: now });
        let mut all = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(issuer.to_owned(), Arc::clone(&known));
        Ok(known)
    }
}

/// Checks that the issuer is valid (OpenID Connect Discovery 1.0, section 4.3) and belongs to a
/// single organization.
///
/// # Errors
/// Returns [`OidcError::Issuer`] if it is invalid, and [`OidcError::ManyTenants`] if it is one of
/// Entra for users of any tenant.
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
    if !sound {
        return Err(OidcError::Issuer);
    }
    rules::check_issuer(issuer)
}

/// Builds the library's client for this provider.
pub(super) fn machine(client: &Client, known: &FetchedProvider) -> Result<OidcClient, OidcError> {
    let metadata = &known.metadata;
    let token =
        metadata.token_endpoint().ok_or(OidcError::Discovery("it has no token endpoint"))?;
    let redirect = RedirectUrl::new(client.redirect_uri.clone())
        .map_err(|_| OidcError::Discovery("the redirect URL is not one"))?;
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

/// Providers that list no method use `client_secret_basic` (OpenID Connect Discovery 1.0, section
/// 3).
fn way_to_authenticate(metadata: &Metadata) -> AuthType {
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
