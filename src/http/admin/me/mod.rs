//! `/api/v1/me/…`: what concerns the caller, whatever their role: their own name, the organizations that
//! they reach, the storage rules that bind them, and the invitations to them.

pub mod caller;
mod first_steps;
mod invitations;
pub mod organizations;
mod person;

use super::api::Api;

/// Declares the endpoints.
pub fn endpoints(api: &mut Api) {
    person::endpoints(api);
    organizations::endpoints(api);
    invitations::endpoints(api);
    first_steps::endpoints(api);
}
