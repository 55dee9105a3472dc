//! All settings: flag, environment variable, default and validation.

mod address;
mod billing;
mod mail;
mod network;
mod tls;

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::time::Duration;

use clap::Args;

use crate::enterprise::secret::Keyring;
use crate::http::{Connections, Patience, Secrets, ServerLimits};
use crate::outside::dns::Dns;
use crate::provisioning::search;
use crate::store::{DatabaseUrl, Sizes};
pub use address::{AddressSettings, TransportSettings, parse_public_url};
pub use billing::BillingSettings;
pub use mail::MailSettings;
pub use network::NetworkSettings;
pub use tls::TlsSettings;

/// The location of the database.
#[derive(Args, Clone, Debug)]
pub struct DatabaseSettings {
    /// The database: sqlite://PATH, or postgres://USER:PASSWORD@HOST:PORT/NAME
    #[arg(
        long,
        env = "DATABASE_URL",
        default_value = "sqlite://insomnia-scim.db",
        hide_env_values = true
    )]
    database_url: String,
}

impl DatabaseSettings {
    /// Parses the URL of the database. Clap does not parse it, because clap's error messages repeat
    /// the value, and this one may contain a password.
    ///
    /// # Errors
    /// Fails with the name of the setting and the allowed values.
    pub fn database_url(&self) -> Result<DatabaseUrl, String> {
        DatabaseUrl::parse(&self.database_url)
            .map_err(|error| format!("--database-url (DATABASE_URL): {error}"))
    }
}

/// Resolvers for looking up domains.
#[derive(Args, Clone, Debug)]
pub struct DnsSettings {
    /// A DNS resolver, ADDRESS or ADDRESS:PORT; can be given several times, as a variable with commas between [default: the system's]
    #[arg(
        long = "dns-resolver",
        env = "INSOMNIA_SCIM_DNS_RESOLVERS",
        value_delimiter = ',',
        value_parser = parse_resolver
    )]
    pub resolvers: Vec<SocketAddr>,

    /// Seconds that a look-up in DNS may take
    #[arg(
        long,
        env = "INSOMNIA_SCIM_DNS_TIMEOUT",
        default_value_t = 5,
        value_parser = clap::value_parser!(u64).range(1..=60)
    )]
    pub dns_timeout: u64,
}

impl DnsSettings {
    /// Returns the resolvers and the timeout.
    pub fn dns(&self) -> Dns {
        let timeout = Duration::from_secs(self.dns_timeout);
        Dns { resolvers: self.resolvers.clone(), timeout, zone: None }
    }
}

fn parse_resolver(text: &str) -> Result<SocketAddr, String> {
    const PORT: u16 = 53;
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    text.parse()
        .or_else(|_| bare.parse().map(|address: IpAddr| SocketAddr::new(address, PORT)))
        .map_err(|_| "it must be an IP address, with a port if it is not 53".to_owned())
}

/// Limits for threads, connections and requests.
#[derive(Args, Clone, Debug)]
pub struct LimitSettings {
    /// Threads that serve requests [default: one per processor]
    #[arg(long, env = "INSOMNIA_SCIM_WORKERS", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub workers: Option<u16>,

    /// Database connections for look-ups, and as many for pages
    #[arg(
        long,
        env = "INSOMNIA_SCIM_READERS",
        default_value_t = 8,
        value_parser = clap::value_parser!(u32).range(1..=1000)
    )]
    pub readers: u32,

    /// Connections at once; beyond it new ones wait to be accepted
    #[arg(
        long,
        env = "INSOMNIA_SCIM_MAX_CONNECTIONS",
        default_value_t = 4096,
        value_parser = clap::value_parser!(u32).range(16..=1_000_000)
    )]
    pub max_connections: u32,

    /// Database connections for searches that look at every row; an account has half of them at once
    #[arg(
        long,
        env = "INSOMNIA_SCIM_SCANNERS",
        default_value_t = 2,
        value_parser = clap::value_parser!(u32).range(1..=1000)
    )]
    pub scanners: u32,

    /// Database connections for writing to PostgreSQL
    #[arg(
        long,
        env = "INSOMNIA_SCIM_WRITERS",
        default_value_t = 8,
        value_parser = clap::value_parser!(u32).range(1..=1000)
    )]
    pub writers: u32,

    /// Seconds that an idle connection of a client is kept open: longer than the proxy in front keeps it
    #[arg(
        long,
        env = "INSOMNIA_SCIM_KEEP_ALIVE",
        default_value_t = 75,
        value_parser = clap::value_parser!(u64).range(1..=3600)
    )]
    pub keep_alive: u64,

    /// Seconds that requests in flight get to be answered when the server is told to stop
    #[arg(
        long,
        env = "INSOMNIA_SCIM_SHUTDOWN_TIMEOUT",
        default_value_t = 30,
        value_parser = clap::value_parser!(u64).range(1..=3600)
    )]
    pub shutdown_timeout: u64,

    /// Longest request body, in bytes
    #[arg(
        long,
        env = "INSOMNIA_SCIM_MAX_BODY",
        default_value_t = 8 * 1024 * 1024,
        value_parser = clap::value_parser!(u64).range(1024..=1_073_741_824)
    )]
    pub max_body: u64,

    /// Operations in one bulk request
    #[arg(
        long,
        env = "INSOMNIA_SCIM_BULK_OPERATIONS",
        default_value_t = 1000,
        value_parser = clap::value_parser!(u32).range(1..=10_000)
    )]
    pub bulk_operations: u32,

    /// Resources on a page at most
    #[arg(
        long,
        env = "INSOMNIA_SCIM_MAX_PAGE",
        default_value_t = 1000,
        value_parser = clap::value_parser!(u64).range(1..=10_000)
    )]
    pub max_page: u64,

    /// Requests a second of one connector; beyond it the answer is 429 [default: no limit]
    #[arg(long, env = "INSOMNIA_SCIM_RATE_LIMIT")]
    pub rate_limit: Option<NonZeroU32>,
}

/// Default number of resources on a page.
const DEFAULT_PAGE: u64 = 100;
/// Lifetime of a cursor in seconds: long enough to page through any collection.
const CURSOR_TIMEOUT: i64 = 24 * 60 * 60;

impl LimitSettings {
    /// Returns the sizes of the connection pools for the database.
    pub fn sizes(&self) -> Sizes {
        Sizes { readers: self.readers, scanners: self.scanners, writers: self.writers }
    }

    /// Returns the settings of client connections.
    pub fn connections(&self) -> Connections {
        Connections {
            tls: None,
            keep_alive: Duration::from_secs(self.keep_alive),
            shutdown: Duration::from_secs(self.shutdown_timeout),
        }
    }

    /// Returns the limits of the HTTP server.
    pub fn server_limits(&self) -> ServerLimits {
        ServerLimits {
            patience: Patience::default(),
            connections: self.max_connections as usize,
            max_body: usize::try_from(self.max_body).unwrap_or(usize::MAX),
            bulk_operations: self.bulk_operations as usize,
            search: search::Limits {
                default_page: DEFAULT_PAGE.min(self.max_page),
                max_page: self.max_page,
                cursor_timeout: CURSOR_TIMEOUT,
            },
            rate: self.rate_limit,
        }
    }
}

/// Credentials of the operator and of other systems, and the key for stored secrets.
#[derive(Args, Clone)]
pub struct SecretSettings {
    /// The token that opens the operator's API [default: none, and that API is closed]
    #[arg(long, env = "INSOMNIA_SCIM_OPERATOR_TOKEN", hide_env_values = true)]
    operator_token: Option<String>,

    /// The secret with which the billing system signs its events; two, with a comma between, while
    /// one replaces the other [default: none, and no event is accepted]
    #[arg(long, env = "INSOMNIA_SCIM_BILLING_SECRET", hide_env_values = true)]
    billing_secret: Option<String>,

    /// The key for stored secrets.
    #[command(flatten)]
    pub keys: KeySettings,
}

/// The key with which secrets that must be read again are encrypted.
#[derive(Args, Clone)]
pub struct KeySettings {
    /// The key that waiting mails and stored client secrets are encrypted with: 32 random bytes in
    /// base64, such as `openssl rand -base64 32` prints; two, the new one first, with a comma
    /// between, while one replaces the other [default: with SQLite a file next to the database,
    /// created if missing; with PostgreSQL none, and client secrets cannot be stored]
    #[arg(long, env = "INSOMNIA_SCIM_SECRET_KEY", hide_env_values = true)]
    secret_key: Option<String>,
}

// Manual, so that the key is never printed.
impl std::fmt::Debug for KeySettings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("KeySettings").finish_non_exhaustive()
    }
}

impl KeySettings {
    /// Parses the keys. Clap does not parse them, because clap's error messages repeat the value.
    ///
    /// # Errors
    /// Fails with the name of the setting and the allowed values.
    pub fn keyring(&self) -> Result<Option<Keyring>, String> {
        self.secret_key
            .as_deref()
            .map(Keyring::parse)
            .transpose()
            .map_err(|error| format!("--secret-key (INSOMNIA_SCIM_SECRET_KEY): {error}"))
    }

    /// Returns the new key and the one that it replaces, as they were given.
    pub fn change(&self) -> Option<(&str, &str)> {
        self.secret_key.as_deref()?.split_once(',')
    }
}

// Manual, so that the secrets are never printed.
impl std::fmt::Debug for SecretSettings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SecretSettings").finish_non_exhaustive()
    }
}

/// Minimum length of a secret, in characters.
const SHORTEST_SECRET: usize = 16;

impl SecretSettings {
    /// Validates the secrets.
    ///
    /// # Errors
    /// Fails with the name of the setting if its value is too short. The message never contains the
    /// value.
    pub fn secrets(&self) -> Result<Secrets, String> {
        let check = |name: &str, secret: &str| {
            if secret.chars().count() < SHORTEST_SECRET {
                Err(format!("{name} must have at least {SHORTEST_SECRET} characters"))
            } else {
                Ok(())
            }
        };
        if let Some(token) = &self.operator_token {
            check("--operator-token (INSOMNIA_SCIM_OPERATOR_TOKEN)", token)?;
        }
        let listed = self.billing_secret.as_deref().map(|text| text.split(','));
        let billing: Vec<String> = listed.into_iter().flatten().map(str::to_owned).collect();
        for secret in &billing {
            check("each --billing-secret (INSOMNIA_SCIM_BILLING_SECRET)", secret)?;
        }
        Ok(Secrets::new(self.operator_token.as_deref(), billing))
    }
}

/// Prefix of the server's environment variables.
const PREFIX: &str = "INSOMNIA_SCIM_";
/// Prefix of the environment variables for its tests.
const TEST_PREFIX: &str = "INSOMNIA_SCIM_TEST_";

/// Rejects environment variables that have our prefix but are not settings. Otherwise a typing
/// error would go unnoticed.
///
/// # Errors
/// Fails with the names of the unknown variable and of those that exist.
pub fn refuse_unknown_variables(
    variables: impl Iterator<Item = String>,
    known: &[String],
) -> Result<(), String> {
    let mut unknown = variables.filter(|name| {
        name.starts_with(PREFIX) && !name.starts_with(TEST_PREFIX) && !known.contains(name)
    });
    match unknown.next() {
        None => Ok(()),
        Some(name) => Err(format!(
            "the environment variable {name} is not a setting. The settings are {}.",
            known.join(", ")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resolver_is_an_address_and_its_port_is_53_unless_said() {
        let parsed = |text: &str| parse_resolver(text).map(|address| address.to_string());
        assert_eq!(parsed("192.0.2.1").as_deref(), Ok("192.0.2.1:53"));
        assert_eq!(parsed(" 192.0.2.1:5353").as_deref(), Ok("192.0.2.1:5353"));
        for text in ["2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:53"] {
            assert_eq!(parsed(text).as_deref(), Ok("[2001:db8::1]:53"), "{text}");
        }
        assert!(parsed("dns.example").is_err() && parsed("").is_err());
    }

    #[test]
    fn a_mistyped_variable_is_named_with_those_that_exist() {
        let known = ["INSOMNIA_SCIM_LISTEN".to_owned()];
        let check = |name: &str| refuse_unknown_variables([name.to_owned()].into_iter(), &known);
        let error = check("INSOMNIA_SCIM_LISTN").unwrap_err();
        assert!(error.contains("INSOMNIA_SCIM_LISTN") && error.contains("INSOMNIA_SCIM_LISTEN"));
        assert!(check("INSOMNIA_SCIM_TEST_POSTGRES").is_ok());
        assert!(check("PATH").is_ok());
    }
}
