//! `If-Match` and entity tags (RFC 7644 §3.14), as a rule on versions.

use super::ProvisioningError;

/// The versions that a change may start from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Precondition {
    /// Any version.
    #[default]
    None,
    /// One of these entity tags, as sent.
    Versions(Vec<String>),
}

/// The entity tag of a version.
pub fn entity_tag(version: i64) -> String {
    format!("W/\"{version}\"")
}

/// Whether two entity tags are the same, compared weakly (RFC 9110 §8.8.3.2).
fn same(one: &str, other: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    opaque(one) == opaque(other)
}

impl Precondition {
    /// The precondition in the value of an `If-Match` or `If-None-Match` header, or of a bulk
    /// operation's `version`.
    pub fn parse(value: &str) -> Self {
        if value.trim() == "*" {
            return Self::None;
        }
        Self::Versions(value.split(',').map(|tag| tag.trim().to_owned()).collect())
    }

    /// Whether this version is named.
    pub fn names(&self, version: i64) -> bool {
        match self {
            Self::None => true,
            Self::Versions(tags) => tags.iter().any(|tag| same(tag, &entity_tag(version))),
        }
    }

    /// Lets the change pass only from a version that is named.
    ///
    /// # Errors
    /// [`ProvisioningError::PreconditionFailed`] with the present version.
    pub fn check(&self, version: i64) -> Result<(), ProvisioningError> {
        if self.names(version) {
            Ok(())
        } else {
            Err(ProvisioningError::PreconditionFailed(entity_tag(version)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_version_passes_in_weak_and_strong_form() {
        for header in ["W/\"3\"", "\"3\"", "W/\"1\", W/\"3\"", "*"] {
            assert!(Precondition::parse(header).check(3).is_ok(), "{header}");
        }
    }

    #[test]
    fn another_version_is_refused_with_the_present_one() {
        let error = Precondition::parse("W/\"2\"").check(3).unwrap_err();
        assert!(error.to_string().contains("W/\"3\""), "{error}");
    }
}
