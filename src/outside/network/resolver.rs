//! Name resolution that returns only addresses that the server may connect to.

use std::sync::Arc;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{NextTimeout, time};
use ureq::{Error, Timeout};

use super::{Networks, TIMEOUT};

/// The system's resolver with a check of every address. The connection is made to the addresses
/// returned here, so there is no second look-up.
#[derive(Debug)]
pub struct CheckedResolver {
    system: DefaultResolver,
    allowed: Networks,
}

impl CheckedResolver {
    pub fn new(allowed: Networks) -> Self {
        Self { system: DefaultResolver::default(), allowed }
    }
}

/// The host has no address that the server may connect to.
#[derive(Debug, thiserror::Error)]
#[error(
    "it has no public address, and none in a network that --allow-idp-network \
     (INSOMNIA_SCIM_ALLOW_IDP_NETWORKS) allows"
)]
pub struct NotPublic;

impl Resolver for CheckedResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.system.resolve(uri, config, timeout)?;
        let mut admitted = self.empty();
        for address in found.iter().filter(|address| self.allowed.permits(**address)) {
            admitted.push(*address);
        }
        if admitted.is_empty() { Err(Error::Other(Box::new(NotPublic))) } else { Ok(admitted) }
    }
}

/// Checks URLs from outside to which browsers are sent.
#[derive(Clone, Debug)]
pub struct Guide(Arc<CheckedResolver>);

impl Guide {
    /// Allows public addresses and these networks.
    pub fn new(allowed: Networks) -> Self {
        Self(Arc::new(CheckedResolver::new(allowed)))
    }

    /// Checks that the host of the URL may be connected to.
    ///
    /// # Errors
    /// Fails if the host does not exist or has no allowed address.
    pub fn check(&self, url: &str) -> Result<(), Error> {
        let uri: Uri = url.parse().map_err(|_| Error::HostNotFound)?;
        let after = time::Duration::from(TIMEOUT);
        let timeout = NextTimeout { after, reason: Timeout::Resolve, ..NextTimeout::default() };
        self.0.resolve(&uri, &Config::default(), timeout).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_an_address_is_spelled_it_is_checked() {
        let guide = Guide::new(Networks::default());
        for host in [
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f000001",
            "017700000001",
            "0",
            "localhost",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:a9fe:a9fe]",
            "10.0.0.1",
        ] {
            assert!(guide.check(&format!("https://{host}/x")).is_err(), "{host}");
        }
        assert!(guide.check("https://1.1.1.1/x").is_ok());
        let inside = Guide::new(Networks::new(vec!["127.0.0.0/8".parse().unwrap()]));
        assert!(inside.check("http://127.0.0.1:9/x").is_ok());
        assert!(inside.check("http://169.254.169.254/x").is_err());
    }
}
