//! What is tried.

mod bulk;
mod cursor;
mod filter;
mod masking;
mod patch;
mod path;
mod reader;
mod saml;

use std::time::Duration;

use insomnia_scim::scim::ScimError;

/// How long one input may take.
const LIMIT: Duration = Duration::from_millis(100);

/// A refusal in a few words: its text without what it repeats of the input.
fn refused(error: &ScimError) -> String {
    let mut is_ours = true;
    let mut words = format!("{} ", error.status);
    for character in error.detail.chars() {
        match character {
            '"' => is_ours = !is_ours,
            _ if is_ours && character.is_ascii_alphabetic() => words.push(character),
            _ => {}
        }
    }
    words.chars().take(60).collect()
}

/// Nothing if they are the same, else what they are.
fn same<T: PartialEq + std::fmt::Debug>(what: &str, one: &T, other: &T) -> Result<(), String> {
    if one == other { Ok(()) } else { Err(format!("{what}:\n{one:?}\n{other:?}")) }
}
