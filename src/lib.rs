//! insomnia-scim: SCIM 2.0 provisioning for Insomnia Enterprise accounts.
//!
//! The modules are layers, from top to bottom: `cli`, `config`, `http`, `views`, `background`,
//! `provisioning`, `administration`, `outside`, `store`. Each imports only layers below it
//! (`tests/integration/house.rs`). `enterprise`, `scim` and `spelling` lie below all of them; they
//! are crates of their own (`src/*/Cargo.toml`), so cargo keeps them independent of the layers
//! above.

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
pub mod views;
