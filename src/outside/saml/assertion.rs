//! Reads an assertion whose signature is verified (SAML core 2.0, section 2; profiles 4.1.4): who was
//! signed in, for whom this is said, and until when it may be believed.

use uppsala::{Document, NodeId};

use super::checks::{
    check_issuer, check_not_before, check_not_on_or_after, check_recipient, check_version,
    identifier, malformed, one, quoted, required, time,
};
use super::error::SamlError;
use super::response::{Assertion, Expected, LEEWAY};
use super::xml::{self, ASSERTION};
use crate::enterprise::{Timestamp, address};

const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const EMAIL_FORMAT: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
const UNSPECIFIED_FORMAT: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
const TRANSIENT_FORMAT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
/// Maximum length of an address (RFC 5321).
const MAX_ADDRESS: usize = 254;

/// Reads and checks the assertion, whose signature is verified.
///
/// # Errors
/// Fails with the first requirement that is not met.
pub(super) fn read(
    document: &Document<'_>,
    response: NodeId,
    assertion: NodeId,
    expected: &Expected<'_>,
) -> Result<Assertion, SamlError> {
    check_version(document, assertion)?;
    let assertion_id = identifier(xml::attribute(document, assertion, "ID"), "the assertion's ID")?;
    let issuer = required(document, assertion, "Issuer")?;
    check_issuer(document, issuer, expected)?;

    let subject = required(document, assertion, "Subject")?;
    let (in_response_to, confirmed_until) = confirm(document, subject, expected)?;
    // The response itself may be unsigned, so it must agree with the signed confirmation.
    let answered = xml::attribute(document, response, "InResponseTo");
    if answered != in_response_to.as_deref() {
        return Err(SamlError::InResponseTo);
    }
    let conditions_until = check_conditions(document, assertion, expected)?;
    check_statements(document, assertion, expected)?;

    let name = one(document, subject, ASSERTION, "NameID", "the NameID")?;
    let (email, by_name_id) = email(document, assertion, name)?;
    Ok(Assertion {
        email,
        by_name_id,
        assertion_id,
        not_on_or_after: Timestamp(confirmed_until.min(conditions_until).0.saturating_add(LEEWAY)),
        name_id: name
            .filter(|name| xml::attribute(document, *name, "Format") != Some(TRANSIENT_FORMAT))
            .and_then(|name| xml::text(document, name))
            .map(|text| identifier(Some(&text), "the NameID"))
            .transpose()?,
        in_response_to,
    })
}

/// Checks that one bearer confirmation is valid: it binds the assertion to us, to the request and
/// to a short time. Returns the request that it answers and when it expires.
fn confirm(
    document: &Document<'_>,
    subject: NodeId,
    expected: &Expected<'_>,
) -> Result<(Option<String>, Timestamp), SamlError> {
    let mut refusal = malformed("its subject is not confirmed for bearers");
    for confirmation in xml::children(document, subject, ASSERTION, "SubjectConfirmation") {
        if xml::attribute(document, confirmation, "Method") != Some(BEARER) {
            continue;
        }
        match confirm_bearer(document, confirmation, expected) {
            Ok(confirmed) => return Ok(confirmed),
            Err(error) => refusal = error,
        }
    }
    Err(refusal)
}

fn confirm_bearer(
    document: &Document<'_>,
    confirmation: NodeId,
    expected: &Expected<'_>,
) -> Result<(Option<String>, Timestamp), SamlError> {
    let data = required(document, confirmation, "SubjectConfirmationData")?;
    check_recipient(xml::attribute(document, data, "Recipient").unwrap_or("nobody"), expected)?;
    check_not_before(document, data, expected.now)?;
    let until = check_not_on_or_after(document, data, expected.now)?
        .ok_or_else(|| malformed("its confirmation has no NotOnOrAfter"))?;
    let request = xml::attribute(document, data, "InResponseTo");
    if request.is_some() && request != expected.request {
        return Err(SamlError::InResponseTo);
    }
    Ok((request.map(str::to_owned), until))
}

/// Checks the conditions, which must name the audience. Returns when they expire.
fn check_conditions(
    document: &Document<'_>,
    assertion: NodeId,
    expected: &Expected<'_>,
) -> Result<Timestamp, SamlError> {
    let conditions = required(document, assertion, "Conditions")?;
    check_not_before(document, conditions, expected.now)?;
    let until = check_not_on_or_after(document, conditions, expected.now)?;
    let mut restricted = false;
    for condition in xml::elements(document, conditions) {
        let is = |name| xml::is(document, condition, ASSERTION, name);
        if is("AudienceRestriction") {
            check_audience(document, condition, expected.service_provider.entity_id())?;
            restricted = true;
        } else if !is("OneTimeUse") && !is("ProxyRestriction") {
            // Core, section 2.5.1: a condition that is not understood makes the assertion
            // indeterminate.
            return Err(malformed("it has a condition that is not understood"));
        }
    }
    if !restricted {
        check_audience(document, conditions, expected.service_provider.entity_id())?;
    }
    Ok(until.unwrap_or(Timestamp(i64::MAX)))
}

fn check_audience(document: &Document<'_>, node: NodeId, ours: &str) -> Result<(), SamlError> {
    let audiences: Vec<String> = xml::children(document, node, ASSERTION, "Audience")
        .into_iter()
        .filter_map(|audience| xml::text(document, audience))
        .collect();
    if audiences.iter().any(|audience| audience == ours) {
        return Ok(());
    }
    let found =
        if audiences.is_empty() { "nobody".to_owned() } else { quoted(&audiences.join(", ")) };
    Err(SamlError::Audience { found, expected: ours.to_owned() })
}

/// Checks that a user was signed in (profiles, section 4.1.4.2) and that the session has not ended.
fn check_statements(
    document: &Document<'_>,
    assertion: NodeId,
    expected: &Expected<'_>,
) -> Result<(), SamlError> {
    let statements = xml::children(document, assertion, ASSERTION, "AuthnStatement");
    if statements.is_empty() {
        return Err(malformed("it does not say that the user was signed in (AuthnStatement)"));
    }
    for statement in statements {
        if let Some(end) = time(document, statement, "SessionNotOnOrAfter")?
            && expected.now.0 >= end.0.saturating_add(LEEWAY)
        {
            return Err(SamlError::Expired(end));
        }
    }
    Ok(())
}

/// Returns the address, and whether it comes from the NameID. The attribute `email` (docs/domain.md
/// 6) takes precedence. Without it, a NameID is used if its format is that of addresses, or if it
/// has no specific format but looks like an address.
fn email(
    document: &Document<'_>,
    assertion: NodeId,
    name: Option<NodeId>,
) -> Result<(String, bool), SamlError> {
    let mut values = Vec::new();
    for statement in xml::children(document, assertion, ASSERTION, "AttributeStatement") {
        for attribute in xml::children(document, statement, ASSERTION, "Attribute") {
            if xml::attribute(document, attribute, "Name") == Some("email") {
                values.extend(xml::children(document, attribute, ASSERTION, "AttributeValue"));
            }
        }
    }
    let node = match values.as_slice() {
        [only] => *only,
        [] => name.filter(|name| is_address(document, *name)).ok_or(SamlError::NoEmail)?,
        _ => return Err(SamlError::ManyEmails),
    };
    if !xml::elements(document, node).is_empty() {
        return Err(malformed("the e-mail address is not a text"));
    }
    let text = xml::text(document, node).filter(|text| text.len() <= MAX_ADDRESS);
    Ok((text.ok_or(SamlError::NoEmail)?, values.is_empty()))
}

/// Returns `true` if a NameID is an address. A persistent or transient name never is, even if it
/// looks like one.
fn is_address(document: &Document<'_>, name: NodeId) -> bool {
    match xml::attribute(document, name, "Format") {
        Some(EMAIL_FORMAT) => true,
        None | Some(UNSPECIFIED_FORMAT) => {
            xml::text(document, name).is_some_and(|text| address::domain(&text).is_some())
        }
        Some(_) => false,
    }
}
