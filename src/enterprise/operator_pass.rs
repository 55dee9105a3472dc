//! What a browser of the server's operator keeps, so that the token is typed once: an end, and proof
//! that it was made by a server with the operator's token. Every server with that token accepts it, and
//! nothing is stored; another token ends all of them.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::Timestamp;
use super::signature::{hex, keyed, unhex};

/// How long it is valid, in milliseconds: a working day.
pub const LASTS: i64 = 12 * 60 * 60 * 1000;

/// What the proof is for, so that it proves nothing else.
const PURPOSE: &[u8] = b"a browser of the operator\0";

/// Makes a pass that is valid from now on.
pub fn issue(operator: &[u8; 32], now: Timestamp) -> String {
    let end = now.plus_millis(LASTS).0;
    format!("{end}.{}", hex(&proof(operator, end).finalize().into_bytes()))
}

/// Returns whether a pass was made with this operator's token and has not ended.
pub fn is_valid(operator: &[u8; 32], pass: &str, now: Timestamp) -> bool {
    let read = || {
        let (end, text) = pass.split_once('.')?;
        let end: i64 = end.parse().ok()?;
        proof(operator, end).verify_slice(&unhex(text)?).ok()?;
        Some(end)
    };
    read().is_some_and(|end| now.0 < end)
}

fn proof(operator: &[u8; 32], end: i64) -> Hmac<Sha256> {
    let mut mac = keyed(operator);
    mac.update(PURPOSE);
    mac.update(&end.to_be_bytes());
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pass_is_valid_for_its_time_and_its_token_only() {
        let (now, key) = (Timestamp(1000), [7; 32]);
        let pass = issue(&key, now);
        assert!(is_valid(&key, &pass, now));
        assert!(is_valid(&key, &pass, now.plus_millis(LASTS - 1)));
        assert!(!is_valid(&key, &pass, now.plus_millis(LASTS)));
        assert!(!is_valid(&[8; 32], &pass, now));
        let (end, proof) = pass.split_once('.').unwrap();
        let later = end.parse::<i64>().unwrap() + 1;
        let long = "é".repeat(32);
        for wrong in [
            String::new(),
            proof.to_owned(),
            format!("{later}.{proof}"),
            format!("{end}."),
            format!("{end}.{}", &proof[2..]),
            format!("{end}.{long}"),
        ] {
            assert!(!is_valid(&key, &wrong, now), "{wrong}");
        }
    }
}
