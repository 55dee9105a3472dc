//! Domain names, in the canonical form in which they are stored, compared and looked up.

use std::fmt;
use std::net::IpAddr;

use spelling::domain::{LONGEST_LABEL, is_ip_address, to_ascii};

/// Maximum length of a name in canonical form. DNS allows 253 characters; the name of the
/// verification record needs some of them.
pub const LONGEST: usize = 253 - (CHALLENGE.len() + 1);
/// Maximum length of the input; no valid name is longer in any form.
const LONGEST_INPUT: usize = 1000;
/// The label under which a domain's verification record is published.
const CHALLENGE: &str = "_insomnia-challenge";

/// Why a domain name cannot be verified.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidDomain {
    /// Not a domain name.
    #[error("\"{0}\" is not a domain name such as kongair.example")]
    NotAName(String),
    /// A URL or an e-mail address.
    #[error("\"{0}\" is more than a domain name: enter only the name, such as kongair.example")]
    MoreThanAName(String),
    /// An IP address.
    #[error("\"{0}\" is an IP address; enter the name of a domain, such as kongair.example")]
    IpAddress(String),
    /// A name with a wildcard label.
    #[error(
        "\"{0}\" has a wildcard; enter the domain itself. Its subdomains are then verified without \
         records of their own"
    )]
    Wildcard(String),
    /// A public suffix, under which anyone can register names.
    #[error(
        "\"{0}\" is a public suffix, under which anybody can register names; enter your own domain \
         below it"
    )]
    PublicSuffix(String),
    /// A name or a label that is longer than DNS allows.
    #[error(
        "the name is too long: at most {LONGEST} characters, and {LONGEST_LABEL} between two dots"
    )]
    TooLong,
}

/// The name of a domain that can be verified: lower case, ASCII, without a trailing dot.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DomainName(String);

impl DomainName {
    /// Parses a name in any form that people write: internationalised or punycode, in any letter
    /// case, with or without a trailing dot (UTS 46).
    pub fn parse(text: &str) -> Result<Self, InvalidDomain> {
        let text = text.trim();
        if text.len() > LONGEST_INPUT {
            return Err(InvalidDomain::TooLong);
        }
        let shown = || text.to_owned();
        if is_ip_address(text) {
            return Err(InvalidDomain::IpAddress(shown()));
        }
        if text.contains(['@', '/', ':', '?', '#']) {
            return Err(InvalidDomain::MoreThanAName(shown()));
        }
        if text.split('.').any(|label| label.trim() == "*") {
            return Err(InvalidDomain::Wildcard(shown()));
        }
        let name = to_ascii(text).ok_or_else(|| InvalidDomain::NotAName(shown()))?;
        if name.parse::<IpAddr>().is_ok() {
            return Err(InvalidDomain::IpAddress(shown()));
        }
        if name.len() > LONGEST || name.split('.').any(|label| label.len() > LONGEST_LABEL) {
            return Err(InvalidDomain::TooLong);
        }
        let name = Self(name.into_owned());
        if name.is_public_suffix() {
            return Err(InvalidDomain::PublicSuffix(shown()));
        }
        let last = name.0.rsplit('.').next().unwrap_or_default();
        let sound = name.0.contains('.')
            && name.0.split('.').all(|label| !label.is_empty())
            // No top-level domain is a number; a name that ends with one was meant as an IP
            // address.
            && !last.bytes().all(|byte| byte.is_ascii_digit());
        if sound { Ok(name) } else { Err(InvalidDomain::NotAName(shown())) }
    }

    /// Wraps a name that was already validated before it was stored.
    pub fn stored(name: String) -> Self {
        Self(name)
    }

    /// Returns the canonical form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name in Unicode, for display.
    pub fn unicode(&self) -> String {
        idna::domain_to_unicode(&self.0).0
    }

    /// Returns the parent domains, nearest first, without top-level domains.
    pub fn above(&self) -> Vec<String> {
        let dots = self.0.match_indices('.').map(|(dot, _)| dot + 1);
        let names = dots.filter_map(|start| self.0.get(start..));
        names.filter(|name| name.contains('.')).map(str::to_owned).collect()
    }

    /// Returns the name of the TXT record that verifies this domain.
    pub fn challenge(&self) -> String {
        format!("{CHALLENGE}.{}", self.0)
    }

    /// Private suffixes count as public suffixes, too: customers of the company own the names
    /// below.
    fn is_public_suffix(&self) -> bool {
        // The public suffix list has internationalised suffixes in Unicode.
        [self.0.clone(), self.unicode()].iter().any(|name| {
            psl::suffix(name.as_bytes())
                .is_some_and(|suffix| suffix.is_known() && suffix.as_bytes() == name.as_bytes())
        })
    }
}

impl fmt::Display for DomainName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.unicode())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> DomainName {
        DomainName::parse(text).unwrap()
    }

    #[test]
    fn every_spelling_of_a_name_is_one() {
        for text in
            ["kongair.example", " KongAir.Example. ", "kongair。example", "ＫＯＮＧＡＩＲ.example"]
        {
            assert_eq!(name(text).as_str(), "kongair.example", "{text}");
        }
        for text in
            ["bücher.example", "BÜCHER.example", "xn--bcher-kva.example", "bu\u{308}cher.example."]
        {
            assert_eq!(name(text).as_str(), "xn--bcher-kva.example", "{text}");
            assert_eq!(name(text).unicode(), "bücher.example");
            assert_eq!(name(text).to_string(), "bücher.example");
        }
        assert_eq!(name("straße.example").unicode(), "straße.example");
    }

    #[test]
    fn what_is_no_domain_of_ones_own_is_refused_and_it_is_said_why() {
        let reason = |text: &str| DomainName::parse(text).unwrap_err();
        for text in [
            "",
            ".",
            "localhost",
            "a..b",
            "-a.example",
            "a_b.example",
            "a b.example",
            "xn--\u{e9}.example",
            "xn--a.example",
            "1.2.3.4.5",
            "a\0.example",
            "x.1",
        ] {
            assert!(
                matches!(reason(text), InvalidDomain::NotAName(_)),
                "{text}: {:?}",
                reason(text)
            );
        }
        for text in
            ["https://kongair.example", "kongair.example/x", "a@kongair.example", "a.example:80"]
        {
            assert!(matches!(reason(text), InvalidDomain::MoreThanAName(_)), "{text}");
        }
        for text in ["10.0.0.1", "::1", "[2001:db8::1]", "１０.0.0.1"] {
            assert!(matches!(reason(text), InvalidDomain::IpAddress(_)), "{text}");
        }
        for text in ["com", "co.uk", "CO.UK.", "github.io", "公司.cn", "xn--55qx5d.cn", "foo.ck"]
        {
            assert!(matches!(reason(text), InvalidDomain::PublicSuffix(_)), "{text}");
        }
        assert!(matches!(reason("*.kongair.example"), InvalidDomain::Wildcard(_)));
        let long = format!("{}.example", "a".repeat(64));
        assert_eq!(reason(&long), InvalidDomain::TooLong);
        assert_eq!(reason(&"a.".repeat(120)), InvalidDomain::TooLong);
        assert_eq!(reason(&"ü".repeat(2000)), InvalidDomain::TooLong);
    }

    #[test]
    fn a_name_can_be_as_long_as_its_record_allows() {
        let longest =
            format!("{}.{}.{}.{}", "a".repeat(63), "b".repeat(63), "c".repeat(63), "d".repeat(41));
        assert_eq!(name(&longest).challenge().len(), 253);
        assert_eq!(DomainName::parse(&format!("{longest}d")), Err(InvalidDomain::TooLong));
    }

    #[test]
    fn the_domains_above_end_below_the_top() {
        assert_eq!(name("a.eu.kongair.example").above(), ["eu.kongair.example", "kongair.example"]);
    }

    #[test]
    fn a_name_below_a_public_suffix_is_ones_own() {
        for text in ["konghq.com", "kong.co.uk", "kong.github.io"] {
            assert_eq!(name(text).as_str(), text);
        }
    }

    #[test]
    fn input_may_be_longer_than_the_name_in_it_up_to_a_limit() {
        // Soft hyphens are not part of a name.
        let padded = |hyphens: usize| format!("kong{}air.example.", "\u{AD}".repeat(hyphens));
        let most = (LONGEST_INPUT - padded(0).len()) / 2;
        assert_eq!(padded(most).len(), LONGEST_INPUT);
        assert_eq!(name(&padded(most)).as_str(), "kongair.example");
        assert_eq!(DomainName::parse(&padded(most + 1)), Err(InvalidDomain::TooLong));
    }
}
