//! Secrets that the server must be able to read again, so hashing them is not an option. They are
//! encrypted with the operator's key, and each is bound to the thing it belongs to.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};

use super::token::{self, NoRandomness};

/// The version of the format, the first byte of a sealed secret.
const FORM: u8 = 1;
const NONCE: usize = 24;

/// The operator's 256-bit key.
#[derive(Clone)]
pub struct SecretKey(XChaCha20Poly1305);

// Manual, so that the key is never printed.
impl std::fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SecretKey").finish_non_exhaustive()
    }
}

/// The text is not a valid key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it must be 32 random bytes in base64, such as `openssl rand -base64 32` prints")]
pub struct NotAKey;

/// The sealed secret cannot be opened with this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a stored secret was sealed with a key that the server does not have")]
pub struct WrongKey;

impl SecretKey {
    /// Parses a key: 32 bytes in base64, in the standard or the URL-safe alphabet.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        let text = text.trim();
        let bytes = STANDARD
            .decode(text)
            .or_else(|_| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')))
            .map_err(|_| NotAKey)?;
        Self::from_bytes(&bytes)
    }

    /// Makes a key from its bytes.
    ///
    /// # Errors
    /// Fails unless there are exactly 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAKey> {
        XChaCha20Poly1305::new_from_slice(bytes).map(Self).map_err(|_| NotAKey)
    }

    /// Encrypts a secret and binds it to its owner, an id.
    pub fn seal(&self, secret: &str, owner: &str) -> Result<Vec<u8>, NoRandomness> {
        self.seal_bytes(secret.as_bytes(), owner)
    }

    /// Encrypts bytes and binds them to their owner, an id.
    pub fn seal_bytes(&self, secret: &[u8], owner: &str) -> Result<Vec<u8>, NoRandomness> {
        let nonce: [u8; NONCE] = token::random()?;
        let payload = Payload { msg: secret, aad: owner.as_bytes() };
        // Encryption fails only for more than 256 GiB.
        let sealed = self.0.encrypt(&XNonce::from(nonce), payload).unwrap_or_default();
        Ok([&[FORM][..], &nonce, &sealed].concat())
    }

    /// Decrypts a secret of this owner.
    ///
    /// # Errors
    /// Fails if it was sealed with another key or for another owner.
    pub fn open(&self, sealed: &[u8], owner: &str) -> Result<String, WrongKey> {
        String::from_utf8(self.open_bytes(sealed, owner)?).map_err(|_| WrongKey)
    }

    /// Decrypts bytes of this owner.
    ///
    /// # Errors
    /// Fails if they were sealed with another key or for another owner.
    pub fn open_bytes(&self, sealed: &[u8], owner: &str) -> Result<Vec<u8>, WrongKey> {
        let (form, rest) = sealed.split_first().ok_or(WrongKey)?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or(WrongKey)?;
        if *form != FORM {
            return Err(WrongKey);
        }
        let payload = Payload { msg: sealed, aad: owner.as_bytes() };
        self.0.decrypt(&XNonce::from(*nonce), payload).map_err(|_| WrongKey)
    }
}

/// The current key, which seals, and the previous one, which still opens what it has sealed.
#[derive(Clone, Debug)]
pub struct Keyring {
    current: SecretKey,
    previous: Option<SecretKey>,
}

impl From<SecretKey> for Keyring {
    fn from(current: SecretKey) -> Self {
        Self { current, previous: None }
    }
}

impl Keyring {
    /// Parses one key, or the new and the old key separated by a comma.
    pub fn parse(text: &str) -> Result<Self, NotAKey> {
        match text.split_once(',') {
            None => SecretKey::parse(text).map(Self::from),
            Some((current, previous)) => {
                Ok(Self::from(SecretKey::parse(current)?).after(SecretKey::parse(previous)?))
            }
        }
    }

    /// Returns this keyring with `previous` as the previous key.
    #[must_use]
    pub fn after(self, previous: SecretKey) -> Self {
        Self { previous: Some(previous), ..self }
    }

    /// Returns `true` during a change of keys, when there is a previous key.
    pub const fn is_changing(&self) -> bool {
        self.previous.is_some()
    }

    /// Encrypts a secret and binds it to its owner, an id. Uses the current key.
    pub fn seal(&self, secret: &str, owner: &str) -> Result<Vec<u8>, NoRandomness> {
        self.current.seal(secret, owner)
    }

    /// Decrypts a secret of this owner with the current or the previous key.
    ///
    /// # Errors
    /// Fails if neither key opens it.
    pub fn open(&self, sealed: &[u8], owner: &str) -> Result<String, WrongKey> {
        self.current.open(sealed, owner).or_else(|wrong| {
            let previous = self.previous.as_ref().ok_or(wrong)?;
            previous.open(sealed, owner)
        })
    }

    /// Seals a secret again with the current key if only the previous key opens it. Returns `None`
    /// if the current key opens it already.
    ///
    /// # Errors
    /// Fails if neither key opens it, or if it cannot be sealed again.
    pub fn seal_again(&self, sealed: &[u8], owner: &str) -> Result<Option<Vec<u8>>, WrongKey> {
        if self.current.open_bytes(sealed, owner).is_ok() {
            return Ok(None);
        }
        let secret = self.open(sealed, owner)?;
        self.seal(&secret, owner).map(Some).map_err(|_| WrongKey)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> SecretKey {
        SecretKey::parse(&STANDARD.encode([byte; 32])).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_with_the_same_key_for_the_same_owner_only() {
        let sealed = key(1).seal("hush", "sso_1").unwrap();
        assert_eq!(key(1).open(&sealed, "sso_1").as_deref(), Ok("hush"));
        assert_eq!(key(2).open(&sealed, "sso_1"), Err(WrongKey));
        assert_eq!(key(1).open(&sealed, "sso_2"), Err(WrongKey));
        assert!(!sealed.windows(4).any(|part| part == b"hush"));
        assert_ne!(key(1).seal("hush", "sso_1").unwrap(), sealed);
    }

    #[test]
    fn two_keys_open_while_one_replaces_the_other() {
        let (old, new) = (Keyring::from(key(1)), Keyring::from(key(2)));
        let both = Keyring::from(key(2)).after(key(1));
        let (of_old, of_new) =
            (old.seal("hush", "sso_1").unwrap(), both.seal("hush", "sso_1").unwrap());
        for (ring, sealed) in [(&both, &of_old), (&both, &of_new), (&new, &of_new)] {
            assert_eq!(ring.open(sealed, "sso_1").as_deref(), Ok("hush"));
        }
        assert_eq!(new.open(&of_old, "sso_1"), Err(WrongKey));
        assert_eq!(both.seal_again(&of_new, "sso_1"), Ok(None));
        let again = both.seal_again(&of_old, "sso_1").unwrap().unwrap();
        assert_eq!(new.open(&again, "sso_1").as_deref(), Ok("hush"));
        let text = |byte: u8| STANDARD.encode([byte; 32]);
        let parsed = Keyring::parse(&format!("{}, {}", text(2), text(1))).unwrap();
        assert!(parsed.is_changing() && parsed.open(&of_old, "sso_1").is_ok());
        assert!(Keyring::parse(&format!("{},", text(2))).is_err());
        assert!(!Keyring::parse(&text(2)).unwrap().is_changing());
    }

    #[test]
    fn nothing_changed_or_cut_short_opens() {
        let sealed = key(1).seal("hush", "sso_1").unwrap();
        for length in 0..sealed.len() {
            assert_eq!(key(1).open(&sealed[..length], "sso_1"), Err(WrongKey));
        }
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert_eq!(key(1).open(&changed, "sso_1"), Err(WrongKey), "{position}");
        }
    }

    #[test]
    fn a_key_has_32_bytes() {
        assert!(SecretKey::parse(&STANDARD.encode([7; 31])).is_err());
        assert!(SecretKey::parse(&STANDARD.encode([7; 33])).is_err());
        assert!(SecretKey::parse("not base64!").is_err());
        assert!(SecretKey::parse("").is_err());
        assert!(SecretKey::parse(&URL_SAFE_NO_PAD.encode([0xff; 32])).is_ok());
    }

    #[test]
    fn a_key_is_never_printed() {
        assert_eq!(format!("{:?}", key(1)), "SecretKey { .. }");
    }
}
