//! Names that are compared without letter case.

/// What is compared and unique: the name folded as filters fold it, so that an index finds exactly
/// what a filter means.
pub fn key(name: &str) -> String {
    crate::scim::filter::fold(name)
}

/// What user names are compared by. A user name that is an address is that address, however either
/// of them is written.
pub fn user_key(user_name: &str) -> String {
    super::address::key(user_name)
}

/// Longest name of an account, organization or team, in characters.
pub const LONGEST: usize = 255;

/// Why a name is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// Nothing but blanks.
    #[error("a name must not be empty")]
    Empty,
    /// Longer than [`LONGEST`].
    #[error("a name must have at most {LONGEST} characters")]
    TooLong,
}

/// The name without blanks around it.
///
/// # Errors
/// [`InvalidName`].
pub fn check(name: &str) -> Result<&str, InvalidName> {
    let name = name.trim();
    if name.is_empty() {
        Err(InvalidName::Empty)
    } else if name.chars().count() > LONGEST {
        Err(InvalidName::TooLong)
    } else {
        Ok(name)
    }
}
