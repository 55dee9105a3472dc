//! However a signed response is modified, it is either rejected or yields what was signed.

use proptest::prelude::*;

use super::*;

fn fixtures() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        Just(fixture!("assertion-signed")),
        Just(fixture!("response-signed")),
        Just(fixture!("both-signed")),
        Just(fixture!("name-id-only")),
    ]
}

/// Splits the document at its angle brackets.
fn pieces(xml: &str) -> Vec<String> {
    xml.split_inclusive('>').map(str::to_owned).collect()
}

fn believes_only_what_was_signed(original: &str, changed: &str) -> Result<(), TestCaseError> {
    let signed = Sp::new().validate(original).unwrap();
    if let Ok(assertion) = Sp::new().validate(changed) {
        prop_assert_eq!(assertion, signed);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn with_a_character_changed(xml in fixtures(), at in any::<prop::sample::Index>(), new in any::<char>()) {
        let mut characters: Vec<char> = xml.chars().collect();
        let at = at.index(characters.len());
        characters[at] = new;
        believes_only_what_was_signed(xml, &characters.into_iter().collect::<String>())?;
    }

    #[test]
    fn with_pieces_moved_copied_and_left_out(
        xml in fixtures(),
        changes in prop::collection::vec((0..3, any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..6),
    ) {
        let mut pieces = pieces(xml);
        for (kind, from, to) in changes {
            let (from, to) = (from.index(pieces.len()), to.index(pieces.len()));
            match kind {
                0 => { pieces.remove(from); }
                1 => { let piece = pieces[from].clone(); pieces.insert(to, piece); }
                _ => pieces.swap(from, to),
            }
            if pieces.is_empty() { break }
        }
        believes_only_what_was_signed(xml, &pieces.concat())?;
    }

    #[test]
    fn with_whole_elements_moved_and_copied(
        xml in fixtures(),
        from in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(),
        copied in any::<bool>(),
        renamed in any::<bool>(),
    ) {
        let pieces = pieces(xml);
        let Some(end) = end_of(&pieces, from.index(pieces.len())) else { return Ok(()) };
        let begin = from.index(pieces.len());
        let mut element = pieces[begin..end].concat();
        if renamed {
            element = element.replace("jane@", "owner@").replace(" ID=\"_", " ID=\"_evil");
        }
        let mut rest = pieces.clone();
        if !copied { rest.drain(begin..end); }
        let at = to.index(rest.len().max(1)).min(rest.len());
        rest.insert(at, element);
        believes_only_what_was_signed(xml, &rest.concat())?;
    }

    #[test]
    fn anything_at_all_is_answered(text in ".{0,200}", bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Sp::new().validate(&text).is_err());
        let sp = Sp::new();
        let expected = Expected {
            issuer: sp.issuer, certificates: &sp.certificates, service_provider: &sp.service_provider,
            request: None, now: sp.now,
        };
        prop_assert!(validate(&text, &expected).is_err());
        prop_assert!(validate(&STANDARD.encode(bytes), &expected).is_err());
        let _ = crate::outside::saml::IdentityProvider::from_metadata(&text);
        let _ = Certificate::read(&text);
    }
}

/// Returns where the element ends that this piece starts; `None` if it does not start one.
fn end_of(pieces: &[String], begin: usize) -> Option<usize> {
    let mut depth = 0_i32;
    for (index, piece) in pieces.iter().enumerate().skip(begin) {
        let tag = &piece[piece.find('<')?..];
        if tag.starts_with("</") {
            depth -= 1;
        } else if !tag.ends_with("/>") {
            depth += 1;
        }
        if depth < 0 {
            return None;
        }
        if depth == 0 {
            return Some(index + 1);
        }
    }
    None
}
