//! Bearer tokens: 256 random bits behind a prefix that scanners and people recognise. Only the
//! hash is ever stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Prefix of an identity provider's token.
pub const CONNECTOR: &str = "insomnia_scim_";
/// Prefix of an access token that an OAuth client was given.
pub const OAUTH_ACCESS: &str = "insomnia_oauth_";
/// Prefix of a refresh token.
pub const OAUTH_REFRESH: &str = "insomnia_refresh_";
/// Prefix of an OAuth client's secret.
pub const OAUTH_SECRET: &str = "insomnia_secret_";
/// Prefix of an authorization code.
pub const OAUTH_CODE: &str = "insomnia_code_";
/// Prefix of an administrator's token.
pub const ADMIN: &str = "insomnia_admin_";
/// What begins the text of a TXT record that verifies a domain.
pub const DOMAIN: &str = "insomnia-verification=";
/// Prefix of the token in the link that confirms a sign-up.
pub const SIGN_UP: &str = "insomnia_signup_";

/// Prefix of a session's secret.
pub const SESSION: &str = "insomnia_session_";

/// Prefix of what a recovery link ends with.
pub const RECOVERY: &str = "insomnia_recovery_";

/// Prefix of the token in the link of an invitation.
pub const INVITATION: &str = "insomnia_invitation_";

/// The randomness of the operating system failed.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no randomness: {0}")]
pub struct NoRandomness(getrandom::Error);

/// So many random bytes.
///
/// # Errors
/// [`NoRandomness`].
pub fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(NoRandomness)?;
    Ok(bytes)
}

/// A new token with this prefix.
///
/// # Errors
/// [`NoRandomness`].
pub fn generate(prefix: &str) -> Result<String, NoRandomness> {
    Ok(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random::<32>()?)))
}

/// The hash of a text, as a text of 43 characters that fit everywhere.
pub fn fingerprint(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(hash(text))
}

/// What is stored of a token, and looked up: its hash. A look-up by hash tells nothing about how
/// much of a guess was right.
pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_recognisable_long_and_different() {
        let (one, two) = (generate(CONNECTOR).unwrap(), generate(CONNECTOR).unwrap());
        assert!(one.starts_with("insomnia_scim_"));
        assert_eq!(one.len(), CONNECTOR.len() + 43);
        assert_ne!(one, two);
        assert_ne!(hash(&one), hash(&two));
    }
}
