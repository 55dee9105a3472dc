//! Metadata as an independent implementation writes it, and text that is not metadata.

use super::super::response::tests::certificate;
use super::*;

const METADATA_XML: &str = include_str!("../fixtures/metadata.xml");
const CURRENT: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lib/saml-idp/keys/current.crt"));
const WEAK: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lib/saml-idp/keys/weak.crt"));

/// Returns the base64 of a certificate.
fn bare(pem: &str) -> String {
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}

#[test]
fn metadata_gives_all_that_a_connection_needs() {
    let read = IdentityProvider::from_metadata(METADATA_XML).unwrap();
    assert_eq!(read.entity_id, "https://idp.example/metadata");
    assert_eq!(read.sign_on_url, "https://idp.example/sso");
    let expected = vec![certificate!("current").unwrap(), certificate!("next").unwrap()];
    assert_eq!(read.certificates, expected);
    assert_eq!(read.certificates[0].subject(), "CN=Test identity provider (current)");
    assert!(read.certificates[0].not_before() < read.certificates[0].not_after());
    assert_eq!(read.certificates[0].fingerprint().len(), 95);
    let again = Certificate::from_der(read.certificates[0].der()).unwrap();
    assert_eq!(again, read.certificates[0]);
}

#[test]
fn a_key_that_is_named_twice_counts_once_and_one_for_encryption_not_at_all() {
    let both = METADATA_XML.replace("use=\"signing\"", "");
    assert_eq!(IdentityProvider::from_metadata(&both).unwrap().certificates.len(), 2);
    let one = METADATA_XML.replacen("use=\"signing\"", "use=\"encryption\"", 1);
    assert_eq!(IdentityProvider::from_metadata(&one).unwrap().certificates.len(), 1);
    let none = METADATA_XML.replace("use=\"signing\"", "use=\"encryption\"");
    let refused = IdentityProvider::from_metadata(&none).unwrap_err().to_string();
    assert!(refused.contains("no signing certificate"), "{refused}");
    let twice = [CURRENT, CURRENT];
    let made =
        IdentityProvider::new("urn:x", "https://idp.example/", Binding::Redirect, &twice).unwrap();
    assert_eq!(made.certificates.len(), 1);
}

#[test]
fn one_identity_provider_is_found_among_other_entities() {
    let entity = METADATA_XML.trim_start_matches(|letter| letter != '<');
    let entity = &entity[entity.find("<EntityDescriptor").unwrap_or(0)..];
    let entities = |inner: &str| {
        format!("<m:EntitiesDescriptor xmlns:m=\"{METADATA}\">{inner}</m:EntitiesDescriptor>")
    };
    let service = "<m:EntityDescriptor entityID=\"urn:sp\"><m:SPSSODescriptor \
                   protocolSupportEnumeration=\"urn:x\"/></m:EntityDescriptor>";
    let one = entities(&format!("{service}{}", entities(entity)));
    let alone = IdentityProvider::from_metadata(METADATA_XML).unwrap();
    assert_eq!(IdentityProvider::from_metadata(&one), Ok(alone));
    let other = entity.replace("https://idp.example/metadata", "urn:other");
    let two = IdentityProvider::from_metadata(&entities(&format!("{entity}{other}")));
    let refused = two.unwrap_err().to_string();
    for part in ["2 identity providers", "https://idp.example/metadata", "urn:other"] {
        assert!(refused.contains(part), "{refused}");
    }
    let none = IdentityProvider::from_metadata(&entities(service)).unwrap_err().to_string();
    assert!(none.contains("exactly one IDPSSODescriptor"), "{none}");
}

#[test]
fn a_weak_certificate_beside_a_good_one_is_left_out() {
    let next = METADATA_XML.match_indices("X509Certificate>").nth(2).unwrap().0;
    let start = next + "X509Certificate>".len();
    let end = start + METADATA_XML[start..].find('<').unwrap();
    let weak = format!("{}{}{}", &METADATA_XML[..start], bare(WEAK), &METADATA_XML[end..]);
    let read = IdentityProvider::from_metadata(&weak).unwrap();
    assert_eq!(read.certificates, vec![certificate!("current").unwrap()]);
    assert!(read.left_out[0].contains("1024 bits"), "{:?}", read.left_out);
    // The text of an element may also be PEM.
    let pem = format!("{}\n{CURRENT}\n{}", &METADATA_XML[..start], &METADATA_XML[end..]);
    assert_eq!(IdentityProvider::from_metadata(&pem).unwrap().certificates.len(), 1);
}

#[test]
fn a_form_is_posted_only_where_no_redirect_is_taken() {
    let both = IdentityProvider::from_metadata(METADATA_XML).unwrap();
    assert_eq!(both.binding, Binding::Redirect);
    let only_post = METADATA_XML.replace("HTTP-Redirect", "SOAP");
    let read = IdentityProvider::from_metadata(&only_post).unwrap();
    assert_eq!((read.binding, &*read.sign_on_url), (Binding::Post, "https://idp.example/sso"));
}

#[test]
fn what_is_missing_is_named() {
    let refusals = [
        ("<a/>".to_owned(), "EntityDescriptor"),
        (METADATA_XML.replace("IDPSSODescriptor", "SPSSODescriptor"), "IDPSSODescriptor"),
        (
            METADATA_XML.replace("HTTP-Redirect", "SOAP").replace("HTTP-POST", "SOAP"),
            "HTTP-Redirect",
        ),
        (METADATA_XML.replace(" entityID=\"https://idp.example/metadata\"", ""), "entity id"),
        (METADATA_XML.replace("https://idp.example/sso", "http://idp.example/sso"), "sign-on URL"),
        (METADATA_XML.replace("https://idp.example/sso", "javascript:alert(1)"), "sign-on URL"),
        (format!("<!DOCTYPE a>{METADATA_XML}"), "document type"),
        ("x".repeat(MAX_METADATA + 1), "longer than"),
        (METADATA_XML.replace("MIID", "!"), "base64"),
    ];
    for (text, word) in refusals {
        let refused = IdentityProvider::from_metadata(&text).unwrap_err().to_string();
        assert!(refused.contains(word), "{refused} does not say {word}");
    }
}

#[test]
fn sign_on_urls_go_over_tls_or_stay_on_this_machine() {
    let take =
        |url: &str| IdentityProvider::new("urn:x", url, Binding::Redirect, &[CURRENT]).is_ok();
    for url in [
        "https://idp.example/sso?a=b",
        "http://127.0.0.1:80/",
        "http://localhost/",
        "http://[::1]/",
    ] {
        assert!(take(url), "{url}");
    }
    let long = format!("https://idp.example/{}", "x".repeat(2000));
    for url in
        ["http://idp.example/", "ftp://idp.example/", "/sso", "https://a:b@idp.example/", &long]
    {
        assert!(!take(url), "{url}");
    }
}

#[test]
fn certificates_are_read_as_pem_and_as_base64_and_weak_ones_refused() {
    let pem = CURRENT;
    assert_eq!(Certificate::read(pem), Certificate::read(&bare(pem)));
    assert!(certificate!("ec").is_ok());
    let refused = certificate!("weak").unwrap_err().to_string();
    assert!(refused.contains("1024 bits"), "{refused}");
    let two = format!("{pem}{pem}");
    for text in ["", "x", "!", "-----BEGIN CERTIFICATE-----", &two, &"A".repeat(40_001)] {
        assert!(matches!(Certificate::read(text), Err(SamlError::Certificate(_))), "{text}");
    }
    let key =
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lib/saml-idp/keys/current.key"));
    assert!(matches!(Certificate::read(key), Err(SamlError::Certificate(_))));
}

#[test]
fn our_metadata_can_be_read_and_says_where_and_for_whom() {
    let ours =
        ServiceProvider::new("https://sp.example/a&\"b\"", "https://sp.example/acs?a&b").metadata();
    let document = xml::parse("metadata", &ours).unwrap();
    let root = document.document_element().unwrap();
    assert_eq!(xml::attribute(&document, root, "entityID"), Some("https://sp.example/a&\"b\""));
    let consumers = xml::all(&document, root, METADATA, "AssertionConsumerService");
    let [consumer] = consumers.as_slice() else { panic!("one consumer") };
    assert_eq!(
        xml::attribute(&document, *consumer, "Location"),
        Some("https://sp.example/acs?a&b")
    );
    assert_eq!(xml::attribute(&document, *consumer, "Binding"), Some(POST));
}
