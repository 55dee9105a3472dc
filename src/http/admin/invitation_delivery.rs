//! What has become of the mails of invitations, as shown and as asked for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::enterprise::Timestamp;
use crate::enterprise::delivery::{Delivery, DeliveryFilter, DeliveryState};
use crate::http::base::problem::Problem;
use crate::store::invitation_delivery::Wanted;

/// What has become of a mail.
#[derive(Debug, JsonSchema, Serialize)]
pub struct MailDelivery {
    state: DeliveryState,
    /// Since when; a mail waits since it was written.
    at: Timestamp,
    /// How often it was tried.
    attempts: i64,
    /// Why it has not arrived, in the words of the mail server.
    detail: Option<String>,
}

impl From<Delivery> for MailDelivery {
    fn from(delivery: Delivery) -> Self {
        let Delivery { state, at, attempts, detail } = delivery;
        Self { state, at, attempts, detail }
    }
}

/// Which invitations are asked for by their mail.
#[derive(Debug, Deserialize, JsonSchema)]
pub(super) struct DeliveryQuery {
    /// Only pending invitations whose newest mail is in this state; `failed` is refused or given up.
    #[schemars(with = "Option<DeliveryFilter>")]
    delivery: Option<String>,
}

impl DeliveryQuery {
    /// What is wanted, if not all.
    ///
    /// # Errors
    /// 400 naming the states.
    pub(super) fn read(&self, now: Timestamp) -> Result<Option<Wanted>, Problem> {
        let Some(word) = &self.delivery else { return Ok(None) };
        let filter: DeliveryFilter =
            word.parse().map_err(|error| Problem::bad_request(format!("delivery: {error}.")))?;
        Ok(Some(Wanted { states: filter.states(), now }))
    }
}
