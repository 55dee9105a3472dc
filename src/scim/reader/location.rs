//! Where in a body a value stands, for error messages.

use std::borrow::Cow;
use std::fmt;

use crate::excerpt::excerpt;
use crate::path::is_the_clients;

/// An attribute's full name, put together only if an error needs it.
#[derive(Clone, Copy)]
pub(crate) struct Location<'a> {
    outer: Option<&'a Location<'a>>,
    urn: Option<&'a Cow<'static, str>>,
    name: &'a str,
}

impl<'a> Location<'a> {
    /// The attribute itself.
    pub(crate) fn of(name: &'a str) -> Self {
        Self::of_extension(None, name)
    }

    /// An attribute of the extension with this URN, if there is one.
    pub(crate) fn of_extension(urn: Option<&'a Cow<'static, str>>, name: &'a str) -> Self {
        Self { outer: None, urn, name }
    }

    /// A sub-attribute of it.
    pub(crate) fn inside(outer: &'a Location<'a>, name: &'a str) -> Self {
        Self { outer: Some(outer), urn: None, name }
    }

    /// How many levels of the attribute's value may stand around a value here: a list and an object
    /// around a sub-attribute.
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
        // Of an extension that only the client knows the name is any text, quoted like one.
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '$');
        if self.name.chars().all(is_name) {
            f.write_str(self.name)
        } else {
            write!(f, "\"{}\"", excerpt(self.name))
        }
    }
}
