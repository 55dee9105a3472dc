//! Names of things and people: full case folding, any normal form, white space collapsed.

use std::borrow::Cow;

use super::characters::{is_ignorable, single_blanks};
use super::text;

/// Returns the key by which names are compared. Characters that Unicode ignores in comparisons are
/// removed.
pub fn key(name: &str) -> String {
    text::key(&single_blanks(&shown(name), true, true))
}

/// Returns the key of a part of a name. White space is only trimmed at the requested ends, because
/// at the others the name continues.
pub fn part(text: &str, trim_start: bool, trim_end: bool) -> String {
    text::key(&single_blanks(&shown(text), trim_start, trim_end))
}

fn shown(name: &str) -> Cow<'_, str> {
    if name.is_ascii() || !name.chars().any(is_ignorable) {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(name.chars().filter(|character| !is_ignorable(*character)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_has_one_key() {
        for spelling in [
            "Zürich Straße",
            "Zu\u{308}rich Straße",
            "ZÜRICH STRASSE",
            " zürich \u{A0} straße\t",
            "Zürich\u{200B} Stra\u{AD}ße",
        ] {
            assert_eq!(key(spelling), "zürich strasse", "{spelling}");
        }
        assert_ne!(key("Zurich"), key("Zürich"));
        assert_ne!(key("SalesEU"), key("Sales EU"));
    }

    #[test]
    fn a_part_keeps_the_blank_at_which_the_name_goes_on() {
        assert_eq!(part(" Sales  ", true, false), "sales ");
        assert_eq!(part("  EU ", false, true), " eu");
    }
}
