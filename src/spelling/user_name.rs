//! User names (RFC 7644 §5, RFC 8265 UsernameCaseMapped). Spaces, backslashes and symbols are
//! allowed beyond PRECIS, because identity providers send them.

use super::characters::{single_blanks, width_mapped};
use super::{address, domain, text};

/// Returns the key by which user names are compared. A user name that is an address has the key of
/// that address, in any spelling.
pub fn key(user_name: &str) -> String {
    address::key_of_address(user_name).unwrap_or_else(|| prepared(user_name, true, true))
}

/// Prepares a user name that is not an address, or a part of one, for comparison. White space is
/// only trimmed at the requested ends, because at the others the user name continues.
pub fn prepared(text: &str, trim_start: bool, trim_end: bool) -> String {
    let wide = width_mapped(text);
    text::plain_fold(&single_blanks(&wide, trim_start, trim_end)).into_owned()
}

/// Returns the key with the domain in its own script, because a part of a user name may be spelled
/// that way.
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
