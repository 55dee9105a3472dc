//! The place that a request comes from, by which unauthenticated requests are limited.

use std::net::{IpAddr, Ipv6Addr};

use actix_web::http::header::{self, HeaderMap, HeaderName};
use ipnet::IpNet;

/// An IPv4 address, or an IPv6 network of 64 bits, which is the least that one subscriber has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place(IpAddr);

impl Place {
    /// Returns the place of this address.
    pub fn of_ip(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
            }
            v4 => v4,
        })
    }
}

/// The proxies whose forwarding headers are trusted. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(std::sync::Arc<[IpNet]>);

impl TrustedProxies {
    /// Trusts the proxies in these networks.
    pub fn new(networks: Vec<IpNet>) -> Self {
        Self(networks.into())
    }

    fn name(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Returns the first hop from the right that is not a trusted proxy: everything further left
    /// was written by a client that is not trusted.
    fn first_untrusted(&self, peer: IpAddr, hops: &[Option<IpAddr>]) -> IpAddr {
        let mut last = peer;
        for hop in hops.iter().rev() {
            if !self.name(last) {
                return last;
            }
            match hop {
                Some(address) => last = *address,
                // The hop is hidden or cannot be parsed: stop at the last known address.
                None => return last,
            }
        }
        last
    }

    /// Returns the client's address of a request with these headers from this peer.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.name(peer) {
            return peer;
        }
        let hops = |name: HeaderName, read: fn(&str) -> Option<IpAddr>| -> Vec<Option<IpAddr>> {
            let lines = headers.get_all(name).map(|value| value.to_str().unwrap_or_default());
            lines.flat_map(|line| line.split(',')).map(read).collect()
        };
        let ours = hops(header::X_FORWARDED_FOR, address_in);
        let standard = hops(header::FORWARDED, forwarded_for);
        match (ours.is_empty(), standard.is_empty()) {
            (true, true) => peer,
            (false, true) => self.first_untrusted(peer, &ours),
            (true, false) => self.first_untrusted(peer, &standard),
            (false, false) => {
                // A proxy that sets one of the two headers may pass on the other as the client sent
                // it.
                let both = [ours, standard].map(|hops| self.first_untrusted(peer, &hops));
                if both[0] == both[1] { both[0] } else { peer }
            }
        }
    }
}

/// Parses an address with or without brackets and port.
fn address_in(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    if let Some(rest) = text.strip_prefix('[') {
        return rest.split(']').next()?.parse().ok();
    }
    text.parse().ok().or_else(|| text.rsplit_once(':')?.0.parse().ok())
}

/// Returns the address in the parameter `for` (RFC 7239, section 4).
fn forwarded_for(element: &str) -> Option<IpAddr> {
    element.split(';').find_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| address_in(value)).flatten()
    })
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn client(peer: &str, headers: &[(&'static str, &'static str)]) -> String {
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().unwrap());
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let proxies = TrustedProxies::new(trusted.to_vec());
        proxies.client(peer.parse().unwrap(), &map).to_string()
    }

    #[test]
    fn nobody_but_a_trusted_proxy_says_where_a_request_comes_from() {
        let said = [("x-forwarded-for", "1.1.1.1"), ("forwarded", "for=1.1.1.1")];
        assert_eq!(client("192.0.2.1", &said), "192.0.2.1");
        assert_eq!(client("10.0.0.1", &said), "1.1.1.1");
        assert_eq!(client("::ffff:10.0.0.1", &said), "1.1.1.1");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    }

    #[test]
    fn it_is_the_first_from_the_right_that_is_no_proxy() {
        for (said, from) in [
            ("6.6.6.6, 1.1.1.1", "1.1.1.1"),
            ("6.6.6.6, 1.1.1.1, 10.0.0.2", "1.1.1.1"),
            ("1.1.1.1:443", "1.1.1.1"),
            ("[2a00::1]:443", "2a00::1"),
            ("2a00::1", "2a00::1"),
            ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
            ("6.6.6.6, nonsense, 10.0.0.2", "10.0.0.2"),
            ("6.6.6.6, ", "10.0.0.1"),
        ] {
            assert_eq!(client("10.0.0.1", &[("x-forwarded-for", said)]), from, "{said}");
        }
        let lines = [("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "1.1.1.1")];
        assert_eq!(client("10.0.0.1", &lines), "1.1.1.1");
        for (said, from) in [
            ("for=6.6.6.6, for=1.1.1.1;proto=https", "1.1.1.1"),
            ("proto=https;For=\"[2a00::1]:47011\"", "2a00::1"),
            ("for=6.6.6.6, for=_hidden", "10.0.0.1"),
        ] {
            assert_eq!(client("10.0.0.1", &[("forwarded", said)]), from, "{said}");
        }
    }

    #[test]
    fn a_header_that_the_proxy_passes_on_does_not_hide_anybody() {
        let said = [("x-forwarded-for", "1.1.1.1"), ("forwarded", "for=6.6.6.6")];
        assert_eq!(client("10.0.0.1", &said), "10.0.0.1");
    }

    #[test]
    fn a_subscriber_of_ipv6_is_one_place() {
        let place = |text: &str| Place::of_ip(text.parse().unwrap());
        assert_eq!(place("2a00:1:2:3::1"), place("2a00:1:2:3:ffff::9"));
        assert_ne!(place("2a00:1:2:3::1"), place("2a00:1:2:4::1"));
        assert_eq!(place("::ffff:1.2.3.4"), place("1.2.3.4"));
        assert_ne!(place("1.2.3.4"), place("1.2.3.5"));
    }
}
