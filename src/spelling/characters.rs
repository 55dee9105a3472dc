//! Characters that are not what they seem: width variants and invisible characters.

use std::borrow::Cow;
use std::fmt;

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::props::{
    DefaultIgnorableCodePoint, EastAsianWidth, GeneralCategory, NoncharacterCodePoint,
    PrependedConcatenationMark, VariationSelector,
};
use icu_properties::{CodePointMapData, CodePointSetData};

const ZERO_WIDTH_NON_JOINER: char = '\u{200C}';
const ZERO_WIDTH_JOINER: char = '\u{200D}';
/// A Braille cell without dots. It looks like a space but is not white space.
const BRAILLE_BLANK: char = '\u{2800}';

/// A refused character and its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unseen {
    /// The refused character.
    pub character: char,
    /// Its position in the text, counted from 1.
    pub position: usize,
}

impl Unseen {
    /// Returns the first character of the trimmed text that the test refuses.
    pub fn first(text: &str, refused: impl Fn(char) -> bool) -> Option<Self> {
        let blanks = text.chars().take_while(|character| character.is_whitespace()).count();
        let mut characters = text.trim().chars().enumerate();
        let (index, character) = characters.find(|(_, character)| refused(*character))?;
        Some(Self { character, position: blanks + index + 1 })
    }
}

impl fmt::Display for Unseen {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.character {
            '\0' => "NUL",
            '\t' => "a tab",
            '\n' | '\u{B}' | '\u{C}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => "a line break",
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => "a change of writing direction",
            other if other.is_control() => "a control character",
            other if is_unassigned(other) => "not a character of Unicode",
            _ => "an invisible character",
        };
        let Self { character, position } = self;
        write!(formatter, "U+{:04X}, {kind}, at position {position}", u32::from(*character))
    }
}

/// Returns `true` if Unicode ignores the character in comparisons, because it is not visible by
/// itself.
pub fn is_ignorable(character: char) -> bool {
    !character.is_ascii()
        && CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
}

/// Returns `true` if the character is a control character or invisible. White space counts as
/// visible.
pub fn is_unseen(character: char) -> bool {
    if character.is_ascii() {
        return character.is_control();
    }
    let category = CodePointMapData::<GeneralCategory>::new().get(character);
    match category {
        GeneralCategory::Control
        | GeneralCategory::LineSeparator
        | GeneralCategory::ParagraphSeparator => true,
        // Signs that precede numbers are in this category, but visible.
        GeneralCategory::Format => {
            !CodePointSetData::new::<PrependedConcatenationMark>().contains(character)
        }
        _ => {
            is_ignorable(character)
                || character == BRAILLE_BLANK
                || CodePointSetData::new::<NoncharacterCodePoint>().contains(character)
        }
    }
}

/// Returns `true` if the character is invisible and not allowed in a name. Joiners and variation
/// selectors are allowed, because they change the appearance of neighbouring characters.
pub fn is_unseen_in_name(character: char) -> bool {
    is_unseen(character)
        && !is_joiner(character)
        && !CodePointSetData::new::<VariationSelector>().contains(character)
}

/// Returns `true` for the two joiners, which some languages need.
pub fn is_joiner(character: char) -> bool {
    matches!(character, ZERO_WIDTH_JOINER | ZERO_WIDTH_NON_JOINER)
}

/// Returns `true` if the character is a line break or another control character.
pub fn is_control(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

/// Returns `true` if the character is unassigned in Unicode or for private use.
pub fn is_unassigned(character: char) -> bool {
    !character.is_ascii()
        && matches!(
            CodePointMapData::<GeneralCategory>::new().get(character),
            GeneralCategory::Unassigned | GeneralCategory::PrivateUse
        )
}

/// Replaces wide and narrow variants by the ordinary characters (RFC 8264 §5.2.1).
pub fn width_mapped(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.chars().any(has_other_width) {
        return Cow::Borrowed(text);
    }
    let plain = ComposingNormalizerBorrowed::new_nfkc();
    let mut mapped = String::with_capacity(text.len());
    for character in text.chars() {
        if has_other_width(character) {
            mapped.extend(plain.normalize_iter(std::iter::once(character)));
        } else {
            mapped.push(character);
        }
    }
    Cow::Owned(mapped)
}

fn has_other_width(character: char) -> bool {
    !character.is_ascii()
        && matches!(
            CodePointMapData::<EastAsianWidth>::new().get(character),
            EastAsianWidth::Fullwidth | EastAsianWidth::Halfwidth
        )
}

/// Replaces every run of white space by one space, and trims the requested ends.
pub fn single_blanks(text: &str, trim_start: bool, trim_end: bool) -> Cow<'_, str> {
    let text = if trim_start { text.trim_start() } else { text };
    let text = if trim_end { text.trim_end() } else { text };
    let mut former = '.';
    let is_single = text.chars().all(|character| {
        let is_fine = !character.is_whitespace() || (character == ' ' && former != ' ');
        former = character;
        is_fine
    });
    if is_single {
        return Cow::Borrowed(text);
    }
    let mut single = String::with_capacity(text.len());
    for character in text.chars() {
        if !character.is_whitespace() {
            single.push(character);
        } else if !single.ends_with(' ') {
            single.push(' ');
        }
    }
    Cow::Owned(single)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_and_narrow_characters_have_plain_ones() {
        assert_eq!(width_mapped("ｋｉｍ＠ｘ．ｅ"), "kim@x.e");
        assert_eq!(width_mapped("ｶﾞ"), "カ\u{3099}");
        assert_eq!(width_mapped("\u{3000}①é"), " ①é");
    }

    #[test]
    fn what_nobody_sees_is_known() {
        for unseen in "\0\n\t\u{85}\u{AD}\u{200B}\u{200D}\u{202E}\u{2028}\u{2060}\u{2800}\u{3164}\
                       \u{FE0F}\u{FEFF}\u{E0041}\u{FFFF}"
            .chars()
        {
            assert!(is_unseen(unseen), "{unseen:?}");
        }
        for seen in " a\u{A0}é\u{301}日😀\u{605}\u{3000}".chars() {
            assert!(!is_unseen(seen), "{seen:?}");
        }
        for joined in "\u{200C}\u{200D}\u{FE0F}\u{E0100}".chars() {
            assert!(!is_unseen_in_name(joined), "{joined:?}");
        }
    }

    #[test]
    fn a_refused_character_is_named_with_its_place() {
        let found = |text| Unseen::first(text, is_unseen).map(|unseen| unseen.to_string());
        assert_eq!(
            found(" é\u{200B}x"),
            Some("U+200B, an invisible character, at position 3".into())
        );
        assert_eq!(found("a\r\nb"), Some("U+000D, a line break, at position 2".into()));
        assert_eq!(found("\ta b\r\n"), None);
    }

    #[test]
    fn runs_of_blanks_are_one() {
        assert_eq!(single_blanks(" a \u{3000}b\tc ", true, true), "a b c");
        assert_eq!(single_blanks("  a\u{A0}", false, false), " a ");
        assert_eq!(single_blanks("  a  ", true, false), "a ");
        assert!(matches!(single_blanks("a b", true, true), Cow::Borrowed("a b")));
    }
}
