//! What responses and assertions are checked for alike: version, issuer, recipient and times.

use uppsala::{Document, NodeId};

use super::error::SamlError;
use super::response::{Expected, LEEWAY};
use super::xml::{self, ASSERTION};
use crate::enterprise::Timestamp;

/// Maximum length of identifiers that are stored.
const MAX_IDENTIFIER: usize = 512;

pub(super) fn check_version(document: &Document<'_>, node: NodeId) -> Result<(), SamlError> {
    if xml::attribute(document, node, "Version") == Some("2.0") {
        return Ok(());
    }
    Err(malformed("its version is not 2.0"))
}

pub(super) fn check_issuer(
    document: &Document<'_>,
    issuer: NodeId,
    expected: &Expected<'_>,
) -> Result<(), SamlError> {
    let found = xml::text(document, issuer).unwrap_or_default();
    if found == expected.issuer {
        return Ok(());
    }
    Err(SamlError::Issuer { found: quoted(&found), expected: expected.issuer.to_owned() })
}

pub(super) fn check_recipient(found: &str, expected: &Expected<'_>) -> Result<(), SamlError> {
    let ours = expected.service_provider.acs_url();
    if found == ours {
        return Ok(());
    }
    Err(SamlError::Recipient { found: quoted(found), expected: ours.to_owned() })
}

pub(super) fn check_not_before(
    document: &Document<'_>,
    node: NodeId,
    now: Timestamp,
) -> Result<(), SamlError> {
    match time(document, node, "NotBefore")? {
        Some(begin) if now.0.saturating_add(LEEWAY) < begin.0 => Err(SamlError::NotYetValid(begin)),
        _ => Ok(()),
    }
}

pub(super) fn check_not_on_or_after(
    document: &Document<'_>,
    node: NodeId,
    now: Timestamp,
) -> Result<Option<Timestamp>, SamlError> {
    match time(document, node, "NotOnOrAfter")? {
        Some(end) if now.0 >= end.0.saturating_add(LEEWAY) => Err(SamlError::Expired(end)),
        end => Ok(end),
    }
}

pub(super) fn time(
    document: &Document<'_>,
    node: NodeId,
    name: &str,
) -> Result<Option<Timestamp>, SamlError> {
    let Some(text) = xml::attribute(document, node, name) else { return Ok(None) };
    let time = Timestamp::from_rfc3339(text.trim())
        .ok_or_else(|| malformed("one of its times is not an xs:dateTime in UTC"))?;
    Ok(Some(time))
}

/// Returns the child of this name. There may be at most one.
pub(super) fn one(
    document: &Document<'_>,
    node: NodeId,
    namespace: &str,
    name: &str,
    called: &str,
) -> Result<Option<NodeId>, SamlError> {
    match xml::children(document, node, namespace, name).as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(*only)),
        _ => Err(malformed(&format!("{called} is given twice"))),
    }
}

pub(super) fn required(
    document: &Document<'_>,
    node: NodeId,
    name: &str,
) -> Result<NodeId, SamlError> {
    one(document, node, ASSERTION, name, name)?
        .ok_or_else(|| malformed(&format!("{name} is missing")))
}

pub(super) fn identifier(text: Option<&str>, called: &str) -> Result<String, SamlError> {
    text.filter(|text| !text.is_empty() && text.len() <= MAX_IDENTIFIER)
        .map(str::to_owned)
        .ok_or_else(|| malformed(&format!("{called} is empty or longer than {MAX_IDENTIFIER}")))
}

pub(super) fn malformed(reason: &str) -> SamlError {
    SamlError::Malformed(reason.to_owned())
}

/// Prepares a text of the message for quoting in an error: short, and without control characters.
pub(super) fn quoted(text: &str) -> String {
    if text.is_empty() {
        return "nobody".to_owned();
    }
    text.chars().filter(|character| !character.is_control()).take(200).collect()
}
