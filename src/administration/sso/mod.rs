//! Single sign-on (DOMAIN.md §6): connections to identity providers, one for each verified domain,
//! and signing in through them.
//!
//! What is entered is a draft until a sign-in through it has worked; only then can it take the place of
//! what was in use, and only what has worked can be switched on. What changes how users sign in is an
//! owner's to do.

mod arrivals;
pub mod certificates;
pub mod connections;
mod error;
pub mod identities;
mod letters;
pub mod logins;
pub mod saml;
pub mod switching;

use super::AdministrationError;
pub use error::SsoError;

type Result<T> = std::result::Result<T, AdministrationError>;
