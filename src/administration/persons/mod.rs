//! People and the members that they are (DOMAIN.md §0): claims, and the addresses that a person has
//! proved. All of it is done with the person's session, never with a token of a member.

pub mod addresses;
pub mod claims;
mod error;

pub use error::PersonError;
