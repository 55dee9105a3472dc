//! What we say of a signature, and why we refuse what another implementation would take.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use insomnia_scim::enterprise::Timestamp;
use insomnia_scim::outside::saml::{Certificate, Expected, SamlError, ServiceProvider, validate};

use super::seen;

/// When the documents were issued.
const ISSUED: Timestamp = Timestamp(1_795_514_400_000);

/// What we say of the signatures of a document.
#[derive(Debug)]
pub enum Ours {
    /// They are good; the rest of the response may not be.
    Valid,
    /// They are not of this key over this content.
    Invalid,
    /// They are not looked at, or not accepted as they are.
    #[allow(dead_code)] // Shown where the comparison fails.
    Refused {
        /// The reason's name.
        reason: String,
        /// Whether it is seen in the document.
        holds: bool,
    },
}

type Reason = (&'static str, &'static str, fn(&str) -> bool);

/// Name, what our refusal says, and how the reason is seen in the text of the document.
const REASONS: [Reason; 20] = [
    ("document type declaration", "document type declaration", |xml| xml.contains("<!DOCTYPE")),
    ("undeclared prefix", "Undeclared namespace prefix", seen::undeclared),
    ("comment or processing instruction", "a processing instruction", seen::comment),
    ("root is no response", "root is not a samlp:Response", |xml| seen::root(xml) != "Response"),
    ("another response", "holds another response", |xml| seen::count(xml, "Response") > 1),
    ("encrypted", "is encrypted", |xml| xml.contains("Encrypted")),
    ("not exactly one assertion", "exactly one assertion", seen::odd_assertions),
    ("no status", "has no status", |xml| !seen::success(xml)),
    ("status is no success", "answered with status", |xml| !seen::success(xml)),
    ("weak algorithm", "which is not accepted: use RSA", seen::weak),
    ("in an element that is not read", "stands neither in the response", seen::misplaced),
    ("an element is signed twice", "signed twice", |xml| seen::count(xml, "Signature") > 1),
    ("refers to another element", "refers to another element", seen::elsewhere),
    ("other canonicalization", "use exclusive canonicalization", |xml| xml.contains("xml-c14n")),
    ("other transforms", "only the transforms", seen::other_transforms),
    ("other parts of a signature", "it must hold SignedInfo", seen::other_parts),
    ("not one reference", "exactly one Reference", seen::references),
    ("other parts of a reference", "must hold Transforms, DigestMethod", seen::no_transforms),
    ("parameters of a method", "more than an algorithm", seen::parameters),
    ("foreign parts in a signature", "not part of XML signatures", seen::foreign),
];

/// Asks the library.
pub fn ours(xml: &str, key: &str) -> Ours {
    let pem = format!("{}/tests/lib/saml-idp/keys/{key}.crt", env!("CARGO_MANIFEST_DIR"));
    let certificates = [Certificate::read(&std::fs::read_to_string(pem).unwrap()).unwrap()];
    let service_provider = ServiceProvider::new(
        "https://scim.example/sso/saml/con_1/metadata",
        "https://scim.example/sso/saml/con_1/acs",
    );
    let expected = Expected {
        issuer: "https://idp.example/metadata",
        certificates: &certificates,
        service_provider: &service_provider,
        request: Some("_request"),
        now: ISSUED,
    };
    let error = match validate(&STANDARD.encode(xml), &expected) {
        Ok(_) => return Ours::Valid,
        Err(SamlError::Signature) => return Ours::Invalid,
        Err(error) if error.is_signed() => return Ours::Valid,
        Err(error) => error,
    };
    let text = error.to_string();
    match REASONS.into_iter().find(|(_, said, _)| text.contains(said)) {
        Some((reason, _, holds)) => Ours::Refused { reason: reason.to_owned(), holds: holds(xml) },
        // The signature is looked at before all the rest of a response's form.
        None if matches!(error, SamlError::Malformed(_)) => Ours::Valid,
        None => Ours::Refused { reason: text, holds: false },
    }
}
