//! Look-ups of TXT records in DNS.
//!
//! Every look-up creates a new resolver, so nothing is cached and a record that was added a moment
//! ago is found. This also picks up changes to the system's resolvers.

mod zone;

use std::net::SocketAddr;
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig, ResolverOpts,
};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::RData;

pub use zone::ZoneFile;

/// The result of a look-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TxtLookup {
    /// The records. The strings of each record are joined (RFC 7208 §3.3).
    Found(Vec<String>),
    /// The name does not exist (NXDOMAIN).
    NoSuchDomain,
    /// The name exists but has no TXT record.
    NoRecord,
    /// The name servers failed, with the reason.
    ServerFailure(String),
    /// No name server answered in time.
    Timeout,
}

/// The configuration of look-ups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dns {
    /// The resolvers; if empty, the system's.
    pub resolvers: Vec<SocketAddr>,
    /// Time limit for a look-up, including retries.
    pub timeout: Duration,
    /// Records for names that DNS never has, so that the demo needs no domain.
    pub zone: Option<ZoneFile>,
}

impl Default for Dns {
    fn default() -> Self {
        Self { resolvers: Vec::new(), timeout: Duration::from_secs(5), zone: None }
    }
}

/// Maximum number of attempts within the time limit.
const ATTEMPTS: u32 = 2;

impl Dns {
    /// Looks up the TXT records of a name. Follows aliases.
    pub async fn txt(&self, name: &str) -> TxtLookup {
        if let Some(zone) = self.zone.clone().filter(|_| zone::is_reserved(name)) {
            let name = name.to_owned();
            let looked = tokio::task::spawn_blocking(move || zone.txt(&name)).await;
            return looked.unwrap_or_else(|error| TxtLookup::ServerFailure(error.to_string()));
        }
        match tokio::time::timeout(self.timeout, self.ask(name)).await {
            Ok(found) => found,
            Err(_) => TxtLookup::Timeout,
        }
    }

    async fn ask(&self, name: &str) -> TxtLookup {
        let resolver = match self.resolver() {
            Ok(resolver) => resolver,
            Err(error) => return TxtLookup::ServerFailure(error.to_string()),
        };
        // The trailing dot prevents the resolver from appending search domains.
        match resolver.txt_lookup(format!("{name}.")).await {
            Ok(lookup) => {
                let texts = lookup.answers().iter().filter_map(|record| match &record.data {
                    RData::TXT(text) => {
                        Some(String::from_utf8_lossy(&text.txt_data.concat()).into_owned())
                    }
                    _ => None,
                });
                let texts: Vec<String> = texts.collect();
                if texts.is_empty() { TxtLookup::NoRecord } else { TxtLookup::Found(texts) }
            }
            Err(error) => failure(error),
        }
    }

    fn resolver(&self) -> Result<TokioResolver, NetError> {
        let mut builder = if self.resolvers.is_empty() {
            TokioResolver::builder_tokio()?
        } else {
            let servers = self.resolvers.iter().map(server).collect();
            let config = ResolverConfig::from_parts(None, Vec::new(), servers);
            TokioResolver::builder_with_config(config, TokioRuntimeProvider::default())
        };
        let options: &mut ResolverOpts = builder.options_mut();
        options.cache_size = 0;
        options.use_hosts_file = ResolveHosts::Never;
        options.attempts = ATTEMPTS as usize - 1;
        options.timeout = self.timeout / ATTEMPTS;
        builder.build()
    }
}

fn server(address: &SocketAddr) -> NameServerConfig {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
        connection.port = address.port();
        connection
    });
    // A negative answer is final; the next server is asked only if one fails.
    NameServerConfig::new(address.ip(), true, connections.into())
}

fn failure(error: NetError) -> TxtLookup {
    match error {
        NetError::Timeout => TxtLookup::Timeout,
        NetError::Dns(DnsError::NoRecordsFound(none)) => match none.response_code {
            ResponseCode::NXDomain => TxtLookup::NoSuchDomain,
            ResponseCode::NoError => TxtLookup::NoRecord,
            code => TxtLookup::ServerFailure(word(code)),
        },
        NetError::Dns(DnsError::ResponseCode(code)) => TxtLookup::ServerFailure(word(code)),
        other => TxtLookup::ServerFailure(other.to_string()),
    }
}

/// Returns the response code as administrators know it.
fn word(code: ResponseCode) -> String {
    match code {
        ResponseCode::ServFail => "SERVFAIL".to_owned(),
        ResponseCode::Refused => "REFUSED".to_owned(),
        other => other.to_str().to_owned(),
    }
}
