//! Where in a body a value stands, for error messages.

use std::fmt;

/// An attribute's full name, put together only if an error needs it.
#[derive(Clone, Copy)]
pub(super) struct Location<'a> {
    outer: Option<&'a Location<'a>>,
    name: &'a str,
}

impl<'a> Location<'a> {
    /// The attribute itself.
    pub(super) fn of(name: &'a str) -> Self {
        Self { outer: None, name }
    }

    /// A sub-attribute of it.
    pub(super) fn inside(outer: &'a Location<'a>, name: &'a str) -> Self {
        Self { outer: Some(outer), name }
    }
}

impl fmt::Display for Location<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(outer) = self.outer {
            write!(f, "{outer}.")?;
        }
        f.write_str(self.name)
    }
}
