//! Which invitations are wanted.

use schemars::JsonSchema;
use serde::Deserialize;

use super::query;
use crate::administration::invitations::Filter;
use crate::enterprise::TeamRole;
use crate::enterprise::delivery::{DeliveryFilter, DeliveryState};
use crate::enterprise::invitation::InvitationState;
use crate::http::base::problem::Problem;

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
