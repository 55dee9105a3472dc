//! Host names in the canonical form of DNS (IDNA, UTS 46).

use std::borrow::Cow;
use std::net::IpAddr;

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

/// The longest input, in octets. No spelling of a valid name is longer.
const LONGEST_INPUT: usize = 1000;
/// The longest name in DNS.
const LONGEST: usize = 253;
/// The longest label between dots (RFC 1035).
pub const LONGEST_LABEL: usize = 63;
/// ASCII characters that are not allowed in mail domains. Underscores are not allowed in host names
/// (STD 3), but some mail domains contain them.
const NO_MAIL: AsciiDenyList = AsciiDenyList::new(true, "!\"#$%&'()*+,/:;<=>?@[\\]^`{|}~");

/// Returns the canonical form of a host name, without the trailing dot; `None` if it is invalid.
pub fn to_ascii(text: &str) -> Option<Cow<'_, str>> {
    ascii(text, AsciiDenyList::STD3)
}

/// Returns the canonical form of a mail domain; `None` if it is invalid.
pub fn of_mail(text: &str) -> Option<Cow<'_, str>> {
    let name = ascii(text, NO_MAIL)?;
    let last = name.rsplit('.').next().unwrap_or_default();
    let sound = name.len() <= LONGEST
        && name.split('.').all(|label| !label.is_empty() && label.len() <= LONGEST_LABEL)
        // No top-level domain is a number; such a text is an IP address.
        && !last.bytes().all(|byte| byte.is_ascii_digit());
    sound.then_some(name)
}

/// Returns `true` if the text is an IP address, with or without brackets and in any width.
pub fn is_ip_address(text: &str) -> bool {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let bare = bare.strip_prefix("IPv6:").unwrap_or(bare);
    bare.parse::<IpAddr>().is_ok()
        || ascii(text, NO_MAIL).is_some_and(|name| name.parse::<IpAddr>().is_ok())
}

/// Returns the name in its own script; `None` if that is the same.
pub fn written(canonical: &str) -> Option<String> {
    let is_encoded = canonical.split('.').any(|label| label.starts_with("xn--"));
    is_encoded.then(|| idna::domain_to_unicode(canonical).0)
}

fn ascii(text: &str, denied: AsciiDenyList) -> Option<Cow<'_, str>> {
    if text.len() > LONGEST_INPUT {
        return None;
    }
    let name = Uts46::new()
        .to_ascii(text.as_bytes(), denied, Hyphens::CheckFirstLast, DnsLength::Ignore)
        .ok()?;
    Some(match name {
        Cow::Borrowed(name) => name.strip_suffix('.').unwrap_or(name).into(),
        Cow::Owned(mut name) => {
            if name.ends_with('.') {
                name.pop();
            }
            name.into()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_of_mail_is_one_that_mail_can_go_to() {
        for (text, canonical) in [
            ("Kong.Example.", "kong.example"),
            ("BÜCHER。example", "xn--bcher-kva.example"),
            ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
            ("Odd_Name.example", "odd_name.example"),
            ("localhost", "localhost"),
        ] {
            assert_eq!(of_mail(text).as_deref(), Some(canonical), "{text}");
        }
        let long = format!("{}.example", "a".repeat(64));
        for text in
            ["", ".", "a..b", ".a", "a.b..", "-a.b", "a b.c", "a,b", "a:25", "x.1", "7", &long]
        {
            assert_eq!(of_mail(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_told_from_names() {
        for text in ["10.0.0.1", "::1", "[2001:db8::1]", "[IPv6:::1]", "１０.0.0.1"] {
            assert!(is_ip_address(text), "{text}");
        }
        assert!(!is_ip_address("kong.example"));
    }
}
