//! Giving a role in the account to somebody who is named by an address (docs/domain.md §1): a member
//! has it at once, and somebody who is no member yet is invited to be co-owner.

use super::error::checked_address;
use super::invitations::{self, Target};
use super::members::{self, ClaimedMember};
use super::{AdministrationError, Class, Refusal};
use crate::enterprise::{AccountPk, Role, address};
use crate::store::invitations::InvitationRow;
use crate::store::{Transaction, claims};

type Result<T> = std::result::Result<T, AdministrationError>;

/// Why somebody cannot be given a role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppointingError {
    /// The address is no member's, and only co-owners are invited by it.
    #[error(
        "\"{0}\" is no member of this account yet. Only a co-owner can be invited from outside: add the \
         person as a member, or invite them to an organization, and give them the role {1} then."
    )]
    NoMember(String, Role),
}

impl Refusal for AppointingError {
    fn class(&self) -> Class {
        Class::Conflict
    }

    fn word(&self) -> &'static str {
        "not-a-member"
    }
}

/// What became of an appointment.
#[derive(Clone, Debug)]
pub enum Appointed {
    /// The member has the role.
    Member(Box<ClaimedMember>),
    /// The person is invited to be co-owner.
    Invited(Box<InvitationRow>),
}

/// Gives the role to whoever has the address. For callers who may make owners and co-owners.
///
/// # Errors
/// Fails if the address is invalid, it is no member's and the role is not co-owner, the member is the
/// last owner, or the person cannot be invited.
pub fn appoint(
    transaction: &mut Transaction<'_>,
    enterprise: AccountPk,
    public_url: &str,
    (email, role): (&str, Role),
) -> Result<Appointed> {
    let email = checked_address("email", email)?;
    let email = email.as_str();
    if let Some(member) = claims::known_by(transaction, enterprise, &address::key(email))? {
        let changed = members::set_role(transaction, enterprise, &member.id, role, true)?;
        return Ok(Appointed::Member(Box::new(changed)));
    }
    if role != Role::CoOwner {
        return Err(AppointingError::NoMember(email.to_owned(), role).into());
    }
    let invited =
        invitations::create(transaction, enterprise, public_url, email, &Target::CoOwner)?;
    Ok(Appointed::Invited(Box::new(invited)))
}
