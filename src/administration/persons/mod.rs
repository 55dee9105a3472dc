//! People, their claims to members, and the addresses that they have proved (DOMAIN.md §0). All of
//! this needs the person's session; a member's token is never enough.

pub mod addresses;
pub mod claims;
mod error;

pub use error::PersonError;
