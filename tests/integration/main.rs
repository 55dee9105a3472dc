//! The integration tests: through HTTP, against a real server, on both databases.
//!
//! One file per capability. `support` is the one harness; [`on_both_databases!`] makes a test of
//! each database out of one story.

// All of this is test code, which Clippy sees only inside `#[test]` functions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

mod administration;
mod answer_headers;
mod authentication;
mod availability;
mod background;
mod backup;
mod bodies;
mod connector;
mod console;
mod crash;
mod cursors;
mod damage;
mod demo;
mod dns;
mod documents;
mod domains;
mod encryption;
mod fairness;
mod groups;
mod guessing;
mod house;
mod invitations;
mod kongair;
mod lists;
mod mail;
mod newcomer;
mod organizations;
mod pages;
mod persons;
mod protocol;
mod rekeying;
mod saml;
mod schemas;
mod scim_test;
mod seats;
mod shared_commits;
mod single_sign_on;
mod smoke;
mod spellings;
mod synchronisation;
mod tenants;
mod upgrade;
mod users;
mod whole_answers;
