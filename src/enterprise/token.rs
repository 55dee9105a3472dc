//! Bearer tokens: 256 random bits with a prefix that people and secret scanners recognise. Only the
//! hash is stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Prefix of a connector's bearer token.
pub const CONNECTOR: &str = "insomnia_scim_";
/// Prefix of an OAuth client's access token.
pub const OAUTH_ACCESS: &str = "insomnia_oauth_";
/// Prefix of an OAuth client's refresh token.
pub const OAUTH_REFRESH: &str = "insomnia_refresh_";
/// Prefix of an OAuth client's secret.
pub const OAUTH_SECRET: &str = "insomnia_secret_";
/// Prefix of an authorization code.
pub const OAUTH_CODE: &str = "insomnia_code_";
/// Prefix of an administrator's token.
pub const ADMIN: &str = "insomnia_admin_";
/// Prefix of the TXT record that verifies a domain.
pub const DOMAIN: &str = "insomnia-verification=";
/// Prefix of the token in the link that confirms a sign-up.
pub const SIGN_UP: &str = "insomnia_signup_";

/// Prefix of a session's secret.
pub const SESSION: &str = "insomnia_session_";

/// Prefix of the token in a recovery link.
pub const RECOVERY: &str = "insomnia_recovery_";

/// Prefix of the token in the link by which an owner claims a new account.
pub const OWNERSHIP: &str = "insomnia_owner_";

/// Prefix of the token in the link of an invitation.
pub const INVITATION: &str = "insomnia_invitation_";

/// A kind of token, as its prefix tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenKind {
    prefix: &'static str,
    text: &'static str,
}

/// The kinds of tokens that are sent with requests, and what people call them.
const KINDS: [TokenKind; 9] = [
    TokenKind { prefix: ADMIN, text: "an administrator's token" },
    TokenKind { prefix: SESSION, text: "a session" },
    TokenKind { prefix: CONNECTOR, text: "a SCIM token" },
    TokenKind { prefix: OAUTH_ACCESS, text: "an access token for SCIM" },
    TokenKind { prefix: OAUTH_REFRESH, text: "a refresh token of an OAuth client" },
    TokenKind { prefix: OAUTH_SECRET, text: "the secret of an OAuth client" },
    TokenKind { prefix: INVITATION, text: "the token of an invitation" },
    TokenKind { prefix: RECOVERY, text: "the token of a recovery link" },
    TokenKind { prefix: SIGN_UP, text: "the token of a sign-up" },
];

/// Returns the kind of a token, if its prefix tells one. The token need not exist.
pub fn kind(token: &str) -> Option<TokenKind> {
    KINDS.into_iter().find(|kind| token.starts_with(kind.prefix))
}

impl TokenKind {
    /// Returns `true` if tokens of this kind open the administrators' API.
    pub fn administers(self) -> bool {
        self.prefix == ADMIN || self.prefix == SESSION
    }
}

impl std::fmt::Display for TokenKind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.text)
    }
}

/// The operating system failed to provide random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the operating system did not provide random bytes: {0}")]
pub struct NoRandomness(getrandom::Error);

/// Returns `N` random bytes.
pub fn random<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(NoRandomness)?;
    Ok(bytes)
}

/// Generates a token with this prefix.
pub fn generate(prefix: &str) -> Result<String, NoRandomness> {
    Ok(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(random::<32>()?)))
}

/// Returns the hash of a text as 43 URL-safe characters.
pub fn fingerprint(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(hash(text))
}

/// Returns the hash under which a token is stored and looked up. The timing of a look-up by hash
/// does not reveal how much of a guessed token was right.
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
