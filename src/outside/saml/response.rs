//! Validation of responses (SAML core 2.0, profiles 4.1.4): a response is parsed once and verified;
//! after that, only its signed parts are read.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uppsala::{Document, NodeId};

use super::certificate::Certificate;
use super::error::SamlError;
use super::metadata::ServiceProvider;
use super::signature;
use super::xml::{self, ASSERTION, PROTOCOL};
use crate::enterprise::{Timestamp, address};

/// Maximum size of a response, in bytes of XML. A response with some hundred groups has about 30
/// KB.
pub const MAX_RESPONSE: usize = 256 * 1024;
/// Maximum difference between the clocks of the two sides, in milliseconds.
pub const LEEWAY: i64 = 2 * 60 * 1000;

const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
const STATUS: &str = "urn:oasis:names:tc:SAML:2.0:status:";
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const EMAIL_FORMAT: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
const UNSPECIFIED_FORMAT: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
const TRANSIENT_FORMAT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
/// Maximum length of an address (RFC 5321).
const MAX_ADDRESS: usize = 254;
/// Maximum length of identifiers that are stored.
const MAX_IDENTIFIER: usize = 512;

/// The values that a response must match.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Entity id of the connection's identity provider.
    pub issuer: &'a str,
    /// The certificates, one of which must have signed.
    pub certificates: &'a [Certificate],
    /// Our side of the connection: audience and recipient.
    pub service_provider: &'a ServiceProvider,
    /// Id of the request that this browser started, if any. A response to a request must be to this
    /// one. An unsolicited response answers no request; whether those are allowed is not decided
    /// here.
    pub request: Option<&'a str>,
    /// The current time.
    pub now: Timestamp,
}

/// The content of a valid response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assertion {
    /// The user's e-mail address, as the identity provider writes it.
    pub email: String,
    /// Id of the assertion, which must be accepted only once.
    pub assertion_id: String,
    /// The time from which the assertion is rejected as expired, including the leeway. Its id must
    /// be remembered until then.
    pub not_on_or_after: Timestamp,
    /// The identity provider's persistent name for the user, if it sends one. A transient NameID
    /// differs at each sign-in and identifies no one.
    pub name_id: Option<String>,
    /// Whether the address was taken from the NameID.
    pub by_name_id: bool,
    /// Id of the request that is answered; `None` if the identity provider started the sign-in.
    pub in_response_to: Option<String>,
}

/// Returns the id of the request that a response claims to answer. The response is not verified
/// yet, so use the id only to look up what to validate the response against.
pub fn in_response_to(encoded: &str) -> Result<Option<String>, SamlError> {
    let text = decode(encoded)?;
    let document = xml::parse("response", &text)?;
    let root = document.document_element();
    Ok(root.and_then(|root| xml::attribute(&document, root, "InResponseTo")).map(str::to_owned))
}

/// Validates the form field `SAMLResponse` of the HTTP-POST binding.
///
/// # Errors
/// Fails with the first requirement that is not met.
pub fn validate(encoded: &str, expected: &Expected<'_>) -> Result<Assertion, SamlError> {
    let text = decode(encoded)?;
    let document = xml::parse("response", &text)?;
    if xml::has_comments(&document) {
        return Err(malformed("it holds a comment or a processing instruction"));
    }
    let response = document
        .document_element()
        .filter(|root| xml::is(&document, *root, PROTOCOL, "Response"))
        .ok_or_else(|| malformed("its root is not a samlp:Response"))?;
    check_status(&document, response)?;
    let assertion = the_assertion(&document, response)?;
    let signed =
        signature::verify(&document, &text, &[response, assertion], expected.certificates)?;

    check_response(&document, response, signed.contains(&response), expected)?;
    read_assertion(&document, response, assertion, expected)
}

fn decode(encoded: &str) -> Result<String, SamlError> {
    const WHAT: &str = "response";
    let unreadable = |reason: &str| SamlError::Unreadable { what: WHAT, reason: reason.to_owned() };
    // Base64 adds a third, and the text may be broken into lines.
    if encoded.len() > MAX_RESPONSE * 3 / 2 {
        return Err(SamlError::TooLarge { what: WHAT, limit: MAX_RESPONSE });
    }
    let bare: String =
        encoded.chars().filter(|character| !character.is_ascii_whitespace()).collect();
    let bytes = STANDARD.decode(bare).map_err(|_| unreadable("it is not base64"))?;
    if bytes.len() > MAX_RESPONSE {
        return Err(SamlError::TooLarge { what: WHAT, limit: MAX_RESPONSE });
    }
    String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8"))
}

/// Runs first, although the status may be unsigned: rejections are usually not signed, and
/// believing one lets nobody in.
fn check_status(document: &Document<'_>, response: NodeId) -> Result<(), SamlError> {
    let mut code = xml::child(document, response, PROTOCOL, "Status")
        .and_then(|status| xml::child(document, status, PROTOCOL, "StatusCode"));
    let mut words = Vec::new();
    while let Some(node) = code.filter(|_| words.len() < 2) {
        let value = xml::attribute(document, node, "Value").unwrap_or_default();
        if words.is_empty() && value == SUCCESS {
            return Ok(());
        }
        let word = value.strip_prefix(STATUS).unwrap_or("unknown");
        let known = word.len() <= 40 && word.chars().all(|letter| letter.is_ascii_alphabetic());
        words.push(if known { word } else { "unknown" });
        code = xml::child(document, node, PROTOCOL, "StatusCode");
    }
    if words.is_empty() {
        return Err(malformed("it has no status"));
    }
    Err(SamlError::Status(words.join(", ")))
}

/// Returns the only assertion in the whole document. Signature wrapping attacks need a second one,
/// wherever it is hidden.
fn the_assertion(document: &Document<'_>, response: NodeId) -> Result<NodeId, SamlError> {
    let root = document.root();
    if xml::all(document, root, PROTOCOL, "Response").len() != 1 {
        return Err(malformed("it holds another response"));
    }
    let encrypted = ["EncryptedAssertion", "EncryptedID", "EncryptedAttribute"];
    if encrypted.iter().any(|name| !xml::all(document, root, ASSERTION, name).is_empty()) {
        return Err(SamlError::Encrypted);
    }
    match xml::all(document, root, ASSERTION, "Assertion").as_slice() {
        [only] if document.parent(*only) == Some(response) => Ok(*only),
        _ => Err(SamlError::OneAssertion),
    }
}

fn check_response(
    document: &Document<'_>,
    response: NodeId,
    is_signed: bool,
    expected: &Expected<'_>,
) -> Result<(), SamlError> {
    check_version(document, response)?;
    if let Some(issuer) = one(document, response, ASSERTION, "Issuer", "its issuer")? {
        check_issuer(document, issuer, expected)?;
    }
    match xml::attribute(document, response, "Destination") {
        Some(destination) => check_recipient(destination, expected),
        // Bindings, section 3.5.5.2: a signed message must say where it is sent.
        None if is_signed => check_recipient("nobody", expected),
        None => Ok(()),
    }
}

fn read_assertion(
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

fn check_version(document: &Document<'_>, node: NodeId) -> Result<(), SamlError> {
    if xml::attribute(document, node, "Version") == Some("2.0") {
        return Ok(());
    }
    Err(malformed("its version is not 2.0"))
}

fn check_issuer(
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

fn check_recipient(found: &str, expected: &Expected<'_>) -> Result<(), SamlError> {
    let ours = expected.service_provider.acs_url();
    if found == ours {
        return Ok(());
    }
    Err(SamlError::Recipient { found: quoted(found), expected: ours.to_owned() })
}

fn check_not_before(
    document: &Document<'_>,
    node: NodeId,
    now: Timestamp,
) -> Result<(), SamlError> {
    match time(document, node, "NotBefore")? {
        Some(begin) if now.0.saturating_add(LEEWAY) < begin.0 => Err(SamlError::NotYetValid(begin)),
        _ => Ok(()),
    }
}

fn check_not_on_or_after(
    document: &Document<'_>,
    node: NodeId,
    now: Timestamp,
) -> Result<Option<Timestamp>, SamlError> {
    match time(document, node, "NotOnOrAfter")? {
        Some(end) if now.0 >= end.0.saturating_add(LEEWAY) => Err(SamlError::Expired(end)),
        end => Ok(end),
    }
}

fn time(document: &Document<'_>, node: NodeId, name: &str) -> Result<Option<Timestamp>, SamlError> {
    let Some(text) = xml::attribute(document, node, name) else { return Ok(None) };
    let time = Timestamp::from_rfc3339(text.trim())
        .ok_or_else(|| malformed("one of its times is not an xs:dateTime in UTC"))?;
    Ok(Some(time))
}

/// Returns the child of this name. There may be at most one.
fn one(
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

fn required(document: &Document<'_>, node: NodeId, name: &str) -> Result<NodeId, SamlError> {
    one(document, node, ASSERTION, name, name)?
        .ok_or_else(|| malformed(&format!("{name} is missing")))
}

fn identifier(text: Option<&str>, called: &str) -> Result<String, SamlError> {
    text.filter(|text| !text.is_empty() && text.len() <= MAX_IDENTIFIER)
        .map(str::to_owned)
        .ok_or_else(|| malformed(&format!("{called} is empty or longer than {MAX_IDENTIFIER}")))
}

fn malformed(reason: &str) -> SamlError {
    SamlError::Malformed(reason.to_owned())
}

/// Prepares a text of the message for quoting in an error: short, and without control characters.
fn quoted(text: &str) -> String {
    if text.is_empty() {
        return "nobody".to_owned();
    }
    text.chars().filter(|character| !character.is_control()).take(200).collect()
}

#[cfg(test)]
pub(super) mod tests;
