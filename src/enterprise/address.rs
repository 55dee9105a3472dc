//! E-mail addresses, as far as the domain looks into them. What an address is, and which spellings
//! of it are one, is said in [`spelling::address`].

pub use spelling::address::{Address, InvalidAddress};
use spelling::{address, user_name};

/// What addresses are compared by. A text that is no address has a key, too, that of a user name:
/// look-ups find nothing by it, and do not fail.
pub fn key(text: &str) -> String {
    user_name::key(text)
}

/// Whether the text is an address that mail could be sent to.
pub fn is_address(text: &str) -> bool {
    address::is_address(text)
}

/// The domain of an address, in its canonical form.
pub fn domain(text: &str) -> Option<String> {
    address::domain_of(text)
}

/// A given and a family name, made from an address where nobody gave one: `jane.doe@kong.example`
/// is Jane Doe, `owner@kong.example` is Owner Kong. Some identity providers refuse a directory in
/// which anybody has no name.
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
