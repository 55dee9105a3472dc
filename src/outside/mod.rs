//! Adapters to the world outside: I/O without rules.

pub mod mail;
pub mod oidc;
