//! Look-ups of TXT records in DNS.
//!
//! A resolver is made for each look-up: so nothing is cached, and a record that was added a moment
//! ago is seen; and the system's own resolvers are the ones that it has now.

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

/// What a look-up found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TxtLookup {
    /// Records: each one's strings, joined (RFC 7208 §3.3 reads them so).
    Found(Vec<String>),
    /// There is no such name (NXDOMAIN).
    NoSuchDomain,
    /// The name is there and has no TXT record.
    NoRecord,
    /// The name servers failed, and how.
    ServerFailure(String),
    /// Nobody answered in time.
    Timeout,
}

/// Whom to ask, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dns {
    /// The resolvers; none means the system's.
    pub resolvers: Vec<SocketAddr>,
    /// How long a look-up may take, everything included.
    pub timeout: Duration,
}

impl Default for Dns {
    fn default() -> Self {
        Self { resolvers: Vec::new(), timeout: Duration::from_secs(5) }
    }
}

/// How often a question is asked within the time.
const ATTEMPTS: u32 = 2;

impl Dns {
    /// Looks the TXT records of a name up, also where the name is an alias.
    pub async fn txt(&self, name: &str) -> TxtLookup {
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
        // With the dot at its end it is looked up as it is, below no other name.
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
    // What one says is not there is not there; the next is asked where one fails.
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

/// The word by which administrators know it.
fn word(code: ResponseCode) -> String {
    match code {
        ResponseCode::ServFail => "SERVFAIL".to_owned(),
        ResponseCode::Refused => "REFUSED".to_owned(),
        other => other.to_str().to_owned(),
    }
}
