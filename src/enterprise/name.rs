//! Names: what they are compared by, and which are refused.

use spelling;
use spelling::characters::{Unseen, is_control, is_unseen, is_unseen_in_name};

use super::words::words;

words! {
    /// What has a name that may be only once.
    Named {
        /// An account.
        Account = "account",
        /// An organization.
        Organization = "organization",
        /// A team.
        Team = "team",
        /// A member, by user name.
        Member = "member",
        /// A person, by address.
        Person = "person",
        /// A pending invitation, by address.
        Invitation = "invitation",
        /// An activation code that is not used, by customer.
        ActivationCode = "activation_code",
    }
}

/// What names of teams, organizations, accounts and people are compared by, and unique by.
pub fn key(name: &str) -> String {
    spelling::name::key(name)
}

/// What user names are compared by. A user name that is an address is that address, however either
/// of them is written.
pub fn user_key(user_name: &str) -> String {
    spelling::user_name::key(user_name)
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
    /// A control character, or one that nobody sees.
    #[error("a name must not have {0}; remove it")]
    Unseen(Unseen),
}

/// The name without blanks around it.
///
/// # Errors
/// [`InvalidName`].
pub fn check(name: &str) -> Result<&str, InvalidName> {
    let trimmed = seen(name, is_unseen_in_name)?;
    match trimmed.chars().count() {
        0..=LONGEST => Ok(trimmed),
        _ => Err(InvalidName::TooLong),
    }
}

/// The user name without blanks around it. Of characters that nobody sees none is left: two names
/// that look alike are one.
///
/// # Errors
/// [`InvalidName`].
pub fn check_user_name(user_name: &str) -> Result<&str, InvalidName> {
    seen(user_name, is_unseen)
}

/// A text that is shown in one line, without blanks around it; of a person, say, whose directory may
/// have any signs in it but controls and line breaks. It may be empty.
///
/// # Errors
/// [`InvalidName::Unseen`].
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
}
