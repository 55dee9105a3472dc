//! The addresses that the server may connect to: public ones, and those in networks that the
//! operator allows.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use ipnet::IpNet;

/// IPv4 networks that are not part of the public internet (IANA, IPv4 Special-Purpose Address
/// Registry), and one address of a cloud's internal services that looks public.
const SPECIAL_V4: [([u8; 4], u8); 17] = [
    ([0, 0, 0, 0], 8),        // this network
    ([10, 0, 0, 0], 8),       // private
    ([100, 64, 0, 0], 10),    // carrier-grade NAT
    ([127, 0, 0, 0], 8),      // loopback
    ([168, 63, 129, 16], 32), // Azure: agents and metadata of a machine
    ([169, 254, 0, 0], 16),   // link-local; metadata of most clouds
    ([172, 16, 0, 0], 12),    // private
    ([192, 0, 0, 0], 24),     // protocol assignments
    ([192, 0, 2, 0], 24),     // documentation
    ([192, 88, 99, 0], 24),   // relays of 6to4
    ([192, 168, 0, 0], 16),   // private
    ([198, 18, 0, 0], 15),    // benchmarks
    ([198, 51, 100, 0], 24),  // documentation
    ([203, 0, 113, 0], 24),   // documentation
    ([224, 0, 0, 0], 4),      // multicast
    ([233, 252, 0, 0], 24),   // documentation
    ([240, 0, 0, 0], 4),      // reserved, broadcast
];

/// Global unicast of IPv6. Everything outside of it (loopback, link-local, unique-local, multicast,
/// IPv4-compatible, local NAT64 …) is not public.
const GLOBAL_V6: ([u16; 8], u8) = ([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// Networks within [`GLOBAL_V6`] that are not public either.
const SPECIAL_V6: [([u16; 8], u8); 5] = [
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), // protocol assignments, Teredo, benchmarks, ORCHID
    ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), // documentation
    ([0x2002, 0, 0, 0, 0, 0, 0, 0], 16), // 6to4, which leads to any address of IPv4
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20), // documentation
    ([0x5f00, 0, 0, 0, 0, 0, 0, 0], 16), // segment routing
];

/// The well-known prefix of NAT64. The last 32 bits of such an address are an IPv4 address.
const NAT64: ([u16; 8], u8) = ([0x64, 0xff9b, 0, 0, 0, 0, 0, 0], 96);

/// Networks that the server may connect to although they are not public. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Networks {
    networks: Arc<[IpNet]>,
    /// One address with its port: the demo's own.
    own: Option<SocketAddr>,
}

impl Networks {
    /// Allows these networks.
    pub fn new(networks: Vec<IpNet>) -> Self {
        Self { networks: networks.into(), own: None }
    }

    /// Allows this one address with its port, too, if there is one.
    #[must_use]
    pub fn and_own(self, own: Option<SocketAddr>) -> Self {
        Self { own, ..self }
    }

    /// Returns `true` if the server may connect to the address.
    pub fn permits(&self, address: SocketAddr) -> bool {
        let ip = address.ip();
        let meant = meant(ip);
        is_public(meant) || self.name(ip) || self.name(meant) || self.own == Some(address)
    }

    fn name(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(&address))
    }
}

/// Returns the address at which packets to this one arrive: the embedded IPv4 address, if there is
/// one.
fn meant(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(wrapped) => match wrapped.to_ipv4_mapped() {
            Some(inner) => IpAddr::V4(inner),
            None if contains_v6(NAT64, wrapped) => {
                let [.., a, b, c, d] = wrapped.octets();
                IpAddr::V4(Ipv4Addr::new(a, b, c, d))
            }
            None => address,
        },
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !SPECIAL_V4.iter().any(|network| contains_v4(*network, address)),
        IpAddr::V6(address) => {
            contains_v6(GLOBAL_V6, address)
                && !SPECIAL_V6.iter().any(|network| contains_v6(*network, address))
        }
    }
}

fn contains_v4((network, length): ([u8; 4], u8), address: Ipv4Addr) -> bool {
    let differ = u32::from_be_bytes(network) ^ address.to_bits();
    differ.leading_zeros() >= u32::from(length)
}

fn contains_v6((network, length): ([u16; 8], u8), address: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = network;
    let differ = Ipv6Addr::new(a, b, c, d, e, f, g, h).to_bits() ^ address.to_bits();
    differ.leading_zeros() >= u32::from(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admitted(allowed: &[&str], address: &str) -> bool {
        let allowed = allowed.iter().map(|network| network.parse().unwrap()).collect();
        Networks::new(allowed).permits(SocketAddr::new(address.parse().unwrap(), 443))
    }

    #[test]
    fn the_own_address_may_be_connected_to_at_its_port_alone() {
        let own = Networks::default().and_own("127.0.0.1:8080".parse().ok());
        assert!(own.permits("127.0.0.1:8080".parse().unwrap()));
        for other in ["127.0.0.1:8081", "127.0.0.2:8080", "[::1]:8080", "10.0.0.1:8080"] {
            assert!(!own.permits(other.parse().unwrap()), "{other}");
        }
    }

    #[test]
    fn public_addresses_may_be_connected_to() {
        for address in [
            "1.1.1.1",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00:1450::1",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
        ] {
            assert!(admitted(&[], address), "{address}");
        }
    }

    #[test]
    fn nothing_else_may_however_it_is_wrapped() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.254",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
        ] {
            assert!(!admitted(&[], address), "{address}");
            let v4: Ipv4Addr = address.parse().unwrap();
            let [a, b, c, d] = v4.octets().map(u16::from);
            let (high, low) = (a << 8 | b, c << 8 | d);
            for wrapped in [
                Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, high, low),
                Ipv6Addr::new(0, 0, 0, 0, 0, 0, high, low),
                Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, high, low),
                Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
                Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, high, low),
                Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
                Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, !high, !low),
            ] {
                assert!(!admitted(&[], &wrapped.to_string()), "{wrapped}");
            }
        }
        for address in [
            "::",
            "::1",
            "100::1",
            "2001:2::1",
            "2001:10::1",
            "2001:db8::1",
            "2002:0808:0808::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!admitted(&[], address), "{address}");
        }
    }

    #[test]
    fn what_the_operator_names_may_be_connected_to_and_nothing_beside_it() {
        let allowed = ["10.1.0.0/16", "fd00:1::/32"];
        for address in ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3", "fd00:1::5"] {
            assert!(admitted(&allowed, address), "{address}");
        }
        for address in ["10.2.0.1", "127.0.0.1", "169.254.169.254", "fd00:2::1", "::1"] {
            assert!(!admitted(&allowed, address), "{address}");
        }
        assert!(admitted(&["64:ff9b::/96"], "64:ff9b::10.0.0.1"));
        assert!(!admitted(&["64:ff9b::/96"], "10.0.0.1"));
    }
}
