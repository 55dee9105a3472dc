//! E-mail addresses, as far as the domain looks into them.

use super::domain_name;

/// What addresses are compared by: two spellings of one address have one key.
pub fn key(text: &str) -> String {
    super::name::key(text)
}

/// Whether the text is an address: something, `@`, a domain; no blanks.
pub fn is_address(text: &str) -> bool {
    domain(text).is_some()
}

/// The domain of an address, in its canonical form.
pub fn domain(text: &str) -> Option<String> {
    let (local, domain) = text.rsplit_once('@')?;
    let sound = !local.is_empty()
        && !domain.is_empty()
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !text.chars().any(|character| character.is_whitespace() || character.is_control());
    sound.then(|| domain_name::canonical(domain))
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
    fn an_address_has_two_sides_and_no_blanks() {
        assert!(is_address("o'neil+tag@Kong.Example"));
        for text in ["kong", "@kong.example", "a@", "a b@kong.example", "a@.example", "a@example."]
        {
            assert!(!is_address(text), "{text}");
        }
        assert_eq!(domain("A@Kong.Example").as_deref(), Some("kong.example"));
        assert_eq!(domain("a@Bücher.example").as_deref(), Some("xn--bcher-kva.example"));
    }

    #[test]
    fn nameless_people_are_named_after_their_address() {
        let name = |given: &str, family: &str| (given.to_owned(), family.to_owned());
        assert_eq!(placeholder_name("jane.van-doe@x.example"), name("Jane", "Van Doe"));
        assert_eq!(placeholder_name("owner@kong.example"), name("Owner", "Kong"));
        assert_eq!(placeholder_name("x"), name("X", "X"));
    }
}
