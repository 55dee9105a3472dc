//! insomnia-scim: SCIM 2.0 provisioning for Insomnia Enterprise accounts.
//!
//! The map of the house. Each room imports only rooms further down this list.

pub mod administration;
pub mod background;
pub mod cli;
pub mod config;
pub mod enterprise;
pub mod http;
pub mod outside;
pub mod provisioning;
pub mod scim;
pub mod spelling;
pub mod store;
