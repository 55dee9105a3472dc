//! Connections to addresses that somebody else has entered: a customer's administrator, or a
//! document that such an address led to.
//!
//! The server stands inside of the operator's network, so it must not be talked into connecting to
//! what is only reachable from there. A name is looked up once, what it leads to is checked, and
//! exactly the checked addresses are connected to: a name that is answered otherwise the next time
//! cannot matter. There are no proxies, which would look the name up once more, and no redirects.

mod addresses;
mod resolver;

use std::time::Duration;

use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::transport::DefaultConnector;

pub use addresses::Networks;
use resolver::CheckedResolver;
pub use resolver::Guide;

/// How long one request may take, from the look-up of the host to the end of the answer.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Longest head of an answer, in bytes.
const LONGEST_HEAD: usize = 32 * 1024;

/// What connects to entered addresses, and to none that is neither public nor in `allowed`.
pub fn agent(allowed: Networks) -> Agent {
    let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .max_response_header_size(LONGEST_HEAD)
        // A host that changed its address must not be met on a connection to the old one.
        .max_idle_connections(0)
        .proxy(None)
        .user_agent("insomnia-scim")
        .build();
    Agent::with_parts(config, DefaultConnector::default(), CheckedResolver::new(allowed))
}
