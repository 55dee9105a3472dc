//! Letter case and normal form: what "compared without case" means, in filters and in database keys
//! alike.

use std::borrow::Cow;

use icu_casemap::{CaseMapper, CaseMapperBorrowed};
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

const CASES: CaseMapperBorrowed<'static> = CaseMapper::new();

/// The text in normal form C: composed and decomposed letters are one.
pub fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        Cow::Borrowed(text)
    } else {
        ComposingNormalizerBorrowed::new_nfc().normalize(text)
    }
}

/// The key of a text that is compared without letter case: full case folding of what is the same in
/// any normal form (Unicode, D145). `Straße` and `STRASSE` are one.
pub fn key(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let apart = DecomposingNormalizerBorrowed::new_nfd().normalize(text);
    nfc(&CASES.fold_string(&apart)).into_owned()
}

/// The text in lower case, character for character, in normal form C. Unlike [`key`] it makes no
/// two letters of one: `straße` and `strasse` are two mailboxes, and may be two people.
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
            // The only letter whose lower case is two characters.
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
