//! Delivery of invitation mails, and what administrators can do when it fails (docs/domain.md §4).

use super::Timestamp;
use super::words::words;

words! {
    /// The delivery state of a mail.
    DeliveryState {
        /// It is queued; the server sends it or retries on its own.
        Waiting = "waiting",
        /// A mail server has accepted it.
        Sent = "sent",
        /// A mail server has permanently rejected it.
        Refused = "refused",
        /// No mail server accepted it in time, and it is not retried.
        GivenUp = "given_up",
    }
}

words! {
    /// A filter for invitations by the delivery state of their mail.
    DeliveryFilter {
        /// The mail is queued.
        Waiting = "waiting",
        /// The mail was sent.
        Sent = "sent",
        /// The mail was rejected.
        Refused = "refused",
        /// The mail was given up.
        GivenUp = "given_up",
        /// The mail was rejected or given up.
        Failed = "failed",
    }
}

impl DeliveryFilter {
    /// Returns the delivery states that match the filter.
    pub const fn states(self) -> &'static [DeliveryState] {
        match self {
            Self::Waiting => &[DeliveryState::Waiting],
            Self::Sent => &[DeliveryState::Sent],
            Self::Refused => &[DeliveryState::Refused],
            Self::GivenUp => &[DeliveryState::GivenUp],
            Self::Failed => &[DeliveryState::Refused, DeliveryState::GivenUp],
        }
    }
}

/// The delivery of a mail, as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The current state.
    pub state: DeliveryState,
    /// When the mail entered this state; for a waiting mail, when it was written.
    pub at: Timestamp,
    /// The number of attempts to send it.
    pub attempts: i64,
    /// Why it was not delivered, usually as the mail server put it.
    pub detail: Option<String>,
}

/// Shown to administrators when no mail can be sent at all. The cause is in the server's settings,
/// which account administrators must not see.
pub const NO_MAIL_SERVER: &str = "This server cannot reach its own mail server, or cannot sign in \
     to it; its log says why.";

/// Hours after which an untried mail suggests that no mail server is configured.
const UNTRIED_HOURS: i64 = 1;

const REFUSED: &str = "The mail server refused this mail for good; the detail is what it said. \
     Until then the invitation holds its seat. If the address is wrong, correct it: revoke this \
     invitation (its seat is free at once) and invite again. If it is right and takes mail again, \
     resend the invitation.";
const GIVEN_UP: &str = "No mail server took this mail in three days, and it is not tried again. \
     Until then the invitation holds its seat. If the address is wrong, correct it: revoke this \
     invitation (its seat is free at once) and invite again. Otherwise resend the invitation.";
const UNTRIED: &str = "This mail has not been tried yet: the server may have no mail server set \
     (INSOMNIA_SCIM_SMTP_URL). Tell the people who run it; the mail is sent once there is one.";

impl Delivery {
    /// Returns what to do about the mail of a pending invitation, or `None` if no action is needed.
    pub fn advice(&self, now: Timestamp) -> Option<&'static str> {
        match self.state {
            DeliveryState::Refused => Some(REFUSED),
            DeliveryState::GivenUp => Some(GIVEN_UP),
            DeliveryState::Waiting
                if self.attempts == 0 && self.at <= now.minus_hours(UNTRIED_HOURS) =>
            {
                Some(UNTRIED)
            }
            DeliveryState::Waiting | DeliveryState::Sent => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(10 * 60 * 60 * 1000);

    #[test]
    fn there_is_advice_where_a_mail_does_not_arrive_by_itself() {
        let hour_ago = NOW.minus_hours(1);
        for (state, at, attempts, part) in [
            (DeliveryState::Sent, hour_ago, 1, None),
            (DeliveryState::Refused, NOW, 1, Some("revoke this invitation (its seat is free")),
            (DeliveryState::GivenUp, NOW, 20, Some("three days")),
            (DeliveryState::Waiting, NOW, 0, None),
            (DeliveryState::Waiting, hour_ago, 1, None),
            (DeliveryState::Waiting, hour_ago, 0, Some("INSOMNIA_SCIM_SMTP_URL")),
        ] {
            let advice = Delivery { state, at, attempts, detail: None }.advice(NOW);
            assert_eq!(advice.is_some(), part.is_some(), "{state} {attempts}: {advice:?}");
            assert!(advice.unwrap_or_default().contains(part.unwrap_or_default()), "{advice:?}");
        }
    }

    #[test]
    fn failed_are_those_that_arrive_nowhere() {
        for filter in DeliveryFilter::ALL {
            let found: Vec<&str> = filter.states().iter().map(|state| state.as_str()).collect();
            match filter {
                DeliveryFilter::Failed => assert_eq!(found, ["refused", "given_up"]),
                one => assert_eq!(found, [one.as_str()]),
            }
        }
    }
}
