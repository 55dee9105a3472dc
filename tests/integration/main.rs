//! The integration tests: through HTTP, against a real server, on both databases.
//!
//! One file per capability. `support` is the one harness; [`on_both_databases!`] makes a test of
//! each database out of one story.

// A test fails by panicking; the exception in clippy.toml covers only functions marked as tests, not
// what they share.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

mod groups;
mod kongair;
mod protocol;
mod smoke;
