//! The integration tests: through HTTP, against a real server, on both databases.
//!
//! One file per capability. `support` is the one harness; [`on_both_databases!`] makes a test of
//! each database out of one story.

// All of this is test code, which Clippy sees only inside `#[test]` functions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

mod administration;
mod authentication;
mod background;
mod connector;
mod crash;
mod groups;
mod kongair;
mod mail;
mod protocol;
mod readme;
mod scim_test;
mod seats;
mod smoke;
mod synchronisation;
mod tenants;
mod users;
