//! Single sign-on (docs/domain.md §6): connections to identity providers, one per verified domain,
//! and sign-ins through them.
//!
//! New settings are a draft until a sign-in through them has succeeded. Only then can they replace
//! those in use, and only settings that have worked can be switched on. Changes to how users sign
//! in are reserved for owners.

mod arrivals;
pub mod certificates;
pub mod connections;
mod error;
pub mod identities;
mod letters;
pub mod logins;
pub mod saml;
pub mod switching;
pub mod urls;

use super::AdministrationError;
pub use error::SsoError;

type Result<T> = std::result::Result<T, AdministrationError>;
