//! Connections to addresses that come from outside: entered by a customer's administrator, or found
//! in a document that such an address led to.
//!
//! The server runs inside the operator's network, so it must not be tricked into connecting to
//! internal systems (SSRF). It looks up a host name once, checks the resulting addresses, and
//! connects to exactly the checked ones. A name that resolves differently the next time (DNS
//! rebinding) therefore does not matter. Proxies are not used, because they would look up the name
//! again, and redirects are not followed.

mod addresses;
mod resolver;

use std::time::Duration;

use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::transport::DefaultConnector;

pub use addresses::Networks;
use resolver::CheckedResolver;
pub use resolver::Guide;

/// Time limit for a request, from the look-up of the host to the end of the response.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum size of the response headers, in bytes.
const LONGEST_HEAD: usize = 32 * 1024;

/// Returns an HTTP client that connects only to public addresses and to networks in `allowed`.
pub fn agent(allowed: Networks) -> Agent {
    let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .max_response_header_size(LONGEST_HEAD)
        // Disabled, so that no request goes to the old address of a host that has moved.
        .max_idle_connections(0)
        .proxy(None)
        .user_agent("insomnia-scim")
        .build();
    Agent::with_parts(config, DefaultConnector::default(), CheckedResolver::new(allowed))
}
