//! People, their claims to members, and the addresses that they have proved (docs/domain.md §0).
//! All of this needs the person's session, but for reading what one reaches: a member's token shows
//! that of its account.

pub mod addresses;
pub mod claims;
mod error;
pub mod first_steps;
pub mod leaving;
pub mod names;
pub mod reach;

pub use error::PersonError;
