//! Quotes client-supplied text in errors.

/// Prepares a client's text for an error, where it is put in quotes. The text is shortened and
/// loses its control characters and quotes, so that a log masker can tell where it ends.
pub(crate) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut short: String = text
        .chars()
        .take(LONGEST)
        .map(|c| match c {
            '"' => '\'',
            c if c.is_control() => char::REPLACEMENT_CHARACTER,
            c => c,
        })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clients_text_is_short_and_has_neither_quotes_nor_control_characters() {
        let (long, longer) = ("ü".repeat(80), "ü".repeat(81));
        for (text, expected) in [
            ("a \"b\"\n\u{7}", "a 'b'\u{FFFD}\u{FFFD}"),
            (&long, &long),
            (&longer, &format!("{long}…")),
        ] {
            assert_eq!(excerpt(text), expected);
        }
    }
}
