//! Names of the resources that a run creates: unique, and recognisable as test data.

/// The names of one run.
pub struct Names {
    /// The part that is unique to the run.
    pub run: String,
}

impl Names {
    pub fn new() -> Self {
        Self { run: uuid::Uuid::new_v4().simple().to_string() }
    }

    /// Returns a user name that cannot be a real address: `.invalid` is reserved (RFC 2606).
    pub fn user(&self, who: &str) -> String {
        format!("insomnia-scim-test-{who}-{}@scim-test.invalid", self.run)
    }

    pub fn group(&self, who: &str) -> String {
        format!("insomnia-scim-test-{who}-{}", self.run)
    }
}

/// Percent-encodes everything that is not unreserved (RFC 3986, section 2.3).
pub fn encode(text: &str) -> String {
    use std::fmt::Write;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a `String` does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

pub fn resource(endpoint: &str, id: &str) -> String {
    format!("{endpoint}/{}", encode(id))
}

/// Encodes a filter as Okta does, with `%20` for blanks.
pub fn okta_filter(attribute: &str, value: &str) -> String {
    format!("filter={}", encode(&format!("{attribute} eq \"{value}\"")))
}

/// Encodes a filter as Entra does, with `+` for blanks.
pub fn entra_filter(attribute: &str, value: &str) -> String {
    format!("filter={attribute}+eq+%22{}%22", encode(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_have_names_of_their_own() {
        let (one, other) = (Names::new(), Names::new());
        assert_ne!(one.user("okta"), other.user("okta"));
        assert!(one.user("okta").starts_with("insomnia-scim-test-okta-"));
        assert!(one.user("okta").ends_with("@scim-test.invalid"));
    }

    #[test]
    fn the_two_ways_to_write_a_filter() {
        let okta = okta_filter("userName", "a@b.example");
        assert_eq!(okta, "filter=userName%20eq%20%22a%40b.example%22");
        let entra = entra_filter("userName", "a@b.example");
        assert_eq!(entra, "filter=userName+eq+%22a%40b.example%22");
        assert_eq!(resource("/Users", "a/b?é"), "/Users/a%2Fb%3F%C3%A9");
    }
}
