//! Decides what a URN in a path, a key or a filter refers to: a schema of the resource type, an
//! extension of the client's own, or neither. A URN that resembles a known one is never taken for
//! the client's own: the value would be stored under a name that nothing reads, and the response
//! would report success.

use super::PathError;
use crate::excerpt::excerpt;
use crate::schema::{Attribute, ResourceType, SCHEMAS, Schema};

/// The namespaces of the protocol's URNs in SCIM 2 (RFC 7643 §10.2) and SCIM 1. Clients have no
/// URNs there, except for extensions.
const PROTOCOL: [&str; 2] = ["urn:ietf:", "urn:scim:"];

/// The part of a URN before the extension's name. Clients create URNs of their own with it in the
/// protocol's namespaces, as Entra tells its administrators to do.
const EXTENSION: &str = "schemas:extension:";
const EXTENSIONS: [&str; 2] =
    ["urn:ietf:params:scim:schemas:extension:", "urn:scim:schemas:extension:"];

/// Names that are never those of an extension. A URN with one of them in this place is a misspelt
/// URN of the protocol.
const NO_NAMES: [&str; 5] = ["core", "user", "users", "group", "groups"];

/// The number of characters by which a misspelling may differ from a known name.
const SLIPS: usize = 2;

/// Shorter names resemble too many others.
const LONG_ENOUGH: usize = 5;

/// Returns the schemas that a resource of this type can have.
pub(crate) fn schemas(resource_type: &ResourceType) -> impl Iterator<Item = &'static Schema> {
    std::iter::once(resource_type.schema).chain(resource_type.extensions.iter().copied())
}

/// Returns the schema with whose URN the text begins, and the rest: empty, or a colon and names.
/// Some clients write a dot in place of that colon.
pub(crate) fn known<'t>(
    text: &'t str,
    resource_type: &ResourceType,
) -> Option<(&'static Schema, &'t str)> {
    schemas(resource_type).find_map(|schema| {
        let (urn, rest) = text.split_at_checked(schema.id.len())?;
        let is_end = rest.is_empty() || rest.starts_with([':', '.']);
        (is_end && urn.eq_ignore_ascii_case(schema.id)).then_some((schema, rest))
    })
}

/// Returns `true` if the text is the URN of a whole extension of the client's own. Such a URN ends
/// with the name of the resource type, like those of the protocol.
pub(crate) fn is_whole(text: &str, resource_type: &ResourceType) -> bool {
    let last = text.rsplit(':').next();
    is_urn(text) && last.is_some_and(|last| last.eq_ignore_ascii_case(resource_type.name))
}

/// Splits a reference into an extension of the client's own into URN and names. A dot after the
/// name of the resource type, which ends such a URN, is read as a colon, as after a known URN.
pub(super) fn split<'t>(text: &'t str, resource_type: &ResourceType) -> Option<(&'t str, &'t str)> {
    dotted(text, resource_type).or_else(|| text.rsplit_once(':'))
}

/// Like [`split`], but only if a dot stands for the colon. If the URN already ended with the name
/// of the resource type, a second occurrence is the name of an attribute.
pub(crate) fn dotted<'t>(
    text: &'t str,
    resource_type: &ResourceType,
) -> Option<(&'t str, &'t str)> {
    let is_name = |text: &str| text.eq_ignore_ascii_case(resource_type.name);
    let (before, last) = text.rsplit_once(':')?;
    let (name, names) = last.split_once('.')?;
    let urn = text.get(..text.len() - names.len() - 1)?;
    let is_ended = before.rsplit(':').next().is_some_and(is_name);
    (is_urn(text) && is_name(name) && !is_ended).then_some((urn, names))
}

/// Returns `true` if the text begins like a URN (RFC 8141 §2).
pub(crate) fn is_urn(text: &str) -> bool {
    text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("urn:"))
}

/// Returns `true` if the text is meant as a URN of the protocol, correct or not.
pub(crate) fn is_meant(text: &str) -> bool {
    is_urn(text) || text.to_ascii_lowercase().contains("scim:schemas:")
}

/// Checks that a URN can be an extension of the client's own.
///
/// # Errors
/// Fails if the text is not a URN or has an attribute after the URN; if the URN belongs to the
/// protocol, to this service provider or to another resource type; or if it resembles one of those.
pub(crate) fn check_own(urn: &str, resource_type: &ResourceType) -> Result<(), PathError> {
    let unfit = |c: char| !c.is_ascii_graphic() || matches!(c, '"' | ',' | '\\' | '<' | '>');
    // No part of a URN is empty (RFC 8141 §2).
    if !is_urn(urn) || urn.split(':').any(str::is_empty) || urn.contains(unfit) {
        return Err(PathError::Syntax {
            position: 0,
            message: "the text before the last colon is not a URN; write attribute, \
                      attribute.subAttribute or urn:…:attribute"
                .into(),
        });
    }
    // As a key of an object it would be read as an attribute after a shorter URN.
    if dotted(urn, resource_type).is_some() {
        return Err(PathError::Syntax {
            position: urn.len(),
            message: "there is already an attribute before this colon; write \
                      urn:…:attribute.subAttribute"
                .into(),
        });
    }
    let lower = urn.to_ascii_lowercase();
    let nearest = all(resource_type).find(|schema| is_near(&lower, schema));
    if nearest.is_none() && !is_reserved(&lower, resource_type) {
        return Ok(());
    }
    let ids: Vec<_> = schemas(resource_type).map(|schema| schema.id).collect();
    Err(PathError::ForeignSchema {
        urn: excerpt(urn),
        hint: format!(
            "the schemas of a {} are {}; write one of them, a colon, and the attribute",
            resource_type.name,
            ids.join(", ")
        ),
    })
}

/// Returns all known schemas, of any resource type.
fn all(resource_type: &ResourceType) -> impl Iterator<Item = &'static Schema> {
    schemas(resource_type).chain(SCHEMAS.iter().copied())
}

/// Returns `true` if the URN is in a namespace that clients cannot use: that of the protocol,
/// except for extensions with an unknown name, or that of this service provider's own schemas.
fn is_reserved(lower: &str, resource_type: &ResourceType) -> bool {
    let in_namespace =
        |namespace: &str| lower.starts_with(namespace) || lower == namespace.trim_end_matches(':');
    if PROTOCOL.into_iter().any(in_namespace) {
        let name = EXTENSIONS.iter().find_map(|start| lower.strip_prefix(start));
        let name = name.and_then(|rest| rest.split(':').next()).unwrap_or_default();
        return !name.starts_with(|c: char| c.is_ascii_alphabetic())
            || NO_NAMES.contains(&name)
            || all(resource_type).any(|schema| extension_name(schema) == name);
    }
    schemas(resource_type).filter_map(own_namespace).any(in_namespace)
}

/// Returns the name of an extension in its URN, such as `enterprise`; empty for a core schema.
fn extension_name(schema: &Schema) -> &'static str {
    let after = schema.id.split_once(EXTENSION).map_or("", |(_, after)| after);
    after.split(':').next().unwrap_or_default()
}

/// Returns `urn:` and the namespace identifier (RFC 8141 §5), unless it is that of the protocol.
fn own_namespace(schema: &'static Schema) -> Option<&'static str> {
    let is_protocol = PROTOCOL.into_iter().any(|namespace| schema.id.starts_with(namespace));
    let (end, _) = schema.id.match_indices(':').nth(1)?;
    schema.id.get(..=end).filter(|_| !is_protocol)
}

/// Returns `true` if the URN is a misspelling of the schema's URN, or the same in another
/// namespace.
fn is_near(lower: &str, schema: &Schema) -> bool {
    let id = schema.id.to_ascii_lowercase();
    let said = id.find("schemas:").and_then(|start| id.get(start..id.rfind(':')?));
    said.is_some_and(|said| lower.contains(said)) || is_slip(lower.as_bytes(), id.as_bytes())
}

/// Returns the attribute of the schema that the name is a misspelling of.
pub(crate) fn misspelt(name: &str, schema: &'static Schema) -> Option<&'static Attribute> {
    let lower = name.to_ascii_lowercase();
    schema.attributes.iter().find(|attribute| {
        attribute.name.len() > LONG_ENOUGH
            && is_slip(lower.as_bytes(), attribute.name.to_ascii_lowercase().as_bytes())
    })
}

/// Returns `true` if at most [`SLIPS`] characters are wrong, missing or added. This is the
/// Levenshtein distance, computed only near the diagonal.
fn is_slip(left: &[u8], right: &[u8]) -> bool {
    if left.len().abs_diff(right.len()) > SLIPS {
        return false;
    }
    let far = SLIPS + 1;
    let mut row: Vec<usize> = (0..=right.len()).map(|column| column.min(far)).collect();
    for (line, one) in left.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], (line + 1).min(far));
        for (column, other) in right.iter().enumerate() {
            let changed = diagonal + usize::from(one != other);
            diagonal = row[column + 1];
            let nearest = (diagonal + 1).min(row[column] + 1).min(changed);
            let is_off = line.abs_diff(column) > SLIPS;
            row[column + 1] = if is_off { far } else { nearest.min(far) };
        }
    }
    row.last().is_some_and(|distance| *distance <= SLIPS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted() {
        for (left, right, expected) in [
            ("abcdef", "abcdef", true),
            ("abcdef", "abcde", true),
            ("abcdef", "abXdeY", true),
            ("abcdef", "bcdefg", true),
            ("abcdef", "abXYZf", false),
            ("abcdef", "cdef", true),
            ("abcdef", "xabYdeZ", false),
            ("abc", "abcdef", false),
            ("ab", "", true),
            ("", "", true),
        ] {
            assert_eq!(is_slip(left.as_bytes(), right.as_bytes()), expected, "{left} {right}");
            assert_eq!(is_slip(right.as_bytes(), left.as_bytes()), expected, "{right} {left}");
        }
    }
}
