//! insomnia-scim: SCIM 2.0 provisioning for Insomnia Enterprise accounts.
//!
//! The map of the house. Each room imports only rooms further down this list. Three of them are crates
//! of their own (`src/*/Cargo.toml`), so that cargo keeps them apart from everything above.

pub mod administration;
pub mod background;
pub mod cli;
pub mod config;
pub use enterprise;
pub mod http;
pub mod outside;
pub mod provisioning;
pub use scim_engine as scim;
pub use spelling;
pub mod store;
