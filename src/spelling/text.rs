//! Letter case and normal form: what "case-insensitive" means in filters and database keys.

use std::borrow::Cow;

use icu_casemap::{CaseMapper, CaseMapperBorrowed};
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

const CASES: CaseMapperBorrowed<'static> = CaseMapper::new();

/// Returns the text in normal form C, in which composed and decomposed letters are equal.
pub fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        Cow::Borrowed(text)
    } else {
        ComposingNormalizerBorrowed::new_nfc().normalize(text)
    }
}

/// Returns the key of a text that is compared ignoring letter case: full case folding of any normal
/// form (Unicode, D145). `Straße` and `STRASSE` have the same key.
pub fn key(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let apart = DecomposingNormalizerBorrowed::new_nfd().normalize(text);
    nfc(&CASES.fold_string(&apart)).into_owned()
}

/// Returns the text in lower case, character by character, in normal form C. Unlike [`key`] it
/// keeps different letters apart: `straße` and `strasse` are two mailboxes, possibly of two people.
pub fn plain_fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(text.to_ascii_lowercase())
        } else {
            Cow::Borrowed(text)
        };
    }
    let composed = nfc(text);
    let mut folded = String::with_capacity(composed.len());
    for character in composed.chars() {
        match character {
            // The only letter whose lower case has two characters.
            'İ' => folded.push_str("i\u{307}"),
            other => folded.push(CASES.simple_fold(other)),
        }
    }
    Cow::Owned(nfc(&folded).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_beyond_ascii_fold() {
        assert_eq!(key("ÄÖÜ Straße ΟΔΟΣ"), "äöü strasse οδοσ");
        assert_eq!(key("οδος"), key("ΟΔΟΣ"));
        assert_eq!(key("Zu\u{308}rich"), "zürich");
        assert_eq!(key("J\u{30C}"), key("ǰ"));
    }

    #[test]
    fn a_plain_fold_keeps_letters_apart() {
        assert_eq!(plain_fold("STRAẞE Straße STRASSE"), "straße straße strasse");
        assert_eq!(plain_fold("RENE\u{301}E"), "renée");
        assert_eq!(plain_fold("İ"), plain_fold("I\u{307}"));
        assert_eq!(plain_fold("J\u{30C}"), "ǰ");
        assert!(matches!(plain_fold("plain"), Cow::Borrowed(_)));
    }
}
