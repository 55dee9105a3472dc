//! SAML 2.0 from the service provider's side: what is read from an identity provider's metadata,
//! what is asked of it, and when its answer is believed. No database, no HTTP, no clock.
//!
//! **Signatures are checked by a library.** `bergshamra` it is, because it is Rust all the way down
//! (the build needs no libxml2, xmlsec1 or OpenSSL; `unsafe` is only in its XML parser's scanning
//! with SSE2), is released every few weeks, passes the interoperability suite of xmlsec1, takes
//! several trusted keys at once (roll-over), can be told to trust configured keys only, and names
//! the *node* that was signed. `samael` leaves verifying to xmlsec1, a system library; `xml-sec` is
//! ten times the code, with copies of its parsers and of RSA in itself; `saml-rs` is a layer over
//! `bergshamra` that reads more than it must.
//!
//! What stays here is what no signature library can know:
//! - [`xml`] parses once, within limits. The same tree is verified and read, so that two parsers
//!   cannot disagree.
//! - [`signature`] admits one shape of signature before the library sees it, and afterwards wants
//!   the very element that is read to be the one that was signed.
//! - [`response`] reads nothing that was not signed, and holds it against what was expected.

mod certificate;
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
