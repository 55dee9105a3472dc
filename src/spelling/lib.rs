//! Decides which spellings of a text, a name, a user name or an e-mail address are equal (Unicode,
//! PRECIS, IDNA, RFC 5321 and RFC 6531). The filters of the protocol and the keys in the database
//! both use this crate, so that they always agree. It knows nothing about SCIM or Insomnia.

pub mod address;
pub mod characters;
pub mod domain;
pub mod name;
#[cfg(test)]
mod properties;
pub mod text;
pub mod user_name;

pub use address::{Address, InvalidAddress};
