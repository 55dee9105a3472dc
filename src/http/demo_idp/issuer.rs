//! The provider's key, and the codes that it has given out.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::enterprise::token::{self, NoRandomness};
use crate::enterprise::{Timestamp, address};

/// The algorithm of signatures.
pub const ALGORITHM: &str = "ES256";
/// How long a code is valid, in milliseconds.
const CODE_LASTS: i64 = 5 * 60 * 1000;
/// How long an ID token is valid, in seconds.
pub const TOKEN_LASTS: i64 = 5 * 60;
/// The maximum number of codes that wait; more push out the oldest.
const MOST_CODES: usize = 1000;

/// What a code stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The address of the user who was clicked on.
    pub email: String,
    /// The nonce of the request.
    pub nonce: Option<String>,
    /// The hash of the verifier that the client has to show (RFC 7636).
    pub challenge: String,
    /// The address to which the code was sent.
    pub redirect_uri: String,
}

/// A code that was not redeemed yet.
struct Code {
    hash: [u8; 32],
    grant: Grant,
    until: Timestamp,
}

/// The identity provider of the demo.
pub struct DemoIdp {
    key: SigningKey,
    id: String,
    codes: Mutex<VecDeque<Code>>,
}

/// Why there is no provider.
#[derive(Debug, thiserror::Error)]
pub enum NoKey {
    /// The system gave no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The random bytes are not a key, which happens once in 2^128 times.
    #[error("the random bytes are not a key; start again")]
    Unsuitable,
}

impl DemoIdp {
    /// Creates a provider with a new key.
    ///
    /// # Errors
    /// Fails if there is no key.
    pub fn new() -> Result<Self, NoKey> {
        let bytes: [u8; 32] = token::random()?;
        let key = SigningKey::from_slice(&bytes).map_err(|_| NoKey::Unsuitable)?;
        let id = token::fingerprint(&encode(key.verifying_key().to_encoded_point(true).as_bytes()));
        Ok(Self { key, id, codes: Mutex::default() })
    }

    /// Returns the key that verifies signatures (RFC 7517).
    pub fn public_key(&self) -> Value {
        let point = self.key.verifying_key().to_encoded_point(false);
        let part = |part: Option<&p256::FieldBytes>| part.map(|bytes| encode(bytes));
        json!({
            "kty": "EC", "crv": "P-256", "alg": ALGORITHM, "use": "sig", "kid": self.id,
            "x": part(point.x()), "y": part(point.y()),
        })
    }

    /// Gives out a code.
    ///
    /// # Errors
    /// Fails if the system gives no random bytes.
    pub fn give(&self, grant: Grant, now: Timestamp) -> Result<String, NoRandomness> {
        let code = token::generate("")?;
        let until = now.plus_millis(CODE_LASTS);
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        codes.retain(|code| now < code.until);
        if codes.len() >= MOST_CODES {
            codes.pop_front();
        }
        codes.push_back(Code { hash: token::hash(&code), grant, until });
        Ok(code)
    }

    /// Redeems a code, once, if the verifier and the address are those that it was asked for with.
    pub fn take(
        &self,
        code: &str,
        verifier: &str,
        redirect_uri: &str,
        now: Timestamp,
    ) -> Option<Grant> {
        let hash = token::hash(code);
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        let place = codes.iter().position(|code| code.hash == hash)?;
        let Code { grant, until, .. } = codes.remove(place)?;
        let proved = encode(&Sha256::digest(verifier)) == grant.challenge;
        (now < until && proved && redirect_uri == grant.redirect_uri).then_some(grant)
    }

    /// Returns the signed ID token for a grant.
    pub fn id_token(&self, grant: &Grant, issuer: &str, now: Timestamp) -> String {
        let header = json!({"alg": ALGORITHM, "typ": "JWT", "kid": self.id});
        let mut claims = json!({
            "iss": issuer,
            "aud": super::CLIENT_ID,
            "sub": token::fingerprint(&address::key(&grant.email)),
            "email": grant.email,
            "email_verified": true,
            "iat": now.seconds(),
            "exp": now.seconds() + TOKEN_LASTS,
        });
        if let Some(nonce) = &grant.nonce {
            claims["nonce"] = nonce.as_str().into();
        }
        let part = |part: &Value| encode(part.to_string().as_bytes());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let signature: Signature = self.key.sign(signed.as_bytes());
        format!("{signed}.{}", encode(&signature.to_bytes()))
    }
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_767_225_600_000);

    fn grant() -> Grant {
        Grant {
            email: "owner@kongair.example".to_owned(),
            nonce: Some("n".to_owned()),
            challenge: encode(&Sha256::digest("verifier")),
            redirect_uri: "http://127.0.0.1/back".to_owned(),
        }
    }

    #[test]
    fn a_code_is_redeemed_once_by_who_asked_for_it_and_in_time() {
        let idp = DemoIdp::new().unwrap();
        let give = || idp.give(grant(), NOW).unwrap();
        let take = |code: &str, verifier: &str, back: &str, at: Timestamp| {
            idp.take(code, verifier, back, at).is_some()
        };
        let (back, later) = ("http://127.0.0.1/back", NOW.plus_millis(CODE_LASTS));
        assert!(!take(&give(), "other", back, NOW));
        assert!(!take(&give(), "verifier", "http://127.0.0.1/else", NOW));
        assert!(!take(&give(), "verifier", back, later));
        assert!(!take("unknown", "verifier", back, NOW));
        let code = give();
        assert!(take(&code, "verifier", back, NOW));
        assert!(!take(&code, "verifier", back, NOW), "a second time");
    }

    #[test]
    fn codes_that_nobody_redeems_do_not_pile_up() {
        let idp = DemoIdp::new().unwrap();
        let first = idp.give(grant(), NOW).unwrap();
        for _ in 0..MOST_CODES {
            idp.give(grant(), NOW).unwrap();
        }
        assert_eq!(idp.codes.lock().unwrap().len(), MOST_CODES);
        assert_eq!(idp.take(&first, "verifier", "http://127.0.0.1/back", NOW), None);
    }
}
