//! Signature wrapping, in the eight classic forms (Somorovsky et al., *On Breaking SAML*) and
//! variations: the signed element stays in the document and verifies, but another one is offered to
//! the reader.

use super::*;

/// The parts of the fixture: before the assertion, the assertion, its signature, after the
/// assertion.
struct Parts {
    head: String,
    assertion: String,
    signature: String,
    tail: String,
}

impl Parts {
    fn of(xml: &str) -> Self {
        let begin = xml.find("<saml:Assertion ").unwrap();
        let end = xml.find("</saml:Assertion>").unwrap() + "</saml:Assertion>".len();
        let signature_begin = xml.find("<ds:Signature ").unwrap();
        let signature_end = xml.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
        Self {
            head: xml[..begin].to_owned(),
            assertion: xml[begin..end].to_owned(),
            signature: xml[signature_begin..signature_end].to_owned(),
            tail: xml[end..].to_owned(),
        }
    }

    /// Returns the assertion without its signature, as it was digested.
    fn bare(&self) -> String {
        self.assertion.replacen(&self.signature, "", 1)
    }

    /// Returns another assertion, for another user.
    fn evil(&self) -> String {
        evil(&self.bare())
    }

    fn around(&self, inner: &str) -> String {
        format!("{}{inner}{}", self.head, self.tail)
    }
}

fn evil(text: &str) -> String {
    text.replacen(" ID=\"_", " ID=\"_evil", 1).replace("jane@kong.example", "owner@kong.example")
}

/// Wraps an element in a signature, as an Object.
fn with_object(signature: &str, object: &str) -> String {
    signature.replace("</ds:Signature>", &format!("<ds:Object>{object}</ds:Object></ds:Signature>"))
}

#[test]
fn xsw_1_and_2_wrap_a_signed_response() {
    let xml = fixture!("response-signed");
    let parts = Parts::of(xml);
    let original = xml.replacen(&parts.signature, "", 1);
    let copy = evil(&original);
    let at = copy.find("<samlp:Status>").unwrap();
    // 1: an evil response with the signature, which contains the original.
    let enclosing = with_object(&parts.signature, &original);
    let first = format!("{}{enclosing}{}", &copy[..at], &copy[at..]);
    assert_eq!(refusal(&first), SamlError::Malformed("it holds another response".to_owned()));
    // 2: the original next to the signature.
    let second = format!("{}{original}{}{}", &copy[..at], parts.signature, &copy[at..]);
    assert_eq!(refusal(&second), SamlError::Malformed("it holds another response".to_owned()));
}

#[test]
fn xsw_3_to_6_put_an_evil_assertion_where_one_is_read() {
    let parts = Parts::of(fixture!("assertion-signed"));
    let evil = parts.evil();
    let evil_with =
        |inner: &str| evil.replacen("<saml:Subject>", &format!("{inner}<saml:Subject>"), 1);
    let signed = &parts.assertion;
    let forms = [
        // 3: next to the signed one, before or after it.
        format!("{evil}{signed}"),
        format!("{signed}{evil}"),
        // 4: the evil one contains the signed one.
        evil.replacen("</saml:Assertion>", &format!("{signed}</saml:Assertion>"), 1),
        // 5: the evil one has the signature; the original, without it, follows.
        format!("{}{}", evil_with(&parts.signature), parts.bare()),
        // 6: like 5, with the original inside the signature.
        evil_with(&with_object(&parts.signature, &parts.bare())),
    ];
    for form in forms {
        assert_eq!(refusal(&parts.around(&form)), SamlError::OneAssertion);
    }
}

#[test]
fn xsw_7_and_8_hide_an_assertion_where_anything_may_stand() {
    let parts = Parts::of(fixture!("assertion-signed"));
    let extensions = |inner: &str| format!("<samlp:Extensions>{inner}</samlp:Extensions>");
    // 7: one in Extensions. 8: the original in an Object of the signature.
    let seventh = parts.around(&format!("{}{}", extensions(&parts.evil()), parts.assertion));
    assert_eq!(refusal(&seventh), SamlError::OneAssertion);
    let aside = parts.around(&format!("{}{}", extensions(&parts.assertion), parts.evil()));
    assert_eq!(refusal(&aside), SamlError::OneAssertion);
    let signature = with_object(&parts.signature, &parts.bare());
    let evil = parts.evil().replacen("<saml:Subject>", &format!("{signature}<saml:Subject>"), 1);
    assert_eq!(refusal(&parts.around(&evil)), SamlError::OneAssertion);
}

#[test]
fn the_signed_one_is_not_hidden_under_another_name() {
    // The evil assertion is the only element called assertion; the signature refers to another one.
    let parts = Parts::of(fixture!("assertion-signed"));
    let hidden = parts.bare().replace("saml:Assertion", "saml:Advice");
    let evil =
        parts.evil().replacen("<saml:Subject>", &format!("{}<saml:Subject>", parts.signature), 1);
    for form in [format!("{hidden}{evil}"), format!("{evil}{hidden}"), evil] {
        assert!(matches!(refusal(&parts.around(&form)), SamlError::SignatureShape(_)));
    }
    // The signature in places that are not read.
    let moved = parts.around(&format!("{}{}", parts.signature, parts.evil()));
    assert!(matches!(refusal(&moved), SamlError::SignatureShape(_)));
    let advice = format!("<saml:Advice>{}</saml:Advice><saml:Conditions ", parts.signature);
    let deep = parts.evil().replacen("<saml:Conditions ", &advice, 1);
    assert!(matches!(refusal(&parts.around(&deep)), SamlError::SignatureShape(_)));
}

#[test]
fn ids_are_unique_whatever_carries_them() {
    let parts = Parts::of(fixture!("assertion-signed"));
    let id = Sp::new().validate(fixture!("assertion-signed")).unwrap().assertion_id;
    for name in ["ID", "Id", "id", "xml:id", "AssertionID"] {
        let twin = format!("<samlp:Extensions {name}=\"{id}\"/>");
        for form in [format!("{twin}{}", parts.assertion), format!("{}{twin}", parts.assertion)] {
            let refused = Sp::new().validate(&parts.around(&form));
            assert!(matches!(refused, Err(SamlError::SignatureShape(_))), "{name}: {refused:?}");
        }
    }
    // The response has the assertion's id.
    let own = fixture!("assertion-signed").replacen("ID=\"_", &format!("ID=\"{id}\" x=\"_"), 1);
    assert!(matches!(refusal(&own), SamlError::SignatureShape(_)));
}

#[test]
fn a_signature_covers_one_element_and_is_there_once() {
    let parts = Parts::of(fixture!("assertion-signed"));
    let twice = parts.assertion.replacen(&parts.signature, &parts.signature.repeat(2), 1);
    assert!(matches!(refusal(&parts.around(&twice)), SamlError::SignatureShape(_)));

    let xml = fixture!("assertion-signed");
    let begin = xml.find("<ds:Reference ").unwrap();
    let end = xml.find("</ds:Reference>").unwrap() + "</ds:Reference>".len();
    let reference = &xml[begin..end];
    let with = |other: &str| xml.replacen(reference, other, 1);
    let id = Sp::new().validate(xml).unwrap().assertion_id;
    let to = |uri: &str| with(&reference.replace(&format!("#{id}"), uri));
    let changed = [
        with(&reference.repeat(2)),
        with(""),
        to(""),
        to("#"),
        to("#xpointer(/)"),
        to("cid:x"),
        to("file:///etc/hostname"),
        to("Cargo.toml"),
        with(&reference.replace(" URI=", " Id=")),
        with(&reference.replace("<ds:Reference ", "<ds:Reference xmlns:x=\"urn:x\" x:URI=\"\" ")),
        with(&reference.replace(
            "<ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>",
            "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xpath-19991116\">\
             <ds:XPath>not(ancestor-or-self::ds:Signature)</ds:XPath></ds:Transform>",
        )),
        with(&reference.replace(
            "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/>",
            "<ds:Transform Algorithm=\"http://www.w3.org/TR/1999/REC-xslt-19991116\"/>",
        )),
    ];
    for form in changed {
        assert_ne!(form, xml);
        let refused = refusal(&form);
        assert!(matches!(refused, SamlError::SignatureShape(_)), "{refused:?}");
    }
}

#[test]
fn of_two_signatures_both_must_hold() {
    let xml = fixture!("both-signed");
    for at in [xml.find("<ds:SignatureValue>"), xml.rfind("<ds:SignatureValue>")] {
        let at = at.unwrap() + "<ds:SignatureValue>".len();
        let mut broken = xml.to_owned();
        let flipped = if &xml[at..=at] == "A" { "B" } else { "A" };
        broken.replace_range(at..=at, flipped);
        assert_eq!(refusal(&broken), SamlError::Signature);
    }
}
