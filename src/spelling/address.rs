//! E-mail addresses: one parser for all forms that people, identity providers, mail servers and
//! tokens use (RFC 5321, RFC 6531, UTS 46).

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::characters::{Unseen, is_joiner, is_unassigned, is_unseen, width_mapped};
use super::{domain, text};

/// The longest local part, in octets (RFC 5321 §4.5.3.1.1).
pub const LONGEST_LOCAL: usize = 64;
/// The longest input, in octets. No spelling of a valid address is longer.
const LONGEST_INPUT: usize = 2000;

/// A valid e-mail address.
#[derive(Clone, Debug)]
pub struct Address {
    given: String,
    key: String,
}

/// The reason why a text is not an address. The message continues the name of a field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAddress {
    /// The text is empty or only white space.
    #[error("an e-mail address is needed, such as jane@kong.example")]
    Empty,
    /// The text contains a control character or an invisible character.
    #[error("there is {0}; type the address again without it")]
    Unseen(Unseen),
    /// The text contains white space.
    #[error("there is a blank inside; an e-mail address has no blanks")]
    Blank,
    /// The text contains more than one address.
    #[error("give only one e-mail address, not a list")]
    List,
    /// The text contains a name besides the address, or an address in brackets.
    #[error("give only the e-mail address, without a name, brackets or quotation marks")]
    Brackets,
    /// The text is a `mailto:` link.
    #[error("give only the e-mail address, without \"mailto:\"")]
    Link,
    /// The text contains no `@`, or several.
    #[error("an e-mail address has one @, between a name and a domain, such as jane@kong.example")]
    At,
    /// The character is not allowed before the `@`.
    #[error("the character \"{0}\" cannot stand before the @ of an e-mail address")]
    Local(char),
    /// The local part begins or ends with a dot, or has two in a row.
    #[error(
        "before the @ of an e-mail address, a dot cannot be first, last or next to another dot"
    )]
    Dots,
    /// The address is longer than mail servers accept.
    #[error(
        "the e-mail address is too long: at most {LONGEST_LOCAL} octets before the @ and 253 after it"
    )]
    TooLong,
    /// The domain has a port.
    #[error("the domain has a port; an e-mail address has none")]
    Port,
    /// The domain is an IP address.
    #[error("the domain is an IP address; give the name of a domain, such as kong.example")]
    IpAddress,
    /// The domain is invalid.
    #[error("\"{0}\" is not a domain that mail can be sent to, such as kong.example")]
    Domain(String),
}

impl Address {
    /// Parses an address in any spelling.
    ///
    /// # Errors
    /// Returns an [`InvalidAddress`] that says what is wrong and what to do.
    pub fn parse(text: &str) -> Result<Self, InvalidAddress> {
        let given = plain(text)?;
        let key = Parts::of(&given)?.key();
        Ok(Self { given: given.into_owned(), key })
    }

    /// Returns the address as given, for display: trimmed, with width variants replaced by ordinary
    /// letters, in normal form C.
    pub fn as_str(&self) -> &str {
        &self.given
    }

    /// Returns the key by which addresses are compared. All spellings of an address have the same
    /// key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the local part as given: only the mail server knows whether letter case matters in
    /// it.
    pub fn local(&self) -> &str {
        self.given.split_once('@').map_or("", |(local, _)| local)
    }

    /// Returns the domain in canonical form: A-labels in lower case, without a trailing dot.
    pub fn domain(&self) -> &str {
        self.key.split_once('@').map_or("", |(_, domain)| domain)
    }

    /// Returns the address to send mail to: the local part as given, and the domain as DNS knows
    /// it.
    pub fn deliverable(&self) -> String {
        format!("{}@{}", self.local(), self.domain())
    }
}

impl PartialEq for Address {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Address {}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.given)
    }
}

impl FromStr for Address {
    type Err = InvalidAddress;

    fn from_str(text: &str) -> Result<Self, InvalidAddress> {
        Self::parse(text)
    }
}

/// Returns the key of the address; `None` if the text is not an address.
pub fn key_of_address(text: &str) -> Option<String> {
    let plain = plain(text).ok()?;
    Some(Parts::of(&plain).ok()?.key())
}

/// Returns `true` if the text is an address.
pub fn is_address(text: &str) -> bool {
    plain(text).is_ok_and(|plain| Parts::of(&plain).is_ok())
}

/// Returns the canonical domain of the address; `None` if the text is not an address.
pub fn domain_of(text: &str) -> Option<String> {
    let plain = plain(text).ok()?;
    Some(Parts::of(&plain).ok()?.domain.into_owned())
}

/// Returns the text trimmed, with width variants replaced by ordinary letters, in normal form C.
fn plain(text: &str) -> Result<Cow<'_, str>, InvalidAddress> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(InvalidAddress::Empty);
    }
    if trimmed.len() > LONGEST_INPUT {
        return Err(InvalidAddress::TooLong);
    }
    // Some languages need joiners in domains; IDNA decides where they are allowed.
    let is_refused = |part: &str, joiners: bool| {
        part.chars().any(|character| {
            (is_unseen(character) || is_unassigned(character)) && !(joiners && is_joiner(character))
        })
    };
    let (before, after) = trimmed.rsplit_once(['@', '＠']).unwrap_or((trimmed, ""));
    if is_refused(before, false) || is_refused(after, true) {
        let at = before.chars().count();
        let mut unseen =
            Unseen::first(text, |character| is_unseen(character) || is_unassigned(character));
        if let Some(found) = unseen
            && is_joiner(found.character)
            && found.position > at
        {
            unseen = Unseen::first(text, |character| {
                (is_unseen(character) || is_unassigned(character)) && !is_joiner(character)
            });
        }
        return Err(unseen.map_or(InvalidAddress::At, InvalidAddress::Unseen));
    }
    Ok(match width_mapped(trimmed) {
        Cow::Borrowed(same) => text::nfc(same),
        Cow::Owned(mapped) => Cow::Owned(text::nfc(&mapped).into_owned()),
    })
}

/// The local part and the domain of an address.
struct Parts<'a> {
    local: &'a str,
    domain: Cow<'a, str>,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Result<Self, InvalidAddress> {
        if text.contains(char::is_whitespace) {
            return Err(InvalidAddress::Blank);
        }
        if text.contains([',', ';']) {
            return Err(InvalidAddress::List);
        }
        if text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("mailto:")) {
            return Err(InvalidAddress::Link);
        }
        let mut sides = text.split('@');
        let (Some(local), Some(host), None) = (sides.next(), sides.next(), sides.next()) else {
            return Err(InvalidAddress::At);
        };
        if local.is_empty() || host.is_empty() {
            return Err(InvalidAddress::At);
        }
        if text.contains(['<', '>', '"', '(', ')']) {
            return Err(InvalidAddress::Brackets);
        }
        check_local(local)?;
        Ok(Self { local, domain: read_domain(host)? })
    }

    fn key(&self) -> String {
        let local = text::plain_fold(self.local);
        let mut key = String::with_capacity(local.len() + 1 + self.domain.len());
        key.push_str(&local);
        key.push('@');
        key.push_str(&self.domain);
        key
    }
}

/// Checks the local part: `Dot-string` (RFC 5321 §4.1.2) with `UTF8-non-ascii` (RFC 6531 §3.3).
/// Quoted strings are refused, because hardly any mail server has such mailboxes.
fn check_local(local: &str) -> Result<(), InvalidAddress> {
    let is_sound = |character: char| {
        !character.is_ascii()
            || character.is_ascii_alphanumeric()
            || "!#$%&'*+-/=?^_`{|}~.".contains(character)
    };
    if let Some(wrong) = local.chars().find(|character| !is_sound(*character)) {
        return Err(InvalidAddress::Local(wrong));
    }
    if local.split('.').any(str::is_empty) {
        return Err(InvalidAddress::Dots);
    }
    match local.len() {
        0..=LONGEST_LOCAL => Ok(()),
        _ => Err(InvalidAddress::TooLong),
    }
}

fn read_domain(host: &str) -> Result<Cow<'_, str>, InvalidAddress> {
    if domain::is_ip_address(host) {
        return Err(InvalidAddress::IpAddress);
    }
    if let Some((name, port)) = host.rsplit_once(':')
        && !name.is_empty()
        && port.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Err(InvalidAddress::Port);
    }
    domain::of_mail(host).ok_or_else(|| InvalidAddress::Domain(host.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_has_one_key_however_it_is_written() {
        for spelling in [
            "José@Bücher.example",
            "jose\u{301}@xn--bcher-kva.example",
            "JOSÉ@BU\u{308}CHER.EXAMPLE.",
            "ｊｏｓé＠bücher．example",
            "josé@bücher。example",
            "josé@bücher｡example",
            " \u{A0}josé@bücher.example\t\r\n",
            "\u{3000}josé@XN--BCHER-KVA.example\u{2003}",
        ] {
            let address = Address::parse(spelling).unwrap();
            assert_eq!(address.key(), "josé@xn--bcher-kva.example", "{spelling}");
            assert_eq!(address.domain(), "xn--bcher-kva.example", "{spelling}");
            assert_eq!(Some(address.key().to_owned()), key_of_address(spelling));
            assert_eq!(Some(address.domain().to_owned()), domain_of(spelling));
        }
        let key = |text| key_of_address(text).unwrap();
        assert_ne!(key("straße@x.example"), key("strasse@x.example"));
        assert_ne!(key("jose@x.example"), key("josé@x.example"));
        assert_ne!(key("a@straße.example"), key("a@strasse.example"));
    }

    #[test]
    fn an_address_is_shown_as_given_and_sent_to_as_dns_has_it() {
        let address = Address::parse(" JOSE\u{301}.o'Neil+Tag@BÜCHER.Example. ").unwrap();
        assert_eq!(address.as_str(), "JOSÉ.o'Neil+Tag@BÜCHER.Example.");
        assert_eq!(address.deliverable(), "JOSÉ.o'Neil+Tag@xn--bcher-kva.example");
        assert_eq!(address.to_string(), address.as_str());
    }

    #[test]
    fn what_mail_could_be_sent_to_is_an_address() {
        for text in [
            "a@x",
            "no-reply@localhost",
            "o'neil+tag@kong.example",
            "x!y%z@kong.example",
            "info@日本語.example",
            "用户@例え.example",
            "me@odd_name.example",
            "a@نامه\u{200C}ای.example",
            "محمد@مثال.example",
        ] {
            assert!(Address::parse(text).is_ok(), "{text}: {:?}", Address::parse(text));
        }
    }

    #[test]
    fn what_is_no_address_is_refused_and_it_is_said_why() {
        use InvalidAddress as No;
        let reason = |text: &str| Address::parse(text).unwrap_err();
        for (text, expected) in [
            ("", No::Empty),
            (" \t", No::Empty),
            ("kong", No::At),
            ("@kong.example", No::At),
            ("a@", No::At),
            ("a@@x", No::At),
            ("a@b@kong.example", No::At),
            ("a＠b@kong.example", No::At),
            ("a b@kong.example", No::Blank),
            ("a@kong .example", No::Blank),
            ("a\u{A0}b@kong.example", No::Blank),
            ("a@x;b@x", No::List),
            ("a@x, b@x", No::Blank),
            ("a@x,b@x", No::List),
            ("a@x；b@x", No::List),
            ("<a@x>", No::Brackets),
            ("Jane<a@x>", No::Brackets),
            ("\"a\"@x", No::Brackets),
            ("mailto:a@x", No::Link),
            ("MAILTO:a@x", No::Link),
            ("a:b@x", No::Local(':')),
            ("a[b@x", No::Local('[')),
            ("a\\b@x", No::Local('\\')),
            (".a@x", No::Dots),
            ("a.@x", No::Dots),
            ("a..b@x", No::Dots),
            ("a@x:25", No::Port),
            ("a@10.0.0.1", No::IpAddress),
            ("a@[10.0.0.1]", No::IpAddress),
            ("a@[IPv6:::1]", No::IpAddress),
            ("a@x..y", No::Domain("x..y".to_owned())),
            ("a@.example", No::Domain(".example".to_owned())),
            ("a@-x.example", No::Domain("-x.example".to_owned())),
            ("a@x/y", No::Domain("x/y".to_owned())),
            ("a@xn--a.example", No::Domain("xn--a.example".to_owned())),
        ] {
            assert_eq!(reason(text), expected, "{text}");
        }
        for text in [
            "a\u{200B}@x",
            "a@x\u{200B}",
            "\u{FEFF}a@x",
            "a\u{AD}b@x",
            "a\u{200D}@x",
            "a@x\r\nRCPT TO:<c@d>",
            "a\0@x",
            "a@x\u{202E}",
            "\u{E000}@x",
            "a\u{FE0F}@x",
            "a@b\u{115F}",
        ] {
            assert!(matches!(reason(text), No::Unseen(_)), "{text:?}: {:?}", reason(text));
        }
        assert_eq!(
            reason("jane@kong\u{200B}.example").to_string(),
            "there is U+200B, an invisible character, at position 10; type the address again \
             without it"
        );
    }

    #[test]
    fn an_address_is_as_long_as_mail_servers_take_it() {
        let local = "é".repeat(32);
        assert!(Address::parse(&format!("{local}@x.example")).is_ok());
        assert_eq!(Address::parse(&format!("{local}a@x.example")), Err(InvalidAddress::TooLong));
        let domain = ["a".repeat(63), "b".repeat(63), "c".repeat(63), "d".repeat(61)].join(".");
        assert!(Address::parse(&format!("a@{domain}")).is_ok());
        assert!(Address::parse(&format!("a@{domain}d")).is_err());
        assert_eq!(Address::parse(&"ü".repeat(2000)), Err(InvalidAddress::TooLong));
    }
}
