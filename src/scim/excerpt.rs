//! What others have sent, in errors.

/// A client's text as it may be repeated in an error, in quotes: short, without control characters,
/// and without quotes of its own, so that whoever masks the error sees where the text ends.
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
