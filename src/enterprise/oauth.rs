//! OAuth 2.0 rules: grants, redirect URIs, PKCE, lifetimes.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::words::words;

words! {
    /// The grant with which a client requests a token (RFC 6749 §1.3).
    GrantType {
        /// The client's own secret.
        ClientCredentials = "client_credentials",
        /// An administrator's consent.
        AuthorizationCode = "authorization_code",
        /// A refresh token from an earlier exchange.
        RefreshToken = "refresh_token",
    }
}

words! {
    /// The purpose of a token.
    TokenKind {
        /// Gives access to the SCIM endpoint.
        Access = "access",
        /// Is exchanged for the next access token.
        Refresh = "refresh",
    }
}

/// The only scope that can be requested.
pub const SCOPE: &str = "scim";

/// Lifetime of an access token. Entra requires between one and six hours.
pub const ACCESS_LIFETIME: Duration = Duration::from_secs(60 * 60);
/// Lifetime of a refresh token. Each exchange issues a new one.
pub const REFRESH_LIFETIME: Duration = Duration::from_secs(180 * 24 * 60 * 60);
/// Lifetime of an authorization code: long enough for a redirect and an exchange.
pub const CODE_LIFETIME: Duration = Duration::from_secs(2 * 60);

/// Maximum length of a redirect URI.
const LONGEST_URI: usize = 1024;

/// Returns `true` if codes may be sent to this redirect URI: an absolute URI without a fragment
/// (RFC 6749 §3.1.2), with TLS unless it is a loopback address (RFC 8252 §7.3).
pub fn is_redirect_uri(uri: &str) -> bool {
    let rest = match uri.split_once("://") {
        Some(("https", rest)) => Some(rest),
        Some(("http", rest)) => {
            let host = rest.split(['/', '?']).next().unwrap_or_default();
            let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
            matches!(host, "localhost" | "127.0.0.1" | "[::1]").then_some(rest)
        }
        _ => None,
    };
    let clean = uri.len() <= LONGEST_URI
        && uri.bytes().all(|byte| byte.is_ascii_graphic())
        && !uri.contains(['#', '"', '<', '>', '\\', '@']);
    clean && rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', ':']))
}

/// Returns `true` if the challenge is well-formed (RFC 7636 §4.2, S256).
pub fn is_challenge(challenge: &str) -> bool {
    challenge.len() == 43 && challenge.bytes().all(is_url_safe)
}

fn is_url_safe(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Returns `true` if the verifier matches the challenge (RFC 7636 §4.6). Without a challenge there
/// must be no verifier, because then an attacker may have removed the challenge from the request.
pub fn proves(challenge: Option<&str>, verifier: Option<&str>) -> bool {
    match (challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => {
            let made = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
            (43..=128).contains(&verifier.len())
                && made.as_bytes().ct_eq(challenge.as_bytes()).into()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_last_as_long_as_identity_providers_need_and_no_longer() {
        const HOUR: u64 = 60 * 60;
        assert_eq!(ACCESS_LIFETIME, Duration::from_secs(HOUR));
        assert_eq!(REFRESH_LIFETIME, Duration::from_secs(180 * 24 * HOUR));
        assert_eq!(CODE_LIFETIME, Duration::from_secs(120));
    }

    #[test]
    fn a_challenge_is_a_hash_in_base64() {
        assert!(is_challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"));
        for other in [
            "",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cMx",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw=cM",
        ] {
            assert!(!is_challenge(other), "{other}");
        }
    }

    #[test]
    fn codes_go_to_safe_places_only() {
        for good in [
            "https://system-admin.okta.com/admin/app/generic/oauth20redirect",
            "http://localhost:8000/callback",
            "http://127.0.0.1/cb?x=1",
        ] {
            assert!(is_redirect_uri(good), "{good}");
        }
        for bad in [
            "http://okta.com/cb",
            "https://x/#f",
            "javascript:alert(1)",
            "https://",
            "/cb",
            "https://a b",
            "https:///x",
            "http://localhost.evil.example/",
            "http://localhost@evil/",
        ] {
            assert!(!is_redirect_uri(bad), "{bad}");
        }
    }

    #[test]
    fn the_example_of_rfc_7636_is_proved_and_nothing_else() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(is_challenge(challenge));
        assert!(proves(Some(challenge), Some(verifier)));
        assert!(!proves(Some(challenge), Some(&verifier.replace('d', "e"))));
        assert!(!proves(Some(challenge), None));
        assert!(!proves(None, Some(verifier)));
        assert!(proves(None, None));
    }
}
