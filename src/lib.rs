//! insomnia-scim: SCIM 2.0 provisioning for Insomnia Enterprise accounts.
//!
//! The map of the house. Each room imports only rooms below it in this list; nothing runs upward.

pub mod scim;
