//! Formats references and paths in their canonical form.

use std::borrow::Cow;
use std::fmt;

use super::{AttributeRef, Path};
use crate::excerpt::excerpt;

/// Formats as `name` or `name.sub`, with the extension's URN in front if there is one.
impl fmt::Display for AttributeRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(urn) = &self.extension {
            write!(f, "{urn}:")?;
        }
        f.write_str(&self.attribute.name)?;
        match &self.sub_attribute {
            Some(sub_attribute) => write!(f, ".{}", sub_attribute.name),
            None => Ok(()),
        }
    }
}

impl Path {
    /// Formats the path for an error; paths into unknown extensions are quoted.
    pub(crate) fn in_an_error(&self) -> String {
        let extension = match self {
            Self::Extension(urn) => Some(urn),
            Self::Attribute { reference, .. } => reference.extension.as_ref(),
        };
        quoted_if_the_clients(extension, self)
    }
}

impl AttributeRef {
    /// Formats the reference for an error; attributes of unknown extensions are quoted.
    pub(crate) fn in_an_error(&self) -> String {
        quoted_if_the_clients(self.extension.as_ref(), self)
    }
}

fn quoted_if_the_clients(
    extension: Option<&Cow<'static, str>>,
    shown: &impl fmt::Display,
) -> String {
    let text = shown.to_string();
    if is_the_clients(extension) { format!("\"{}\"", excerpt(&text)) } else { text }
}

/// Returns `true` if the URN is of an unknown extension: the URNs of known ones are borrowed from
/// their schema.
pub(crate) fn is_the_clients(extension: Option<&Cow<'static, str>>) -> bool {
    matches!(extension, Some(Cow::Owned(_)))
}

/// Formats as in RFC 7644 §3.5.2.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Extension(urn) => f.write_str(urn),
            Self::Attribute { reference, filter: None } => reference.fmt(f),
            Self::Attribute { reference, filter: Some(filter) } => {
                let whole = AttributeRef { sub_attribute: None, ..reference.clone() };
                write!(f, "{whole}[{filter}]")?;
                match &reference.sub_attribute {
                    Some(sub_attribute) => write!(f, ".{}", sub_attribute.name),
                    None => Ok(()),
                }
            }
        }
    }
}
