//! Validation of responses (SAML core 2.0, profiles 4.1.4): a response is parsed once and verified;
//! after that, only its signed parts are read.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uppsala::{Document, NodeId};

use super::assertion;
use super::certificate::Certificate;
use super::checks::{check_issuer, check_recipient, check_version, malformed, one};
use super::error::SamlError;
use super::metadata::ServiceProvider;
use super::signature;
use super::xml::{self, ASSERTION, PROTOCOL};
use crate::enterprise::Timestamp;

/// Maximum size of a response, in bytes of XML. A response with some hundred groups has about 30
/// KB.
pub const MAX_RESPONSE: usize = 256 * 1024;
/// Maximum difference between the clocks of the two sides, in milliseconds.
pub const LEEWAY: i64 = 2 * 60 * 1000;

const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
const STATUS: &str = "urn:oasis:names:tc:SAML:2.0:status:";

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
    let only = the_assertion(&document, response)?;
    let signed = signature::verify(&document, &text, &[response, only], expected.certificates)?;

    check_response(&document, response, signed.contains(&response), expected)?;
    assertion::read(&document, response, only, expected)
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

#[cfg(test)]
pub(super) mod tests;
