//! The position of a value in a body, for error messages.

use std::borrow::Cow;
use std::fmt;

use crate::excerpt::excerpt;
use crate::path::is_the_clients;

/// An attribute's full name, formatted only if an error needs it.
#[derive(Clone, Copy)]
pub(crate) struct Location<'a> {
    outer: Option<&'a Location<'a>>,
    urn: Option<&'a Cow<'static, str>>,
    name: &'a str,
}

impl<'a> Location<'a> {
    /// Names an attribute of the core schema.
    pub(crate) fn of(name: &'a str) -> Self {
        Self::of_extension(None, name)
    }

    /// Names an attribute of the extension with this URN, or of the core schema if there is none.
    pub(crate) fn of_extension(urn: Option<&'a Cow<'static, str>>, name: &'a str) -> Self {
        Self { outer: None, urn, name }
    }

    /// Names a sub-attribute of `outer`.
    pub(crate) fn inside(outer: &'a Location<'a>, name: &'a str) -> Self {
        Self { outer: Some(outer), urn: None, name }
    }

    /// Returns how many levels of nesting may enclose a value at this location: for a
    /// sub-attribute, a list and an object.
    pub(crate) fn levels_around(&self) -> usize {
        if self.outer.is_some() { 2 } else { 0 }
    }
}

impl fmt::Display for Location<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(outer) = self.outer {
            write!(f, "{outer}.")?;
        }
        if let Some(urn) = self.urn {
            if is_the_clients(Some(urn)) {
                return write!(f, "\"{}\"", excerpt(&format!("{urn}:{}", self.name)));
            }
            write!(f, "{urn}:")?;
        }
        // A name in an unknown extension can be any text and is therefore quoted.
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '$');
        if self.name.chars().all(is_name) {
            f.write_str(self.name)
        } else {
            write!(f, "\"{}\"", excerpt(self.name))
        }
    }
}
