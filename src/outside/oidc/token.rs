//! ID tokens: what must hold before one is believed (OpenID Connect Core 1.0, section 3.1.3.7).

use chrono::{DateTime, Utc};
use openidconnect::core::{
    CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
    CoreTokenType, CoreUserInfoClaims,
};
use openidconnect::{
    AdditionalClaims, ClientId, EmptyExtraTokenFields, EndUserEmail, IdTokenClaims, IdTokenFields,
    IdTokenVerifier, Nonce, OAuth2TokenResponse, StandardTokenResponse, SubjectIdentifier,
};
use serde::{Deserialize, Serialize};

use super::Client;
use super::error::OidcError;
use super::provider::{Known, Machine};
use super::transport::Transport;
use crate::enterprise::Timestamp;

/// How far the provider's clock may be from ours, in milliseconds.
const LEEWAY: i64 = 60 * 1000;

/// Signatures that are believed: those that only the provider can make. `none` is no signature, and
/// HS256 would let whoever knows the client secret, or takes a public key for one, sign.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Claims that the library does not look at.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Extra {
    /// Seconds since 1970 (RFC 7519, section 4.1.5).
    nbf: Option<f64>,
}
impl AdditionalClaims for Extra {}

type IdToken = openidconnect::IdToken<
    Extra,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

/// The answer of a token endpoint.
pub(super) type TokenResponse = StandardTokenResponse<
    IdTokenFields<
        Extra,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

/// What is believed of a token.
#[derive(Clone, Debug)]
pub(super) struct Claims {
    pub subject: SubjectIdentifier,
    /// The address, if the token says it.
    pub email: Option<String>,
}

/// The ID token of an answer.
pub(super) fn of(answer: &TokenResponse) -> Result<&IdToken, OidcError> {
    answer.extra_fields().id_token().ok_or_else(|| OidcError::NoToken("there is none".to_owned()))
}

/// Validates a token and says whose it is.
pub(super) fn validate(
    token: &IdToken,
    client: &Client,
    known: &Known,
    nonce: &str,
    now: Timestamp,
) -> Result<Claims, OidcError> {
    // Never given the client secret, so no token signed with it can be valid.
    let verifier: IdTokenVerifier<'_, CoreJsonWebKey> = IdTokenVerifier::new_public_client(
        ClientId::new(client.client_id.clone()),
        known.metadata.issuer().clone(),
        known.metadata.jwks().clone(),
    )
    .set_allowed_algs(ALGORITHMS)
    .set_time_fn(move || date(now.0 - LEEWAY))
    .set_issue_time_verifier_fn(move |issued| {
        let ahead = issued.timestamp_millis() > now.0 + LEEWAY;
        if ahead { Err(format!("it is from {issued}, which is in the future")) } else { Ok(()) }
    });
    let claims = token
        .claims(&verifier, &Nonce::new(nonce.to_owned()))
        .map_err(|error| OidcError::of_claims(&error))?;
    check_rest(claims, client, now)
}

/// What the library leaves to its user.
fn check_rest(
    claims: &IdTokenClaims<Extra, CoreGenderClaim>,
    client: &Client,
    now: Timestamp,
) -> Result<Claims, OidcError> {
    let latest = (now.0 + LEEWAY) as f64 / 1000.0;
    if claims.additional_claims().nbf.is_some_and(|from| from > latest) {
        return Err(OidcError::Time("it is not valid yet (nbf)".to_owned()));
    }
    if claims.authorized_party().is_some_and(|party| **party != client.client_id) {
        return Err(OidcError::Claims("it is made for another client (azp)".to_owned()));
    }
    let email = match claims.email() {
        None => None,
        Some(email) => Some(vouched_for(email, claims.email_verified())?),
    };
    Ok(Claims { subject: claims.subject().clone(), email })
}

/// An address that the provider does not say it has not verified.
fn vouched_for(email: &EndUserEmail, verified: Option<bool>) -> Result<String, OidcError> {
    if verified == Some(false) {
        return Err(OidcError::EmailNotVerified);
    }
    Ok(email.to_string())
}

/// The address, which a provider may tell at its userinfo endpoint only (OpenID Connect Core 1.0,
/// section 5.4).
pub(super) fn ask_for_email(
    machine: Machine,
    known: &Known,
    answer: &TokenResponse,
    subject: SubjectIdentifier,
    transport: &Transport,
) -> Result<String, OidcError> {
    let url = known.metadata.userinfo_endpoint().ok_or(OidcError::NoEmail)?;
    let claims: CoreUserInfoClaims = machine
        .set_user_info_url(url.clone())
        .user_info(answer.access_token().clone(), Some(subject))
        .require_signed_response(false)
        .request(transport)
        .map_err(|error| OidcError::of_userinfo(&error))?;
    let email = claims.email().ok_or(OidcError::NoEmail)?;
    vouched_for(email, claims.email_verified())
}

fn date(milliseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(milliseconds).unwrap_or_default()
}
