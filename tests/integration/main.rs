//! The integration tests: through HTTP, against a real server, on both databases.
//!
//! One file per capability. `support` is the one harness; [`on_both_databases!`] makes a test of
//! each database out of one story.

mod support;

mod groups;
mod kongair;
mod protocol;
mod smoke;
