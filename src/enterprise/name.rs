//! Names: comparison keys and validation.

use spelling;
use spelling::characters::{Unseen, is_control, is_unseen, is_unseen_in_name};

use super::words::words;

words! {
    /// Things whose names must be unique.
    Named {
        /// An account.
        Account = "account",
        /// An organization.
        Organization = "organization",
        /// A team.
        Team = "team",
        /// A member, identified by user name.
        Member = "member",
        /// A person, identified by address.
        Person = "person",
        /// A pending invitation, identified by address.
        Invitation = "invitation",
        /// An unused activation code, identified by its customer.
        ActivationCode = "activation_code",
    }
}

/// Returns the key by which names of teams, organizations, accounts and people are compared and
/// kept unique.
pub fn key(name: &str) -> String {
    spelling::name::key(name)
}

/// Returns the key by which user names are compared. A user name that is an address has the key of
/// that address, however it is written.
pub fn user_key(user_name: &str) -> String {
    spelling::user_name::key(user_name)
}

/// Maximum length of the name of an account, organization or team, in characters.
pub const LONGEST: usize = 255;

/// Why a name is invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// The name is empty or consists of blanks only.
    #[error("a name must not be empty")]
    Empty,
    /// The name is longer than [`LONGEST`].
    #[error("a name must have at most {LONGEST} characters")]
    TooLong,
    /// The name contains a control character or an invisible one.
    #[error("a name must not have {0}; remove it")]
    Unseen(Unseen),
}

/// Validates a name and returns it without surrounding blanks.
pub fn check(name: &str) -> Result<&str, InvalidName> {
    let trimmed = seen(name, is_unseen_in_name)?;
    match trimmed.chars().count() {
        0..=LONGEST => Ok(trimmed),
        _ => Err(InvalidName::TooLong),
    }
}

/// Validates a user name and returns it without surrounding blanks. Rejects all invisible
/// characters: two user names that look the same must be the same.
pub fn check_user_name(user_name: &str) -> Result<&str, InvalidName> {
    seen(user_name, is_unseen)
}

/// Validates a single line of text and returns it without surrounding blanks. Only control
/// characters and line breaks are rejected, because directories hold people's names with all kinds
/// of characters. The text may be empty.
pub fn check_line(text: &str) -> Result<&str, InvalidName> {
    match Unseen::first(text, is_control) {
        Some(unseen) => Err(InvalidName::Unseen(unseen)),
        None => Ok(text.trim()),
    }
}

fn seen(name: &str, refused: fn(char) -> bool) -> Result<&str, InvalidName> {
    let trimmed = name.trim();
    if trimmed.is_empty() {
        return Err(InvalidName::Empty);
    }
    match Unseen::first(name, refused) {
        Some(unseen) => Err(InvalidName::Unseen(unseen)),
        None => Ok(trimmed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_may_have_what_languages_need() {
        for (given, kept) in [
            (" Sales \u{A0}EU\r\n", "Sales \u{A0}EU"),
            ("نامه\u{200C}ها", "نامه\u{200C}ها"),
            ("❤\u{FE0F} 👩\u{200D}🚀", "❤\u{FE0F} 👩\u{200D}🚀"),
        ] {
            assert_eq!(check(given), Ok(kept));
        }
        assert_eq!(check("\u{3000} "), Err(InvalidName::Empty));
        assert_eq!(check(&"é".repeat(LONGEST)).map(str::len), Ok(2 * LONGEST));
        assert_eq!(check(&"é".repeat(LONGEST + 1)), Err(InvalidName::TooLong));
    }

    #[test]
    fn what_nobody_sees_is_refused_and_named() {
        for name in [
            "a\nb",
            "a\tb",
            "a\0b",
            "a\u{202E}b",
            "a\u{200B}b",
            "\u{FEFF}a",
            "a\u{2028}b",
            "a\u{AD}b",
            "a\u{2060}b",
            "\u{3164}",
        ] {
            assert!(matches!(check(name), Err(InvalidName::Unseen(_))), "{name:?}");
            assert!(matches!(check_user_name(name), Err(InvalidName::Unseen(_))), "{name:?}");
        }
        assert_eq!(
            check("Sales\nEU").unwrap_err().to_string(),
            "a name must not have U+000A, a line break, at position 6; remove it"
        );
        assert!(check_user_name("a\u{200D}b").is_err());
        assert_eq!(check_user_name(" KONG\\Jane Doe "), Ok("KONG\\Jane Doe"));
        assert_eq!(check_user_name(" "), Err(InvalidName::Empty));
        assert_eq!(check_line(" a\u{200B} "), Ok("a\u{200B}"));
        assert!(check_line("a\nb").is_err() && check_line("").is_ok());
    }

    #[test]
    fn names_that_people_take_for_one_have_one_key() {
        assert_eq!(key(" Flight  CREW"), key("flight crew"));
        assert_ne!(key("flight crew"), key("flight crews"));
    }
}
