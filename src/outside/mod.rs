//! Adapters to external systems: I/O without rules.

pub mod dns;
pub mod mail;
pub mod network;
pub mod oidc;
pub mod saml;
