//! E-mail addresses as the domain uses them. [`spelling::address`] defines what a valid address is
//! and which spellings denote the same address.

pub use spelling::address::{Address, InvalidAddress};
use spelling::{address, user_name};

/// Returns the key by which addresses are compared. A text that is not an address gets the key of a
/// user name, so look-ups with it find nothing instead of failing.
pub fn key(text: &str) -> String {
    user_name::key(text)
}

/// Returns `true` if mail could be sent to this text as an address.
pub fn is_address(text: &str) -> bool {
    address::is_address(text)
}

/// Returns the domain of an address, in its canonical form.
pub fn domain(text: &str) -> Option<String> {
    address::domain_of(text)
}

/// Makes a given and a family name from an address, for people without a name:
/// `jane.doe@kong.example` becomes Jane Doe, `owner@kong.example` becomes Owner Kong. Some identity
/// providers reject a directory that contains a user without a name.
pub fn placeholder_name(address: &str) -> (String, String) {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let mut parts = local.split(['.', '_', '-', '+']).filter(|part| !part.is_empty());
    let given = parts.next().map_or_else(|| capitalised(local), capitalised);
    let rest: Vec<String> = parts.map(capitalised).collect();
    let family = match (rest.is_empty(), domain.split('.').next()) {
        (false, _) => rest.join(" "),
        (true, Some(label)) if !label.is_empty() => capitalised(label),
        (true, _) => given.clone(),
    };
    (given, family)
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_no_address_has_a_key_and_no_domain() {
        assert!(is_address("o'neil+tag@Kong.Example"));
        assert_eq!(domain("a@Bücher.example").as_deref(), Some("xn--bcher-kva.example"));
        assert_eq!((key("A@Kong.Example"), key("Kong ")), ("a@kong.example".into(), "kong".into()));
        assert!(!is_address("a@@kong.example"));
        assert_eq!(domain("kong"), None);
    }

    #[test]
    fn nameless_people_are_named_after_their_address() {
        let name = |given: &str, family: &str| (given.to_owned(), family.to_owned());
        assert_eq!(placeholder_name("jane.van-doe@x.example"), name("Jane", "Van Doe"));
        assert_eq!(placeholder_name("owner@kong.example"), name("Owner", "Kong"));
        assert_eq!(placeholder_name("x"), name("X", "X"));
    }
}
