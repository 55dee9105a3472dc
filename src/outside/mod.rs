//! Adapters to the world outside: I/O and formats without rules of the domain.

pub mod saml;
