//! The delivery state of invitations' mails, and which invitations are wanted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::query;
use crate::administration::invitations::{Filter, Undelivered};
use crate::enterprise::delivery::{Delivery, DeliveryFilter, DeliveryState};
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::{TeamRole, Timestamp};
use crate::http::base::problem::Problem;

/// What has become of an invitation's newest mail.
#[derive(Debug, JsonSchema, Serialize)]
pub struct MailDelivery {
    /// Whether the mail waits, was sent, was refused by a mail server, or was given up.
    state: DeliveryState,
    /// Since when the mail is in this state; one that waits has done so since it was written.
    at: Timestamp,
    /// How often the server has tried to send the mail.
    attempts: i64,
    /// Why the mail has not arrived, in the mail server's words; null if there is no reason.
    detail: Option<String>,
}

impl From<Delivery> for MailDelivery {
    fn from(delivery: Delivery) -> Self {
        let Delivery { state, at, attempts, detail } = delivery;
        Self { state, at, attempts, detail }
    }
}

/// Which invitations are wanted; without any field, all of them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(super) struct WantedInvitations {
    /// Only invitations whose address begins so.
    #[schemars(length(max = 255))]
    search: Option<String>,
    /// Only invitations in this state.
    state: Option<InvitationState>,
    /// Only invitations to the organization with this id.
    organization: Option<String>,
    /// Only invitations to the team with this id.
    team: Option<String>,
    /// Only invitations that give this role, in an organization or through a team.
    role: Option<TeamRole>,
    /// Only pending invitations whose newest mail is so; `failed` is refused or given up.
    #[schemars(with = "Option<DeliveryFilter>")]
    delivery: Option<String>,
}

impl WantedInvitations {
    /// Converts the query into a filter.
    ///
    /// # Errors
    /// Returns 400 if a field is invalid.
    pub(super) fn read(self) -> Result<Filter, Problem> {
        let Self { search, state, organization, team, role, delivery } = self;
        let search = query::search(search)?;
        Ok(Filter { search, state, organization, team, role, mail: mail(delivery)? })
    }
}

/// Which invitations to an organization are wanted; without any field, all of them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub(super) struct WantedOrganizationInvitations {
    /// Only invitations whose address begins so.
    #[schemars(length(max = 255))]
    search: Option<String>,
    /// Only invitations in this state.
    state: Option<InvitationState>,
    /// Only invitations that give this role in the organization.
    role: Option<TeamRole>,
    /// Only pending invitations whose newest mail is so; `failed` is refused or given up.
    #[schemars(with = "Option<DeliveryFilter>")]
    delivery: Option<String>,
}

impl WantedOrganizationInvitations {
    /// Converts the query into a filter.
    ///
    /// # Errors
    /// Returns 400 if a field is invalid.
    pub(super) fn read(self) -> Result<Filter, Problem> {
        let Self { search, state, role, delivery } = self;
        let (search, mail) = (query::search(search)?, mail(delivery)?);
        Ok(Filter { search, state, role, mail, ..Filter::default() })
    }
}

/// Parses the filter by what has become of the mail.
fn mail(word: Option<String>) -> Result<Option<&'static [DeliveryState]>, Problem> {
    let Some(word) = word else { return Ok(None) };
    let filter: DeliveryFilter =
        word.parse().map_err(|error| Problem::bad_request(format!("delivery: {error}.")))?;
    Ok(Some(filter.states()))
}

/// How many pending invitations have mail that has not arrived; each number is 1000 at most.
#[derive(Debug, JsonSchema, Serialize)]
pub struct UndeliveredMail {
    /// The number of pending invitations whose newest mail waits to be sent.
    waiting: i64,
    /// The number of pending invitations whose newest mail a mail server has refused for good.
    refused: i64,
    /// The number of pending invitations whose newest mail was given up.
    given_up: i64,
}

impl From<Undelivered> for UndeliveredMail {
    fn from(found: Undelivered) -> Self {
        let Undelivered { waiting, refused, given_up } = found;
        Self { waiting, refused, given_up }
    }
}
