//! What concerns a person, whatever their role in an account.

pub mod first_steps;
pub mod invitations;
pub mod organizations;
pub mod person;
