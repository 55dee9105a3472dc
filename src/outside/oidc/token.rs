//! ID tokens: what must hold before one is believed (OpenID Connect Core 1.0, section 3.1.3.7).

use chrono::{DateTime, Utc};
use openidconnect::core::{
    CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
    CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, ClientId, EmptyExtraTokenFields, IdTokenClaims, IdTokenFields,
    IdTokenVerifier, Nonce, StandardTokenResponse,
};
use serde::{Deserialize, Serialize};

use super::error::OidcError;
use super::provider::Known;
use super::{Client, Identity};
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
) -> Result<Identity, OidcError> {
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
) -> Result<Identity, OidcError> {
    let latest = (now.0 + LEEWAY) as f64 / 1000.0;
    if claims.additional_claims().nbf.is_some_and(|from| from > latest) {
        return Err(OidcError::Time("it is not valid yet (nbf)".to_owned()));
    }
    if claims.authorized_party().is_some_and(|party| **party != client.client_id) {
        return Err(OidcError::Claims("it is made for another client (azp)".to_owned()));
    }
    if claims.email_verified() == Some(false) {
        return Err(OidcError::EmailNotVerified);
    }
    let email = claims.email().ok_or(OidcError::NoEmail)?;
    Ok(Identity { email: email.to_string(), subject: claims.subject().to_string() })
}

fn date(milliseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(milliseconds).unwrap_or_default()
}
