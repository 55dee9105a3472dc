//! What was typed into a form.

use super::{Field, Input};

/// What was typed into a form, and why it was refused.
#[derive(Clone, Debug, Default)]
pub struct Filled {
    /// Names and values.
    pub values: Vec<(String, String)>,
    /// The word and the text of the refusal.
    pub refusal: Option<(String, String)>,
}

impl Filled {
    /// Returns the value of a field.
    pub fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// Fills a field in.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.push((name.to_owned(), value.into()));
        self
    }

    /// Returns the text of the refusal if it belongs to this field. A text that begins with the
    /// name of a field belongs to that one.
    pub(super) fn refusal_at(&self, field: &Field<'_>) -> Option<&str> {
        if matches!(field.input, Input::Hidden) {
            return None;
        }
        let (word, text) = self.refusal.as_ref()?;
        let names_it = text
            .strip_prefix(field.name)
            .is_some_and(|rest| rest.starts_with(':') || rest.starts_with('['));
        (names_it || field.refusals.contains(&word.as_str())).then_some(text)
    }
}

impl Filled {
    /// A form in which nothing is filled in.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns all values of a field that can be sent several times.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let own = self.values.iter().filter(move |(field, _)| field == name);
        own.map(|(_, value)| value.as_str())
    }

    /// Returns whether a field has this value among others.
    pub(super) fn has(&self, name: &str, value: &str) -> bool {
        self.values.iter().any(|(field, typed)| field == name && typed == value)
    }
}
