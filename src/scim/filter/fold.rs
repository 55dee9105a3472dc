//! Letter case folding: what "compared without case" means, in filters and in database keys alike.

/// The text in the form in which texts are compared without case: every character in full Unicode
/// lower case.
///
/// Character by character, so that `fold(a + b) == fold(a) + fold(b)` and prefixes stay prefixes;
/// therefore the Greek final sigma, which depends on its neighbours, counts as a plain sigma.
pub fn fold(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { folded(text).collect() }
}

/// The characters of [`fold`], without allocating.
pub(in crate::scim) fn folded(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { c })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn letters_beyond_ascii_fold() {
        assert_eq!(fold("ÄÖÜ straße ΟΔΟΣ"), "äöü straße οδοσ");
        assert_eq!(fold("οδος"), fold("ΟΔΟΣ"));
    }

    proptest! {
        #[test]
        fn folding_respects_concatenation_and_is_stable(a in ".*", b in ".*") {
            let whole = format!("{a}{b}");
            prop_assert_eq!(fold(&whole), fold(&a) + &fold(&b));
            prop_assert_eq!(fold(&fold(&whole)), fold(&whole));
            prop_assert_eq!(folded(&whole).collect::<String>(), fold(&whole));
        }
    }
}
