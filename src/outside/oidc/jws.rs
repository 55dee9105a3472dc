//! Signed tokens (RFC 7515, compact serialization): which signatures are trusted.
//!
//! `openidconnect` would verify the signature and parse the claims in one step, and it parses all
//! claims that OpenID Connect defines: a provider that sends `updated_at` as a text could then sign
//! nobody in. Therefore the library only verifies the signature, with the key that is chosen here,
//! and [`super::token`] parses the claims that we use.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreJsonWebKey, CoreJsonWebKeySet, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKey, JsonWebKeyAlgorithm, JsonWebKeyUse, JwsSigningAlgorithm};
use serde::Deserialize;
use serde_json::Value;

use super::error::{OidcError, shortened};

/// The accepted algorithms: those with which only the provider can sign. `none` is not a signature.
/// HS256 is excluded because anyone who knows the client secret could sign with it, and because a
/// public key could be mistaken for the secret.
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

/// The header of a token. It is not trusted; it only selects one of the provider's keys.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    cty: Option<Value>,
    crit: Option<Value>,
}

/// Returns the payload of a token if one of these keys has signed it.
///
/// # Errors
/// Returns [`OidcError::NoToken`] if it is not a signed token, and [`OidcError::Signature`] if the
/// signature is not accepted.
pub(super) fn payload(token: &str, keys: &CoreJsonWebKeySet) -> Result<Vec<u8>, OidcError> {
    let unreadable = |reason: &str| OidcError::NoToken(reason.to_owned());
    let parts: Vec<&str> = token.split('.').collect();
    let [header, payload, signature] = *parts.as_slice() else {
        return Err(unreadable(if parts.len() == 5 {
            "it is encrypted, which is not supported"
        } else {
            "it does not have three parts"
        }));
    };
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| unreadable("not base64url"));
    let (header_bytes, claims, proof) = (decode(header)?, decode(payload)?, decode(signature)?);
    let header: Header = serde_json::from_slice(&header_bytes)
        .map_err(|error| unreadable(&shortened(&error.to_string())))?;
    let algorithm = check(&header)?;
    let signed = token.rsplit_once('.').map_or("", |(signed, _)| signed);
    let mut candidates = keys
        .keys()
        .iter()
        .filter(|key| {
            header.kid.is_none() || key.key_id().map(|id| id.as_str()) == header.kid.as_deref()
        })
        .filter(|key| fits(key, &algorithm))
        .peekable();
    if candidates.peek().is_none() {
        return Err(refuse("the provider has no key of that id and kind"));
    }
    if candidates.any(|key| key.verify_signature(&algorithm, signed.as_bytes(), &proof).is_ok()) {
        return Ok(claims);
    }
    Err(refuse("its signature was not made with any of the provider's keys"))
}

/// Returns the algorithm if it is accepted and the header contains nothing that we do not support.
fn check(header: &Header) -> Result<CoreJwsSigningAlgorithm, OidcError> {
    // RFC 7515, section 4.1.11: reject critical headers that we do not understand.
    if header.crit.is_some() || header.cty.is_some() {
        return Err(refuse("its header asks for something that is not supported (crit, cty)"));
    }
    // RFC 8725, section 3.11: a token of another kind must not be accepted as an ID token.
    let kind = header.typ.as_deref().unwrap_or("JWT").to_ascii_lowercase();
    if !["jwt", "jose"].contains(&kind.strip_prefix("application/").unwrap_or(&kind)) {
        return Err(refuse("it is another kind of token (typ)"));
    }
    serde_json::from_value(Value::from(header.alg.as_str()))
        .ok()
        .filter(|algorithm| ALGORITHMS.contains(algorithm))
        .ok_or_else(|| refuse(&format!("{} is not accepted", shortened(&header.alg))))
}

/// Returns `true` if the key may be used with this algorithm.
fn fits(key: &CoreJsonWebKey, algorithm: &CoreJwsSigningAlgorithm) -> bool {
    key.key_use().is_none_or(JsonWebKeyUse::allows_signature)
        && algorithm.key_type().as_ref() == Some(key.key_type())
        && match key.signing_alg() {
            JsonWebKeyAlgorithm::Unspecified => true,
            JsonWebKeyAlgorithm::Algorithm(own) => own == algorithm,
            JsonWebKeyAlgorithm::Unsupported => false,
        }
}

fn refuse(reason: &str) -> OidcError {
    OidcError::Signature(reason.to_owned())
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::signature::Signer;
    use p256::ecdsa::{Signature, SigningKey};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_slice(&[seed; 32]).unwrap()
    }

    fn public(key: &SigningKey, id: &str) -> Value {
        let point = key.verifying_key().to_encoded_point(false);
        let encode = |part: Option<&p256::FieldBytes>| URL_SAFE_NO_PAD.encode(part.unwrap());
        json!({"kty": "EC", "crv": "P-256", "use": "sig", "kid": id,
            "x": encode(point.x()), "y": encode(point.y())})
    }

    fn set(keys: &[Value]) -> CoreJsonWebKeySet {
        serde_json::from_value(json!({"keys": keys})).unwrap()
    }

    fn token(header: &Value, key: &SigningKey) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(header), encode(&json!({"sub": "jane"})));
        let signature: Signature = key.sign(signed.as_bytes());
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    }

    #[test]
    fn a_key_is_found_by_its_id_or_by_trying() {
        let keys = set(&[public(&key(1), "one"), public(&key(2), "two")]);
        for header in [
            json!({"alg": "ES256", "kid": "two"}),
            json!({"alg": "ES256"}),
            json!({"alg": "ES256", "typ": "application/jwt", "x5t": 7}),
        ] {
            assert!(payload(&token(&header, &key(2)), &keys).is_ok(), "{header}");
        }
    }

    #[test]
    fn nothing_else_is_believed() {
        let keys = set(&[public(&key(1), "one")]);
        for header in [
            json!({"alg": "none"}),
            json!({"alg": "HS256", "kid": "one"}),
            json!({"alg": "RS256", "kid": "one"}),
            json!({"alg": "ES384", "kid": "one"}),
            json!({"alg": "ES256", "kid": "two"}),
            json!({"alg": "ES256", "crit": ["exp"]}),
            json!({"alg": "ES256", "cty": "JWT"}),
            json!({"alg": "ES256", "typ": "at+jwt"}),
        ] {
            let refused = payload(&token(&header, &key(1)), &keys);
            assert!(matches!(refused, Err(OidcError::Signature(_))), "{header}");
        }
        let of_another = payload(&token(&json!({"alg": "ES256", "kid": "one"}), &key(2)), &keys);
        assert!(matches!(of_another, Err(OidcError::Signature(_))));
        let encryption = {
            let mut one = public(&key(1), "one");
            one["use"] = "enc".into();
            set(&[one])
        };
        assert!(payload(&token(&json!({"alg": "ES256"}), &key(1)), &encryption).is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_sent_is_refused_and_nothing_breaks(text in ".{0,200}") {
            prop_assert!(payload(&text, &set(&[public(&key(1), "one")])).is_err());
        }

        #[test]
        fn a_token_is_what_was_signed_to_the_last_bit(at in any::<prop::sample::Index>(), bit in 0_u32..6) {
            let keys = set(&[public(&key(1), "one")]);
            let good = token(&json!({"alg": "ES256", "kid": "one"}), &key(1));
            let mut bytes = good.clone().into_bytes();
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            let changed = String::from_utf8(bytes).unwrap();
            // Several spellings of the last base64 digit could encode the same bits; only one is
            // accepted.
            prop_assert!(changed == good || payload(&changed, &keys).is_err());
        }
    }
}
