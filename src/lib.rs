//! insomnia-scim: SCIM 2.0 provisioning for Insomnia Enterprise accounts.
//!
//! The map of the house. Each room imports only rooms further down this list.

pub mod enterprise;
pub mod scim;
pub mod store;
