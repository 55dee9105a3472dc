//! Settings for trusted networks.

use std::net::IpAddr;

use clap::Args;
use ipnet::IpNet;

use crate::http::TrustedProxies;
use crate::outside::network::Networks;

/// The networks that the server trusts, and for what.
#[derive(Args, Clone, Debug, Default)]
pub struct NetworkSettings {
    /// A private network, ADDRESS/BITS, in which identity providers may be; can be given several
    /// times, as a variable with commas between [default: none]
    #[arg(
        long = "allow-idp-network",
        env = "INSOMNIA_SCIM_ALLOW_IDP_NETWORKS",
        value_delimiter = ',',
        value_parser = parse_network
    )]
    idp_networks: Vec<IpNet>,

    /// A network, ADDRESS/BITS, of proxies in front of the server whose X-Forwarded-For or
    /// Forwarded is trusted; can be given several times, as a variable with commas between [default: none]
    #[arg(
        long = "trusted-proxy",
        env = "INSOMNIA_SCIM_TRUSTED_PROXIES",
        value_delimiter = ',',
        value_parser = parse_network
    )]
    proxies: Vec<IpNet>,
}

impl NetworkSettings {
    /// Returns the private networks in which identity providers may be.
    pub fn idp_networks(&self) -> Networks {
        Networks::new(self.idp_networks.clone())
    }

    /// Returns the proxies whose headers about the client's address are trusted.
    pub fn trusted_proxies(&self) -> TrustedProxies {
        TrustedProxies::new(self.proxies.clone())
    }
}

/// Parses a network, or a single address.
fn parse_network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    text.parse()
        .or_else(|_| text.parse().map(|address: IpAddr| IpNet::from(address)))
        .map(|network| network.trunc())
        .map_err(|_| {
            "it must be a network such as 10.0.0.0/8 or fd00::/8, or an address".to_owned()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_an_address_with_its_bits_or_alone() {
        let parsed = |text: &str| parse_network(text).map(|network| network.to_string());
        assert_eq!(parsed("10.1.2.3/8").as_deref(), Ok("10.0.0.0/8"));
        assert_eq!(parsed(" 10.1.2.3 ").as_deref(), Ok("10.1.2.3/32"));
        assert_eq!(parsed("fd00::1").as_deref(), Ok("fd00::1/128"));
        for wrong in ["", "10.0.0.0/33", "10.0.0", "localhost", "10.0.0.0-10.0.0.9"] {
            assert!(parsed(wrong).is_err(), "{wrong}");
        }
    }
}
