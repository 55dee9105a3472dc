//! SAML 2.0 as a service provider: parses the metadata of an identity provider, creates requests,
//! and validates responses. No database, no HTTP, no clock.
//!
//! **A library verifies the signatures.** We chose `bergshamra` because it is pure Rust (the build
//! needs no libxml2, xmlsec1 or OpenSSL; the only `unsafe` is SSE2 scanning in its XML parser), is
//! released every few weeks, passes the interoperability suite of xmlsec1, accepts several trusted
//! keys at once (roll-over), can be restricted to configured keys, and reports which *node* was
//! signed. `samael` delegates verification to xmlsec1, a system library; `xml-sec` is ten times the
//! code, with its own copies of its parsers and of RSA; `saml-rs` is a layer over `bergshamra` that
//! parses more than we need.
//!
//! The rest is here because no signature library can know it:
//! - [`xml`] parses once, within limits. Verification and evaluation use the same tree, so two
//!   parsers cannot disagree.
//! - [`signature`] accepts a single structure of signatures before the library sees them, and
//!   afterwards requires that the element we read is exactly the one that was signed.
//! - [`response`] and [`assertion`] read only what was signed, and compare it with what is expected.

mod assertion;
mod certificate;
mod checks;
mod error;
mod metadata;
mod pasted;
mod request;
mod response;
mod signature;
mod signers;
mod xml;

pub use certificate::{Certificate, MAX_CERTIFICATES};
pub use error::SamlError;
pub use metadata::{IdentityProvider, MAX_METADATA, ServiceProvider};
pub use request::{AuthnRequest, Carried};
pub use response::{Assertion, Expected, LEEWAY, MAX_RESPONSE, in_response_to, validate};
