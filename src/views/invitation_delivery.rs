//! What has become of invitations' mails.

use schemars::JsonSchema;
use serde::Serialize;

use crate::administration::invitations::Undelivered;
use crate::enterprise::Timestamp;
use crate::enterprise::delivery::{Delivery, DeliveryState};

/// What has become of an invitation's newest mail.
#[derive(Debug, JsonSchema, Serialize)]
pub struct MailDelivery {
    /// Whether the mail waits, was sent, was refused by a mail server, or was given up.
    pub state: DeliveryState,
    /// Since when the mail is in this state; one that waits has done so since it was written.
    pub at: Timestamp,
    /// How often the server has tried to send the mail.
    pub attempts: i64,
    /// Why the mail has not arrived, in the mail server's words; null if there is no reason.
    pub detail: Option<String>,
}

impl From<Delivery> for MailDelivery {
    fn from(delivery: Delivery) -> Self {
        let Delivery { state, at, attempts, detail } = delivery;
        Self { state, at, attempts, detail }
    }
}

/// How many pending invitations have mail that has not arrived; each number is 1000 at most.
#[derive(Debug, JsonSchema, Serialize)]
pub struct UndeliveredMail {
    /// The number of pending invitations whose newest mail waits to be sent.
    pub waiting: i64,
    /// The number of pending invitations whose newest mail a mail server has refused for good.
    pub refused: i64,
    /// The number of pending invitations whose newest mail was given up.
    pub given_up: i64,
}

impl From<Undelivered> for UndeliveredMail {
    fn from(found: Undelivered) -> Self {
        let Undelivered { waiting, refused, given_up } = found;
        Self { waiting, refused, given_up }
    }
}
