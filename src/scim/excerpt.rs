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
