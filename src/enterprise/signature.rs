//! Signed requests: `t=SECONDS,v1=HEX`, where HEX is the HMAC-SHA256 of `SECONDS.BODY` with a
//! secret that both sides know.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::Timestamp;

/// Maximum deviation between the sender's clock and ours, including the time in transit: five
/// minutes, in seconds.
const TOLERANCE: i64 = 300;

/// Why a signature is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The header is missing or malformed.
    #[error("the signature is missing, or not of the form t=SECONDS,v1=HEX")]
    Malformed,
    /// The signature was not made with any of the secrets.
    #[error("the signature does not match the body")]
    Wrong,
    /// The timestamp is too old or in the future.
    #[error("the time of the signature is off by more than five minutes")]
    OutOfTime,
}

/// Verifies a signature. Several secrets are valid while one replaces another.
///
/// # Errors
/// Fails if the header is malformed, the signature does not match, or it is older than five
/// minutes.
pub fn verify(
    secrets: &[String],
    header: &str,
    body: &[u8],
    now: Timestamp,
) -> Result<(), SignatureError> {
    let (mut time, mut signatures) = (None, Vec::new());
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", seconds)) => time = Some(seconds),
            Some(("v1", text)) => signatures.push(unhex(text).ok_or(SignatureError::Malformed)?),
            // Signatures of other versions are ignored.
            _ => {}
        }
    }
    let time = time.ok_or(SignatureError::Malformed)?;
    let seconds: i64 = time.parse().map_err(|_| SignatureError::Malformed)?;
    // Limits the work: each signature costs one pass over the body.
    if signatures.is_empty() || signatures.len() > 4 {
        return Err(SignatureError::Malformed);
    }
    let fits = secrets.iter().any(|secret| {
        signatures.iter().any(|signature| mac(secret, time, body).verify_slice(signature).is_ok())
    });
    if !fits {
        return Err(SignatureError::Wrong);
    }
    if now.seconds().abs_diff(seconds) > TOLERANCE.unsigned_abs() {
        return Err(SignatureError::OutOfTime);
    }
    Ok(())
}

/// Returns the header for a body, as the sender makes it.
pub fn sign(secret: &str, body: &[u8], now: Timestamp) -> String {
    let time = now.seconds().to_string();
    let signature = mac(secret, &time, body).finalize().into_bytes();
    format!("t={time},v1={}", hex(&signature))
}

fn mac(secret: &str, time: &str, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = keyed(secret.as_bytes());
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac
}

/// Begins a code of authentication with this key.
pub(crate) fn keyed(key: &[u8]) -> Hmac<Sha256> {
    // Keys of any length are taken.
    Hmac::<Sha256>::new_from_slice(key).unwrap_or_else(|_| Hmac::<Sha256>::new(&Default::default()))
}

/// Writes a code of authentication.
pub(crate) fn hex(code: &[u8]) -> String {
    code.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads what [`hex`] has written.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if digits.len() != 64 {
        return None;
    }
    digits
        .chunks(2)
        .map(|pair| {
            let pair = std::str::from_utf8(pair).ok()?;
            pair.bytes().all(|digit| digit.is_ascii_hexdigit()).then_some(())?;
            u8::from_str_radix(pair, 16).ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_767_225_600_000);

    fn check(secrets: &[&str], header: &str, body: &[u8]) -> Result<(), SignatureError> {
        let secrets: Vec<String> = secrets.iter().map(|secret| (*secret).to_owned()).collect();
        verify(&secrets, header, body, NOW)
    }

    #[test]
    fn a_signature_is_what_openssl_makes_of_it() {
        // printf '1767225600.{}' | openssl dgst -sha256 -hmac secret
        let header = sign("secret", b"{}", NOW);
        let expected = "fa7eaa06bf97d7815f3f456e97cde70c9e50cb005f01660c8d10b10c21964887";
        assert_eq!(header, format!("t=1767225600,v1={expected}"));
        assert_eq!(check(&["secret"], &header, b"{}"), Ok(()));
    }

    #[test]
    fn both_secrets_are_good_while_one_replaces_the_other() {
        let header = sign("old", b"{}", NOW);
        assert_eq!(check(&["new", "old"], &header, b"{}"), Ok(()));
        assert_eq!(check(&["new"], &header, b"{}"), Err(SignatureError::Wrong));
    }

    #[test]
    fn one_of_four_signatures_is_enough_and_five_are_too_many() {
        let right = sign("secret", b"{}", NOW);
        let wrong = format!("v1={},", "0".repeat(64));
        let header = |wrongs: usize| format!("{}{right}", wrong.repeat(wrongs));
        assert_eq!(check(&["secret"], &header(3), b"{}"), Ok(()));
        assert_eq!(check(&["secret"], &header(4), b"{}"), Err(SignatureError::Malformed));
    }

    #[test]
    fn clocks_may_differ_by_five_minutes() {
        for seconds in [-300, 300] {
            let then = Timestamp(NOW.0 + seconds * 1000);
            assert_eq!(check(&["secret"], &sign("secret", b"{}", then), b"{}"), Ok(()));
        }
    }

    #[test]
    fn nothing_else_is_a_signature() {
        let header = sign("secret", b"{}", NOW);
        assert_eq!(check(&["secret"], &header, b"{ }"), Err(SignatureError::Wrong));
        assert_eq!(check(&[], &header, b"{}"), Err(SignatureError::Wrong));
        for malformed in ["", "t=1767225600", "v1=00", "t=x,v1=00", "t=1767225600,v1=+0"] {
            assert_eq!(check(&["secret"], malformed, b"{}"), Err(SignatureError::Malformed));
        }
        for seconds in [-301, 301] {
            let then = Timestamp(NOW.0 + seconds * 1000);
            let header = sign("secret", b"{}", then);
            assert_eq!(check(&["secret"], &header, b"{}"), Err(SignatureError::OutOfTime));
        }
    }
}
