//! The delivery state of invitations' mails, in answers and as a filter.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::enterprise::Timestamp;
use crate::enterprise::delivery::{Delivery, DeliveryFilter, DeliveryState};
use crate::http::base::problem::Problem;
use crate::store::invitation_delivery::Wanted;

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

/// Which invitations are wanted, by what has become of their mail.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct DeliveryQuery {
    /// Only pending invitations whose newest mail is so; `failed` is refused or given up.
    #[schemars(with = "Option<DeliveryFilter>")]
    delivery: Option<String>,
}

impl DeliveryQuery {
    /// Parses the filter; `None` if there is none.
    ///
    /// # Errors
    /// Returns 400 with the possible states.
    pub(super) fn read(&self, now: Timestamp) -> Result<Option<Wanted>, Problem> {
        let Some(word) = &self.delivery else { return Ok(None) };
        let filter: DeliveryFilter =
            word.parse().map_err(|error| Problem::bad_request(format!("delivery: {error}.")))?;
        Ok(Some(Wanted { states: filter.states(), now }))
    }
}
