//! Single sign-on (DOMAIN.md §6): connections to identity providers, one for each verified domain,
//! and signing in through them.
//!
//! What is entered is a draft until a sign-in through it has worked; only then does it take the
//! place of what was in use, and only what has worked can be switched on.

mod arrivals;
pub mod connections;
mod error;
pub mod identities;
pub mod logins;
pub mod saml;

pub use error::SsoError;
