//! OAuth 2.0 for identity providers: the automatic alternative to a SCIM token (docs/domain.md §7).

mod authorization;
pub mod clients;
mod error;
mod exchange;

pub use authorization::{Asked, authorize, check};
pub use error::{OAuthError, RedirectError};
pub use exchange::{Client, Grant, Issued, authenticate, exchange};
