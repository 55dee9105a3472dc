//! What spellings of a text, a name, a user name or an e-mail address are one (Unicode, PRECIS,
//! IDNA, RFC 5321 and RFC 6531). The protocol's filters and the database's keys both ask here, so
//! that they cannot disagree. Nothing here knows SCIM or Insomnia.

pub mod address;
pub mod characters;
pub mod domain;
pub mod name;
#[cfg(test)]
mod properties;
pub mod text;
pub mod user_name;

pub use address::{Address, InvalidAddress};
