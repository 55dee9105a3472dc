//! `If-Match`, `If-None-Match` and entity tags (RFC 7644 §3.14).

use super::ProvisioningError;

/// The versions that a resource may have for a request to be carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Precondition {
    /// The version must be one of these.
    wanted: Option<Versions>,
    /// The version must not be one of these.
    unwanted: Option<Versions>,
}

/// The versions named in a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Versions {
    /// Any version (`*`).
    Any,
    /// These entity tags, as sent.
    These(Vec<String>),
}

/// Returns the entity tag of a version.
pub fn entity_tag(version: i64) -> String {
    format!("W/\"{version}\"")
}

/// Compares two entity tags weakly (RFC 9110 §8.8.3.2).
fn same(one: &str, other: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    opaque(one) == opaque(other)
}

impl Versions {
    /// Parses the value of an `If-Match` or `If-None-Match` header, or of a bulk operation's
    /// `version`.
    pub fn parse(value: &str) -> Self {
        if value.trim() == "*" {
            return Self::Any;
        }
        Self::These(value.split(',').map(|tag| tag.trim().to_owned()).collect())
    }

    /// Returns `true` if the header names this entity tag.
    pub fn names(&self, tag: &str) -> bool {
        match self {
            Self::Any => true,
            Self::These(tags) => tags.iter().any(|named| same(named, tag)),
        }
    }
}

impl Precondition {
    /// Creates the precondition from the values of `If-Match` and `If-None-Match`.
    pub fn new(if_match: Option<&str>, if_none_match: Option<&str>) -> Self {
        Self { wanted: if_match.map(Versions::parse), unwanted: if_none_match.map(Versions::parse) }
    }

    /// Checks the version of an existing resource (RFC 9110 §13.1.1, §13.1.2).
    ///
    /// # Errors
    /// Fails with the current version if `If-Match` does not name it or `If-None-Match` names it.
    pub fn check(&self, version: i64) -> Result<(), ProvisioningError> {
        let tag = entity_tag(version);
        if self.wanted.as_ref().is_some_and(|wanted| !wanted.names(&tag)) {
            return Err(ProvisioningError::PreconditionFailed(tag));
        }
        if self.unwanted.as_ref().is_some_and(|unwanted| unwanted.names(&tag)) {
            return Err(ProvisioningError::VersionUnwanted(tag));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_version_passes_in_weak_and_strong_form() {
        for header in ["W/\"3\"", "\"3\"", "W/\"1\", W/\"3\"", "*"] {
            assert!(Precondition::new(Some(header), None).check(3).is_ok(), "{header}");
        }
    }

    #[test]
    fn another_version_is_refused_with_the_present_one() {
        let error = Precondition::new(Some("W/\"2\""), None).check(3).unwrap_err();
        assert!(error.to_string().contains("W/\"3\""), "{error}");
    }

    #[test]
    fn a_version_that_is_not_to_be_there_is_refused() {
        for header in ["W/\"3\"", "\"3\"", "W/\"1\", W/\"3\"", "*"] {
            let error = Precondition::new(None, Some(header)).check(3).unwrap_err();
            assert!(error.to_string().contains("If-None-Match"), "{header} {error}");
        }
        assert!(Precondition::new(None, Some("W/\"2\"")).check(3).is_ok());
        assert!(Precondition::new(Some("*"), Some("W/\"2\"")).check(3).is_ok());
        assert!(Precondition::new(Some("W/\"3\""), Some("*")).check(3).is_err());
    }
}
