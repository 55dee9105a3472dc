//! Property tests with arbitrary texts.

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use proptest::prelude::*;

use super::{Address, address, name, text, user_name};

/// Generates texts with characters that can be spelled in several ways, among others.
fn spelled() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => "[a-zA-Z0-9.@_-]{1,3}",
        2 => prop::sample::select(vec![
            "é", "e\u{301}", "İ", "ß", "ẞ", "ς", "Σ", "ｋ", "Ｋ", "＠", "．", "。", "｡", "ｶﾞ", "ü",
            "U\u{308}", " ", "\u{A0}", "\u{3000}", "\t", "\u{200B}", "\u{200D}", "\u{AD}", "J\u{30C}",
            "\u{345}", "Å", "xn--bcher-kva", "bücher", "@x.example", "ﬁ", "日本", "עברית",
        ]).prop_map(str::to_owned),
        1 => ".{1,2}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// Returns the same text in other spellings.
fn respelled(text: &str) -> [String; 4] {
    let wide = |character: char| match character {
        '!'..='~' => char::from_u32(u32::from(character) + 0xFEE0).unwrap(),
        other => other,
    };
    [
        DecomposingNormalizerBorrowed::new_nfd().normalize(text).into_owned(),
        ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned(),
        format!("\u{A0}{text}\r\n"),
        text.chars().map(wide).collect(),
    ]
}

proptest! {
    #[test]
    fn an_address_has_one_key_in_every_spelling(text in spelled()) {
        let key = address::key_of_address(&text);
        prop_assert_eq!(key.clone(), Address::parse(&text).ok().map(|read| read.key().to_owned()));
        if let Some(key) = key {
            for other in respelled(&text) {
                // Decomposed letters take more octets, and the length of an address is limited.
                if text.len() < 30 {
                    prop_assert_eq!(address::key_of_address(&other), Some(key.clone()), "{}", other);
                }
            }
            let upper = text.to_ascii_uppercase();
            prop_assert_eq!(address::key_of_address(&upper), Some(key.clone()));
            prop_assert_eq!(user_name::key(&key), key);
        }
    }

    #[test]
    fn what_is_sent_to_is_the_same_address(text in spelled()) {
        if let Ok(read) = Address::parse(&text) {
            let sent = Address::parse(&read.deliverable()).unwrap();
            prop_assert_eq!(sent.key(), read.key());
            prop_assert_eq!(sent.deliverable(), read.deliverable());
            let shown = Address::parse(read.as_str()).unwrap();
            prop_assert_eq!(shown.key(), read.key());
            prop_assert!(sent.domain().is_ascii());
        }
    }

    #[test]
    fn a_user_name_has_one_key_in_every_spelling(text in spelled()) {
        prop_assume!(text.len() < 30);
        let key = user_name::key(&text);
        for other in respelled(&text) {
            prop_assert_eq!(user_name::key(&other), key.clone(), "{}", other);
        }
        prop_assert_eq!(user_name::key(&text.to_ascii_uppercase()), key.clone());
        prop_assert_eq!(user_name::key(text.trim()), key);
    }

    #[test]
    fn a_name_has_one_key_in_every_spelling(text in spelled()) {
        let key = name::key(&text);
        for other in respelled(&text).iter().take(3) {
            prop_assert_eq!(name::key(other), key.clone(), "{}", other);
        }
        prop_assert_eq!(name::key(&key), key);
    }

    #[test]
    fn folded_texts_are_folded(text in ".*") {
        let key = text::key(&text);
        prop_assert_eq!(text::key(&key), key);
        let folded = text::plain_fold(&text);
        prop_assert_eq!(text::plain_fold(&folded), folded.clone());
    }
}
