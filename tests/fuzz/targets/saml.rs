//! Whatever is done to a signed response: it is refused, or says what was signed.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use insomnia_scim::enterprise::Timestamp;
use insomnia_scim::outside::saml::{
    Assertion, Certificate, Expected, SamlError, ServiceProvider, in_response_to, validate,
};

use crate::mutate::xml;
use crate::runner::{Ending, Target};

/// Checking a signature without optimisation takes most of it.
const LIMIT: Duration = Duration::from_millis(500);
/// When the fixtures were issued.
const ISSUED: Timestamp = Timestamp(1_795_514_400_000);

macro_rules! file {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/", $name))
    };
}

const FIXTURES: [&str; 9] = [
    file!("src/outside/saml/fixtures/assertion-signed.xml"),
    file!("src/outside/saml/fixtures/response-signed.xml"),
    file!("src/outside/saml/fixtures/both-signed.xml"),
    file!("src/outside/saml/fixtures/name-id-only.xml"),
    file!("src/outside/saml/fixtures/transient-name-id.xml"),
    file!("src/outside/saml/fixtures/plain-name-id.xml"),
    file!("src/outside/saml/fixtures/two-emails.xml"),
    file!("src/outside/saml/fixtures/ecdsa.xml"),
    file!("src/outside/saml/fixtures/stranger-key.xml"),
];

struct Sp {
    certificates: Vec<Certificate>,
    service_provider: ServiceProvider,
}

impl Sp {
    fn new() -> Self {
        let certificates =
            [file!("tests/lib/saml-idp/keys/current.crt"), file!("tests/lib/saml-idp/keys/ec.crt")];
        Self {
            certificates: certificates.map(|text| Certificate::read(text).unwrap()).into(),
            service_provider: ServiceProvider::new(
                "https://scim.example/sso/saml/con_1/metadata",
                "https://scim.example/sso/saml/con_1/acs",
            ),
        }
    }

    fn validate(&self, xml: &str) -> Result<Assertion, SamlError> {
        let expected = Expected {
            issuer: "https://idp.example/metadata",
            certificates: &self.certificates,
            service_provider: &self.service_provider,
            request: Some("_request"),
            now: ISSUED,
        };
        let encoded = STANDARD.encode(xml);
        // Read before it is validated; it must only not fail.
        let _ = in_response_to(&encoded);
        validate(&encoded, &expected)
    }
}

fn words(error: &SamlError) -> String {
    error.to_string().chars().filter(|c| c.is_ascii_alphabetic() || *c == ' ').take(90).collect()
}

#[test]
fn saml() {
    let sp = Sp::new();
    let signed: Vec<Assertion> = FIXTURES.iter().filter_map(|xml| sp.validate(xml).ok()).collect();
    assert_eq!(signed.len(), 7);
    Target {
        name: "saml",
        seeds: FIXTURES.map(str::to_owned).into(),
        mutate: &xml::mutate,
        check: &|xml| -> Ending {
            match sp.validate(xml) {
                Ok(assertion) if signed.contains(&assertion) => Ok("accepted".to_owned()),
                Ok(assertion) => Err(format!("nobody signed this: {assertion:?}")),
                Err(error) => Ok(words(&error)),
            }
        },
        limit: LIMIT,
    }
    .run();
}
