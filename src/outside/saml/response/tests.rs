//! Responses that two independent implementations signed (tests/lib/saml-idp/fixtures.mjs and
//! fixtures_ec.py), and what attackers can make of them without a key.

use super::*;

mod hostile;
mod properties;
mod wrapped;

/// 2026-11-24 10:00:00 UTC, when the fixtures were issued; they hold for five minutes.
const ISSUED: Timestamp = Timestamp(1_795_514_400_000);
const MINUTE: i64 = 60 * 1000;

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/outside/saml/fixtures/",
            $name,
            ".xml"
        ))
    };
}
use fixture;

macro_rules! certificate {
    ($name:literal) => {
        Certificate::read(include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/lib/saml-idp/keys/",
            $name,
            ".crt"
        )))
    };
}
pub(in crate::outside::saml) use certificate;

/// The expectations of a connection, to be varied by tests.
struct Sp {
    issuer: &'static str,
    certificates: Vec<Certificate>,
    service_provider: ServiceProvider,
    request: Option<&'static str>,
    now: Timestamp,
}

impl Sp {
    fn new() -> Self {
        Self {
            issuer: "https://idp.example/metadata",
            certificates: vec![certificate!("current").unwrap()],
            service_provider: ServiceProvider::new(
                "https://scim.example/sso/saml/con_1/metadata",
                "https://scim.example/sso/saml/con_1/acs",
            ),
            request: Some("_request"),
            now: ISSUED,
        }
    }

    fn validate(&self, xml: &str) -> Result<Assertion, SamlError> {
        let expected = Expected {
            issuer: self.issuer,
            certificates: &self.certificates,
            service_provider: &self.service_provider,
            request: self.request,
            now: self.now,
        };
        validate(&STANDARD.encode(xml), &expected)
    }
}

fn refusal(xml: &str) -> SamlError {
    Sp::new().validate(xml).unwrap_err()
}

#[test]
fn a_signed_answer_to_our_request_is_believed() {
    for xml in [fixture!("assertion-signed"), fixture!("response-signed"), fixture!("both-signed")]
    {
        let assertion = Sp::new().validate(xml).unwrap();
        assert_eq!(assertion.email, "jane@kong.example");
        assert_eq!(assertion.name_id.as_deref(), Some("jane@kong.example"));
        assert_eq!(assertion.in_response_to.as_deref(), Some("_request"));
        assert_eq!(assertion.not_on_or_after, Timestamp(ISSUED.0 + 5 * MINUTE + LEEWAY));
        assert!(assertion.assertion_id.starts_with('_'));
        assert!(xml.contains(&format!("<saml:Assertion ID=\"{}\"", assertion.assertion_id)));
    }
}

#[test]
fn a_signature_with_ecdsa_is_believed() {
    let sp = Sp { certificates: vec![certificate!("ec").unwrap()], ..Sp::new() };
    assert_eq!(sp.validate(fixture!("ecdsa")).unwrap().email, "jane@kong.example");
}

#[test]
fn a_declaration_may_stand_before_the_response() {
    let xml = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", fixture!("both-signed"));
    assert!(Sp::new().validate(&xml).is_ok());
}

#[test]
fn base64_may_be_broken_into_lines() {
    let sp = Sp::new();
    let encoded = STANDARD.encode(fixture!("assertion-signed"));
    let lines: Vec<&str> =
        encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let expected = Expected {
        issuer: sp.issuer,
        certificates: &sp.certificates,
        service_provider: &sp.service_provider,
        request: sp.request,
        now: sp.now,
    };
    assert!(validate(&lines.join("\r\n"), &expected).is_ok());
}

#[test]
fn an_unsolicited_response_answers_no_request() {
    for request in [None, Some("_request")] {
        let sp = Sp { request, ..Sp::new() };
        assert_eq!(sp.validate(fixture!("unsolicited")).unwrap().in_response_to, None);
    }
    assert_eq!(in_response_to(&STANDARD.encode(fixture!("unsolicited"))), Ok(None));
}

#[test]
fn an_answer_to_another_request_is_refused() {
    for request in [None, Some("_another")] {
        let sp = Sp { request, ..Sp::new() };
        for xml in [fixture!("assertion-signed"), fixture!("response-signed")] {
            assert_eq!(sp.validate(xml), Err(SamlError::InResponseTo));
        }
    }
    let peeked = in_response_to(&STANDARD.encode(fixture!("assertion-signed")));
    assert_eq!(peeked, Ok(Some("_request".to_owned())));
}

#[test]
fn an_answer_cannot_be_passed_off_as_unsolicited() {
    let xml = fixture!("assertion-signed").replacen(" InResponseTo=\"_request\"", "", 1);
    assert_eq!(refusal(&xml), SamlError::InResponseTo);
    let unsolicited =
        fixture!("unsolicited").replacen("/acs\">", "/acs\" InResponseTo=\"_request\">", 1);
    assert!(unsolicited.contains("InResponseTo"));
    assert_eq!(refusal(&unsolicited), SamlError::InResponseTo);
}

#[test]
fn times_hold_within_the_leeway_and_by_our_clock() {
    let at = |now| Sp { now, ..Sp::new() }.validate(fixture!("assertion-signed"));
    let end = Timestamp(ISSUED.0 + 5 * MINUTE);
    assert!(at(Timestamp(ISSUED.0 - LEEWAY)).is_ok());
    assert_eq!(at(Timestamp(ISSUED.0 - LEEWAY - 1)), Err(SamlError::NotYetValid(ISSUED)));
    assert!(at(Timestamp(end.0 + LEEWAY - 1)).is_ok());
    assert_eq!(at(Timestamp(end.0 + LEEWAY)), Err(SamlError::Expired(end)));
}

#[test]
fn a_response_for_somebody_else_is_refused() {
    let elsewhere = "https://other.example/acs";
    let sp = Sp {
        service_provider: ServiceProvider::new(Sp::new().service_provider.entity_id(), elsewhere),
        ..Sp::new()
    };
    assert!(matches!(
        sp.validate(fixture!("assertion-signed")),
        Err(SamlError::Recipient { expected, .. }) if expected == elsewhere
    ));
    // The response's own address is not signed here. The assertion's address is, and it is the one
    // that counts.
    let changed = fixture!("assertion-signed").replacen(
        "Destination=\"https://scim.example/sso/saml/con_1/acs\"",
        "Destination=\"https://other.example/acs\"",
        1,
    );
    assert!(matches!(sp.validate(&changed), Err(SamlError::Recipient { .. })));
    assert!(matches!(refusal(&changed), SamlError::Recipient { .. }));

    let sp = Sp {
        service_provider: ServiceProvider::new("urn:other", Sp::new().service_provider.acs_url()),
        ..Sp::new()
    };
    assert_eq!(
        sp.validate(fixture!("response-signed")),
        Err(SamlError::Audience {
            found: "https://scim.example/sso/saml/con_1/metadata".to_owned(),
            expected: "urn:other".to_owned()
        })
    );
    let sp = Sp { issuer: "https://other.example", ..Sp::new() };
    let refused = sp.validate(fixture!("assertion-signed"));
    assert!(matches!(refused, Err(SamlError::Issuer { .. })));
}

#[test]
fn only_configured_certificates_are_trusted() {
    // Both contain the certificate that verifies them.
    assert_eq!(refusal(fixture!("stranger-key")), SamlError::Signature);
    assert_eq!(refusal(fixture!("next-key")), SamlError::Signature);
    assert_eq!(refusal(fixture!("ecdsa")), SamlError::Signature);
}

#[test]
fn while_certificates_roll_over_both_are_trusted() {
    let certificates = vec![certificate!("current").unwrap(), certificate!("next").unwrap()];
    let sp = Sp { certificates, ..Sp::new() };
    assert!(sp.validate(fixture!("assertion-signed")).is_ok());
    assert!(sp.validate(fixture!("next-key")).is_ok());
    assert_eq!(sp.validate(fixture!("stranger-key")), Err(SamlError::Signature));
    let none = Sp { certificates: Vec::new(), ..Sp::new() };
    assert!(none.validate(fixture!("assertion-signed")).is_err());
}

#[test]
fn sha_1_is_refused_though_it_verifies() {
    assert!(
        matches!(refusal(fixture!("sha1")), SamlError::Algorithm(name) if name.contains("sha1"))
    );
}

#[test]
fn the_address_is_the_attribute_or_a_name_that_is_an_address() {
    for xml in [fixture!("name-id-only"), fixture!("plain-name-id")] {
        let assertion = Sp::new().validate(xml).unwrap();
        assert_eq!(assertion.email, "jane@kong.example");
        assert!(assertion.by_name_id);
    }
    assert!(!Sp::new().validate(fixture!("assertion-signed")).unwrap().by_name_id);
    assert_eq!(refusal(fixture!("opaque-name-id")), SamlError::NoEmail);
    assert_eq!(refusal(fixture!("two-emails")), SamlError::ManyEmails);
}

#[test]
fn a_transient_name_is_nobodys_name() {
    let assertion = Sp::new().validate(fixture!("transient-name-id")).unwrap();
    assert_eq!((&*assertion.email, assertion.name_id), ("jane@kong.example", None));
}

#[test]
fn an_address_is_read_as_it_was_signed() {
    // Both were signed as jane@kong.example.evil.example.
    assert!(matches!(refusal(fixture!("comment")), SamlError::Malformed(_)));
    let cdata = Sp::new().validate(fixture!("cdata")).unwrap();
    assert_eq!(cdata.email, "jane@kong.example.evil.example");
}

#[test]
fn a_refusal_of_the_identity_provider_is_told() {
    let xml = fixture!("assertion-signed").replace(
        "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/>",
        "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\">\
         <samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:AuthnFailed\"/>\
         </samlp:StatusCode>",
    );
    assert_eq!(refusal(&xml), SamlError::Status("Responder, AuthnFailed".to_owned()));
    let xml = xml.replace("status:Responder", "status:<script>");
    assert!(matches!(refusal(&xml), SamlError::Unreadable { .. }));
}
