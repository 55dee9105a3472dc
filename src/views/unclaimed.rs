//! Who has an address in a domain and is not a member.

use schemars::JsonSchema;
use serde::Serialize;

use super::invitation_results::InvitationResult;
use crate::administration::domains::InvitedUnclaimed;
use crate::enterprise::Timestamp;
use crate::store::users::UnclaimedRow;

/// A person with an address in the domain who is no member of the account.
#[derive(Debug, JsonSchema, Serialize)]
pub struct UnclaimedAccount {
    /// The person's id, `acct_…`.
    pub id: String,
    /// The address in the domain that the person has proved.
    pub email: String,
    /// The name that the person signed up with; null if there was no sign-up.
    pub name: Option<String>,
    /// When the person became known to Insomnia, by proving a first address.
    pub known_since: Timestamp,
}

impl From<UnclaimedRow> for UnclaimedAccount {
    fn from(row: UnclaimedRow) -> Self {
        Self { id: row.id, email: row.email, name: row.name, known_since: row.created_at }
    }
}

/// What became of inviting the unclaimed accounts of a domain.
#[derive(Debug, JsonSchema, Serialize)]
pub struct UnclaimedInvitationResults {
    /// One result for each address that had no pending invitation.
    pub results: Vec<InvitationResult>,
    /// Whether there are more of them, for the next call.
    pub more: bool,
}

impl UnclaimedInvitationResults {
    /// Makes the answer as of this time.
    pub fn at(invited: InvitedUnclaimed, now: Timestamp) -> Self {
        let results = invited.results.into_iter().map(|one| InvitationResult::at(one, now));
        Self { results: results.collect(), more: invited.more }
    }
}
