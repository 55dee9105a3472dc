//! User names (RFC 7644 §5, RFC 8265 UsernameCaseMapped), as far as the characters that identity
//! providers really send allow: blanks, backslashes and symbols stay.

use super::characters::{single_blanks, width_mapped};
use super::{address, domain, text};

/// What user names are compared by. A user name that is an address is that address, however either
/// of them is written.
pub fn key(user_name: &str) -> String {
    address::key_of_address(user_name).unwrap_or_else(|| prepared(user_name, true, true))
}

/// A text that is no address, prepared for comparison; also a part of one: blanks at an end stay
/// where the part goes on.
pub fn prepared(text: &str, trim_start: bool, trim_end: bool) -> String {
    let wide = width_mapped(text);
    text::plain_fold(&single_blanks(&wide, trim_start, trim_end)).into_owned()
}

/// The key as people of the domain's language write it: parts of a user name may be parts of this
/// as well.
pub fn written(key: &str) -> Option<String> {
    let (local, host) = key.split_once('@')?;
    let written = domain::written(host)?;
    Some(format!("{local}@{written}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_user_name_has_one_key() {
        for spelling in
            ["Renée Müller", "rene\u{301}e  mu\u{308}ller ", "\u{3000}ＲＥＮÉＥ　müller"]
        {
            assert_eq!(key(spelling), "renée müller", "{spelling}");
        }
        assert_eq!(key("KONG\\Jane"), "kong\\jane");
        assert_ne!(key("straße"), key("strasse"));
    }

    #[test]
    fn a_user_name_that_is_an_address_has_the_key_of_the_address() {
        for spelling in ["José@Bücher.example", "jose\u{301}＠xn--bcher-kva．example.\u{A0}"] {
            assert_eq!(key(spelling), "josé@xn--bcher-kva.example", "{spelling}");
        }
        assert_eq!(written("josé@xn--bcher-kva.example").as_deref(), Some("josé@bücher.example"));
        assert_eq!(written("jane@kong.example"), None);
    }
}
