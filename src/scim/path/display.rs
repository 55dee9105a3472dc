//! The canonical text of references and paths.

use std::borrow::Cow;
use std::fmt;

use super::{AttributeRef, Path};
use crate::excerpt::excerpt;

/// `name`, `name.sub`, or the same behind the extension's URN.
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
    /// The path as it may stand in an error: what only the client knows is quoted.
    pub(crate) fn in_an_error(&self) -> String {
        let is_the_clients = match self {
            Self::Extension(urn) => is_the_clients(Some(urn)),
            Self::Attribute { reference, .. } => is_the_clients(reference.extension.as_ref()),
        };
        let text = self.to_string();
        if is_the_clients { format!("\"{}\"", excerpt(&text)) } else { text }
    }
}

/// Whether this URN is of an extension that only the client knows: known ones are borrowed from their
/// schema.
pub(crate) fn is_the_clients(extension: Option<&Cow<'static, str>>) -> bool {
    matches!(extension, Some(Cow::Owned(_)))
}

/// The path as RFC 7644 §3.5.2 writes it.
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
