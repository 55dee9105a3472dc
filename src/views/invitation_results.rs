//! Inviting one address or several, and what became of each.

use schemars::JsonSchema;
use serde::Serialize;

use super::invitations::Invitation;
use super::refusals::ItemRefusal;
use crate::administration::AdministrationError;
use crate::administration::invitations::{self, Invited as Outcome, Target};
use crate::enterprise::{AccountPk, Timestamp};
use crate::store::Transaction;

/// The addresses to invite: one, or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Addresses {
    /// One address, whose refusal refuses the request.
    One(String),
    /// Several addresses, each with a result of its own.
    Several(Vec<String>),
}

impl Addresses {
    /// Invites the addresses.
    pub fn invite(
        &self,
        transaction: &mut Transaction<'_>,
        enterprise: AccountPk,
        public_url: &str,
        target: &Target,
    ) -> Result<Invited, AdministrationError> {
        let now = transaction.now();
        match self {
            Self::One(email) => {
                let row = invitations::create(transaction, enterprise, public_url, email, target)?;
                Ok(Invited::One(Invitation::at(row, now)))
            }
            Self::Several(emails) => {
                let outcomes =
                    invitations::create_many(transaction, enterprise, public_url, emails, target)?;
                let results =
                    outcomes.into_iter().map(|outcome| InvitationResult::at(outcome, now));
                Ok(Invited::Several(InvitationResults { results: results.collect() }))
            }
        }
    }
}

/// What became of the addresses that were to be invited.
#[derive(Debug, JsonSchema, Serialize)]
#[serde(untagged)]
pub enum Invited {
    /// Of one: its invitation.
    One(Invitation),
    /// Of several.
    Several(InvitationResults),
}

/// What became of several addresses that were to be invited.
#[derive(Debug, JsonSchema, Serialize)]
pub struct InvitationResults {
    /// One result for each address, in the order in which they were given, without repetitions.
    pub results: Vec<InvitationResult>,
}

/// What became of one address: either `invitation` or `refusal` is given.
#[derive(Debug, JsonSchema, Serialize)]
pub struct InvitationResult {
    /// The address, as it was given.
    pub email: String,
    /// The invitation of the address; null if it was refused.
    pub invitation: Option<Invitation>,
    /// Why the address was not invited; null if it was.
    pub refusal: Option<ItemRefusal>,
}

impl InvitationResult {
    /// Makes the answer as of this time.
    pub fn at(outcome: Outcome, now: Timestamp) -> Self {
        let (invitation, refusal) = match outcome.outcome {
            Ok(row) => (Some(Invitation::at(row, now)), None),
            Err(error) => (None, Some(error.into())),
        };
        Self { email: outcome.email, invitation, refusal }
    }
}
