//! Single sign-on rules (docs/domain.md §6): the settings of a connection, whom it may sign in, and
//! lifetimes.

use serde::{Deserialize, Serialize};

use super::words::words;
use super::{Timestamp, address, token};

words! {
    /// The protocol of a connection.
    Protocol {
        /// OpenID Connect.
        Oidc = "oidc",
        /// SAML 2.0.
        Saml = "saml",
    }
}

words! {
    /// How a person signed in.
    SignedInBy {
        /// At the identity provider of their domain.
        Sso = "sso",
        /// With a link sent to their address.
        Mail = "mail",
        /// With a recovery link, kept by an owner or sent by the operator.
        Recovery = "recovery",
    }
}

words! {
    /// The state of a connection.
    ConnectionState {
        /// No sign-in through it has succeeded yet.
        Draft = "draft",
        /// A sign-in has succeeded; the connection can be switched on.
        Verified = "verified",
        /// Users of the domain must sign in through it.
        On = "on",
        /// It is on but suspended for now: users of the domain sign in by mail.
        Resting = "resting",
    }
}

words! {
    /// Why a connection that is on is suspended.
    RestReason {
        /// The account's plan has ended.
        PlanEnded = "plan_ended",
        /// The account's plan does not include single sign-on.
        PlanLacks = "plan_lacks",
        /// The record that verified the domain has been missing for too long.
        DomainLost = "domain_lost",
    }
}

words! {
    /// A warning about an expiring certificate. It does not affect sign-ins, because the key is
    /// what is trusted.
    CertificateWarning {
        /// It expires within 30 days.
        ExpiresSoon = "expires_soon",
        /// It has expired.
        Expired = "expired",
    }
}

/// Days before the expiry of a certificate at which owners and co-owners are warned; 0 is the
/// expiry itself.
pub const CERTIFICATE_WARNINGS: [i64; 4] = [30, 7, 1, 0];

/// Returns the warning of [`CERTIFICATE_WARNINGS`] that is due for a certificate that expires at
/// `end`, or `None` if it was already sent (`warned`) or it is too early.
pub fn certificate_warning_due(end: Timestamp, warned: Option<i64>, now: Timestamp) -> Option<i64> {
    let due = CERTIFICATE_WARNINGS.into_iter().filter(|days| end <= now.plus_days(*days)).min();
    due.filter(|days| warned.is_none_or(|warned| *days < warned))
}

impl CertificateWarning {
    /// Returns the warning to show now for a certificate that expires at `end`.
    pub fn of(end: Timestamp, now: Timestamp) -> Option<Self> {
        certificate_warning_due(end, None, now).map(|days| match days {
            0 => Self::Expired,
            _ => Self::ExpiresSoon,
        })
    }
}

words! {
    /// How a browser carries a request to a SAML identity provider.
    Binding {
        /// In the query of a URL.
        Redirect = "redirect",
        /// In a form that a page posts.
        Post = "post",
    }
}

impl Default for Binding {
    /// The binding of connections that were created before it could be chosen.
    fn default() -> Self {
        Self::Redirect
    }
}

/// The settings of a connection for its identity provider, except the client secret.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "protocol", rename_all = "snake_case")]
pub enum Settings {
    /// OpenID Connect.
    Oidc {
        /// The provider's issuer, exactly as it appears in the discovery document.
        issuer: String,
        /// The id under which the server is registered with the provider.
        client_id: String,
    },
    /// SAML 2.0.
    Saml {
        /// The provider's entity id.
        entity_id: String,
        /// The URL that accepts requests.
        sign_on_url: String,
        /// The provider's signing certificates: X.509, DER in base64.
        certificates: Vec<String>,
        /// How requests are sent to the sign-on URL.
        #[serde(default)]
        binding: Binding,
        /// Whether the provider may start a sign-in itself. Such a response is not bound to a
        /// browser: anyone who obtains one can use it to sign another person's browser in.
        #[serde(default)]
        idp_initiated: bool,
    },
}

impl Settings {
    /// Returns the protocol of these settings.
    pub const fn protocol(&self) -> Protocol {
        match self {
            Self::Oidc { .. } => Protocol::Oidc,
            Self::Saml { .. } => Protocol::Saml,
        }
    }

    /// Returns `true` if a client secret that was entered for `other` may be kept: only for the
    /// same client at the same provider. Otherwise anyone who can change the issuer could have the
    /// secret sent to their own server.
    pub fn shares_secret_with(&self, other: &Self) -> bool {
        self.protocol() == Protocol::Oidc && self == other
    }
}

/// Time limit of a sign-in at an identity provider, in milliseconds.
pub const LOGIN_LASTS: i64 = 10 * 60 * 1000;
/// Lifetime of the link that tests a connection, in milliseconds.
pub const TRIAL_LASTS: i64 = 60 * 60 * 1000;
/// Lifetime of a link to sign in by mail, in milliseconds.
pub const LINK_LASTS: i64 = 15 * 60 * 1000;
/// Maximum number of sign-in links per address and hour.
pub const LINKS_AN_HOUR: i64 = 5;
/// Maximum lifetime of a session, in milliseconds: a working day.
pub const SESSION_LASTS: i64 = 12 * 60 * 60 * 1000;
/// Idle time after which a session ends, in milliseconds.
pub const SESSION_RESTS: i64 = 2 * 60 * 60 * 1000;
/// Minimum time between two updates of a session's last use, in milliseconds.
pub const SESSION_NOTED: i64 = 5 * 60 * 1000;

/// Returns `true` if a session has neither expired nor been idle for too long.
pub const fn is_session_good(
    last_seen_at: Timestamp,
    expires_at: Timestamp,
    now: Timestamp,
) -> bool {
    now.0 < expires_at.0 && now.millis_since(last_seen_at) < SESSION_RESTS
}

/// Returns `true` if an identity provider of this domain is authoritative for this address.
/// Subdomains do not count: they are domains of their own.
pub fn speaks_for(domain: &str, email: &str) -> bool {
    address::domain(email).is_some_and(|own| own == domain)
}

/// Maximum length of a path to return to, in bytes.
const LONGEST_PATH: usize = 2000;

/// Returns the path to return to after a sign-in if it is a path on this server, otherwise `/`.
/// Rejects everything that a browser could take for a URL of another server.
pub fn return_path(wish: Option<&str>) -> &str {
    let is_path = |path: &&str| {
        path.len() <= LONGEST_PATH
            && path.starts_with('/')
            && !path.starts_with("//")
            && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
    };
    wish.filter(is_path).unwrap_or("/")
}

/// Derives a secret for one sign-in from the browser's cookie secret. Only that browser can present
/// it, and the server does not have to store it.
pub fn derived(purpose: &str, browser: &str, handle: &str) -> String {
    token::fingerprint(&format!("{purpose}\n{browser}\n{handle}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_have_time_enough_and_secrets_not_too_much() {
        const MINUTE: i64 = 60_000;
        // docs/security.md promises these figures.
        assert_eq!(LOGIN_LASTS, 10 * MINUTE);
        assert_eq!(TRIAL_LASTS, 60 * MINUTE);
        assert_eq!(LINK_LASTS, 15 * MINUTE);
        assert_eq!(SESSION_LASTS, 12 * 60 * MINUTE);
        assert_eq!(SESSION_RESTS, 2 * 60 * MINUTE);
        assert_eq!(SESSION_NOTED, 5 * MINUTE);
    }

    #[test]
    fn only_paths_of_this_server_are_returned_to() {
        for path in ["/", "/teams?x=1#y", "/a//b"] {
            assert_eq!(return_path(Some(path)), path);
        }
        let long = format!("/{}", "x".repeat(LONGEST_PATH));
        for other in [
            "",
            "teams",
            "//evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/x\r\nSet-Cookie: y",
            " /x",
            &long,
        ] {
            assert_eq!(return_path(Some(other)), "/", "{other}");
        }
        assert_eq!(return_path(None), "/");
    }

    #[test]
    fn a_provider_speaks_for_its_domain_alone() {
        assert!(speaks_for("kongair.example", "A@KongAir.Example"));
        for email in [
            "a@sub.kongair.example",
            "a@kongair.example.evil.example",
            "a@evil.example",
            "a@kongair.example@evil.example",
            "kongair.example",
        ] {
            assert!(!speaks_for("kongair.example", email), "{email}");
        }
    }

    #[test]
    fn sessions_end_by_age_and_by_rest() {
        let now = Timestamp(SESSION_LASTS);
        assert!(is_session_good(now, now.plus_millis(1), now));
        assert!(!is_session_good(now, now, now));
        assert!(is_session_good(now.minus_millis(SESSION_RESTS - 1), now.plus_millis(1), now));
        assert!(!is_session_good(now.minus_millis(SESSION_RESTS), now.plus_millis(1), now));
    }

    #[test]
    fn a_certificate_warns_once_at_each_step() {
        let end = Timestamp(100 * Timestamp::DAY);
        let due = |day: i64, warned| {
            certificate_warning_due(end, warned, Timestamp(day * Timestamp::DAY))
        };
        for (day, warned, expected) in [
            (69, None, None),
            (70, None, Some(30)),
            (71, Some(30), None),
            (93, Some(30), Some(7)),
            (99, Some(7), Some(1)),
            (99, None, Some(1)),
            (100, Some(1), Some(0)),
            (200, Some(0), None),
        ] {
            assert_eq!(due(day, warned), expected, "day {day} after {warned:?}");
        }
        let now = |day: i64| CertificateWarning::of(end, Timestamp(day * Timestamp::DAY));
        assert_eq!(now(69), None);
        assert_eq!(now(99), Some(CertificateWarning::ExpiresSoon));
        assert_eq!(now(100), Some(CertificateWarning::Expired));
    }

    #[test]
    fn a_secret_stays_with_its_client_at_its_provider() {
        let oidc = |issuer: &str, client_id: &str| Settings::Oidc {
            issuer: issuer.to_owned(),
            client_id: client_id.to_owned(),
        };
        let own = oidc("https://idp.example", "one");
        assert!(own.shares_secret_with(&own.clone()));
        assert!(!own.shares_secret_with(&oidc("https://evil.example", "one")));
        assert!(!own.shares_secret_with(&oidc("https://idp.example", "two")));
    }

    #[test]
    fn settings_from_before_there_was_a_choice_are_read() {
        let stored = r#"{"protocol":"saml","entity_id":"urn:x","sign_on_url":"https://idp.example/",
            "certificates":["MIIC"]}"#;
        let Settings::Saml { binding, idp_initiated, .. } = serde_json::from_str(stored).unwrap()
        else {
            panic!("SAML")
        };
        assert_eq!((binding, idp_initiated), (Binding::Redirect, false));
    }

    #[test]
    fn derived_secrets_differ_by_purpose_browser_and_sign_in() {
        let all = [
            derived("nonce", "browser", "one"),
            derived("verifier", "browser", "one"),
            derived("nonce", "other", "one"),
            derived("nonce", "browser", "two"),
        ];
        let mut unique = all.to_vec();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), all.len());
        // What PKCE asks of a verifier (RFC 7636, section 4.1).
        assert!(all.iter().all(|secret| (43..=128).contains(&secret.len())));
    }
}
