//! Modified, unsigned, oversized and malformed responses.

use super::*;

#[test]
fn whatever_is_changed_after_signing_is_noticed() {
    let changes = [
        ("jane@kong.example", "owner@kong.example"),
        ("10:05:00.000Z", "23:05:00.000Z"),
        ("<saml:Audience>", "<saml:Audience>urn:x</saml:Audience><saml:Audience>"),
        ("cm:bearer", "cm:bearer "),
        ("</saml:Subject>", "</saml:Subject><saml:Advice/>"),
        ("<saml:AttributeValue ", "<saml:AttributeValue a=\"\" "),
    ];
    for (from, to) in changes {
        for xml in [fixture!("assertion-signed"), fixture!("response-signed")] {
            assert!(xml.contains(from));
            assert_eq!(refusal(&xml.replace(from, to)), SamlError::Signature, "{from}");
        }
    }
}

#[test]
fn without_a_signature_nothing_is_believed() {
    let xml = fixture!("assertion-signed");
    let begin = xml.find("<ds:Signature ").unwrap();
    let end = xml.find("</ds:Signature>").unwrap() + "</ds:Signature>".len();
    let unsigned = format!("{}{}", &xml[..begin], &xml[end..]);
    assert_eq!(refusal(&unsigned), SamlError::Unsigned);
    // An element of another namespace is not a signature.
    let foreign = xml
        .replace("http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>", "urn:x\"><ds:SignedInfo>");
    assert_ne!(foreign, xml);
    assert_eq!(refusal(&foreign), SamlError::Unsigned);
}

#[test]
fn a_weaker_algorithm_cannot_be_asked_for() {
    const RSA: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
    const SHA: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
    let xml = fixture!("assertion-signed");
    for (from, to) in [
        (RSA, "http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
        (RSA, "http://www.w3.org/2000/09/xmldsig#hmac-sha1"),
        (RSA, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"),
        (RSA, "http://www.w3.org/2001/04/xmldsig-more#rsa-md5"),
        (SHA, "http://www.w3.org/2000/09/xmldsig#sha1"),
        (SHA, "http://www.w3.org/2001/04/xmldsig-more#md5"),
    ] {
        assert_eq!(refusal(&xml.replace(from, to)), SamlError::Algorithm(to.to_owned()));
    }
}

#[test]
fn encrypted_assertions_are_refused_with_what_to_do() {
    let xml = fixture!("assertion-signed")
        .replace("<saml:Assertion ", "<saml:EncryptedAssertion ")
        .replace("</saml:Assertion>", "</saml:EncryptedAssertion>");
    let refused = refusal(&xml);
    assert_eq!(refused, SamlError::Encrypted);
    assert!(refused.to_string().contains("turn assertion encryption off"));
}

#[test]
fn entities_and_comments_are_refused() {
    let xml = fixture!("assertion-signed");
    let bomb = format!(
        "<!DOCTYPE a [<!ENTITY a \"{}\"><!ENTITY b \"{}\">]>{}",
        "a".repeat(1000),
        "&a;".repeat(1000),
        xml.replace("jane@kong.example", "&b;")
    );
    assert!(matches!(refusal(&bomb), SamlError::Unreadable { .. }));
    let external = format!("<!DOCTYPE a SYSTEM \"file:///etc/passwd\">{xml}");
    assert!(matches!(refusal(&external), SamlError::Unreadable { .. }));
    // Comments do not change what is signed, so the signature would still be valid.
    for text in ["jane<!-- -->@kong.example", "jane@kong.example<?x?>"] {
        let name = "jane@kong.example</saml:NameID>";
        let changed = xml.replacen(name, &format!("{text}</saml:NameID>"), 1);
        assert_ne!(changed, xml);
        assert!(matches!(refusal(&changed), SamlError::Malformed(_)));
    }
}

#[test]
fn size_and_depth_are_limited() {
    let xml = fixture!("assertion-signed");
    let stuffed = |filling: &str| {
        let extensions = format!("<samlp:Extensions>{filling}</samlp:Extensions><samlp:Status>");
        xml.replacen("<samlp:Status>", &extensions, 1)
    };
    assert!(Sp::new().validate(&stuffed("x")).is_ok());
    let huge = stuffed(&"x".repeat(MAX_RESPONSE));
    assert!(matches!(refusal(&huge), SamlError::TooLarge { .. }));
    let deep = stuffed(&format!("{}{}", "<a>".repeat(31), "</a>".repeat(31)));
    assert!(matches!(refusal(&deep), SamlError::Unreadable { .. }));
    let very_deep = stuffed(&"<a>".repeat(80_000));
    assert!(matches!(refusal(&very_deep), SamlError::Unreadable { .. }));
    let attributes: String = (0..20_000).map(|index| format!(" a{index}=''")).collect();
    let broad = stuffed(&format!("<a{attributes}/>"));
    assert!(matches!(refusal(&broad), SamlError::Unreadable { .. }));
}

#[test]
fn nonsense_is_refused() {
    let sp = Sp::new();
    let expected = Expected {
        issuer: sp.issuer,
        certificates: &sp.certificates,
        service_provider: &sp.service_provider,
        request: None,
        now: sp.now,
    };
    let encoded = [STANDARD.encode([0xff, 0xfe]), STANDARD.encode("<a/>")];
    for text in ["", "!", "====", "PGE+", &encoded[0], &encoded[1]] {
        assert!(validate(text, &expected).is_err(), "{text}");
    }
    for xml in ["<Response/>", fixture!("metadata"), "<?xml version='1.0'?>"] {
        assert!(sp.validate(xml).is_err());
    }
    let xml = fixture!("assertion-signed");
    for (from, to) in [("samlp:Response", "samlp:LogoutResponse"), ("2.0:protocol", "2.0:other")] {
        assert!(matches!(refusal(&xml.replace(from, to)), SamlError::Malformed(_)));
    }
    // A truncated response is rejected, wherever it is cut, and never causes a panic.
    for end in (0..xml.len()).step_by(97) {
        assert!(sp.validate(&xml[..end]).is_err());
    }
}
