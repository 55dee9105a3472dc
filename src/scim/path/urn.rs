//! What a URN in a path, a key or a filter means: a schema of the resource type, an extension of
//! the client's own, or a mistake. A URN that is nearly a known one is never the client's own: what
//! it was to change would be kept under a name that nobody reads, and the answer would be a success.

use super::PathError;
use crate::excerpt::excerpt;
use crate::schema::{Attribute, ResourceType, SCHEMAS, Schema};

/// Namespaces in which the protocol has its URNs: of SCIM 2 (RFC 7643 §10.2), and of SCIM 1. Nobody
/// else has URNs there.
const PROTOCOL: [&str; 2] = ["urn:ietf:", "urn:scim:"];

/// Where an extension's name begins. In this part of the protocol's namespaces clients make URNs of
/// their own: Entra has its administrators do so.
const EXTENSION: &str = "schemas:extension:";
const EXTENSIONS: [&str; 2] =
    ["urn:ietf:params:scim:schemas:extension:", "urn:scim:schemas:extension:"];

/// What no extension is called: where one of these stands in the place of the name, a URN of the
/// protocol was meant.
const NO_NAMES: [&str; 5] = ["core", "user", "users", "group", "groups"];

/// So many letters may differ for a URN to be taken for a misspelling of a known one.
const SLIPS: usize = 2;

/// Shorter names are near to many others.
const LONG_ENOUGH: usize = 5;

/// The schemas that a resource of this type may have.
pub(crate) fn schemas(resource_type: &ResourceType) -> impl Iterator<Item = &'static Schema> {
    std::iter::once(resource_type.schema).chain(resource_type.extensions.iter().copied())
}

/// The schema whose URN the text begins with, and what follows it: nothing, or a colon and names.
/// Some clients write a dot for that colon, as between an attribute and its sub-attribute.
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

/// Whether the text is the URN of a whole extension of the client's own: such a URN ends with the
/// name of the resource type, as those of the protocol do.
pub(crate) fn is_whole(text: &str, resource_type: &ResourceType) -> bool {
    let last = text.rsplit(':').next();
    is_urn(text) && last.is_some_and(|last| last.eq_ignore_ascii_case(resource_type.name))
}

/// URN and names of a reference into an extension of the client's own. A dot after the name of the
/// resource type, with which such URNs end, is read as the colon, as it is after a known URN.
pub(super) fn split<'t>(text: &'t str, resource_type: &ResourceType) -> Option<(&'t str, &'t str)> {
    dotted(text, resource_type).or_else(|| text.rsplit_once(':'))
}

/// The same where a dot stands for the colon. Behind a URN that ends with the name of the resource
/// type already, that name is an attribute's.
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

/// Whether the text begins as a URN does (RFC 8141 §2).
pub(crate) fn is_urn(text: &str) -> bool {
    text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("urn:"))
}

/// Whether the text speaks of the protocol's URNs, rightly written or not.
pub(crate) fn is_meant(text: &str) -> bool {
    is_urn(text) || text.to_ascii_lowercase().contains("scim:schemas:")
}

/// Lets a URN pass that can be an extension of the client's own.
///
/// # Errors
/// The text is no URN, or one with an attribute behind it; it belongs to the protocol, to this service provider or to another resource
/// type; it is nearly one of those.
pub(crate) fn check_own(urn: &str, resource_type: &ResourceType) -> Result<(), PathError> {
    let unfit = |c: char| !c.is_ascii_graphic() || matches!(c, '"' | ',' | '\\' | '<' | '>');
    // RFC 8141 §2: no part of it is empty.
    if !is_urn(urn) || urn.split(':').any(str::is_empty) || urn.contains(unfit) {
        return Err(PathError::Syntax {
            position: 0,
            message: "before the last colon stands something that is not a URN; write \
                      attribute, attribute.subAttribute or urn:…:attribute"
                .into(),
        });
    }
    // As the key of an object it would be read as an attribute behind a shorter URN.
    if dotted(urn, resource_type).is_some() {
        return Err(PathError::Syntax {
            position: urn.len(),
            message: "before this colon stands an attribute already; write \
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

/// All schemas that are known, of whichever resource type.
fn all(resource_type: &ResourceType) -> impl Iterator<Item = &'static Schema> {
    schemas(resource_type).chain(SCHEMAS.iter().copied())
}

/// Whether the URN lies in a namespace in which clients make none: that of the protocol, but for
/// extensions whose name is not known, and those of this service provider's own schemas.
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

/// The name of an extension in its URN: `enterprise`; nothing for a core schema.
fn extension_name(schema: &Schema) -> &'static str {
    let after = schema.id.split_once(EXTENSION).map_or("", |(_, after)| after);
    after.split(':').next().unwrap_or_default()
}

/// `urn:` and whom the URN belongs to (RFC 8141 §5), if that is not the protocol.
fn own_namespace(schema: &'static Schema) -> Option<&'static str> {
    let is_protocol = PROTOCOL.into_iter().any(|namespace| schema.id.starts_with(namespace));
    let (end, _) = schema.id.match_indices(':').nth(1)?;
    schema.id.get(..=end).filter(|_| !is_protocol)
}

/// Whether the URN is a misspelling of the schema's, or says the same in another namespace.
fn is_near(lower: &str, schema: &Schema) -> bool {
    let id = schema.id.to_ascii_lowercase();
    let said = id.find("schemas:").and_then(|start| id.get(start..id.rfind(':')?));
    said.is_some_and(|said| lower.contains(said)) || is_slip(lower.as_bytes(), id.as_bytes())
}

/// The attribute of the schema that the name is a misspelling of.
pub(crate) fn misspelt(name: &str, schema: &'static Schema) -> Option<&'static Attribute> {
    let lower = name.to_ascii_lowercase();
    schema.attributes.iter().find(|attribute| {
        attribute.name.len() > LONG_ENOUGH
            && is_slip(lower.as_bytes(), attribute.name.to_ascii_lowercase().as_bytes())
    })
}

/// Whether at most so many letters are wrong, missing or too many (Levenshtein's distance, of which
/// only what lies so near the diagonal is worked out).
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
            ("abc", "abcdef", false),
            ("ab", "", true),
            ("", "", true),
        ] {
            assert_eq!(is_slip(left.as_bytes(), right.as_bytes()), expected, "{left} {right}");
            assert_eq!(is_slip(right.as_bytes(), left.as_bytes()), expected, "{right} {left}");
        }
    }
}
