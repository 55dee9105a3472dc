//! The canonical text of references and paths.

use std::fmt;

use super::{AttributeRef, Path};

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
