//! Creating once, however often it is asked for with the same key.

use super::{AdministrationError, Class, Refusal};
use crate::store::Transaction;
use crate::store::idempotency::{self, Answered, Key};

/// How long a key is remembered, in hours.
pub const HOURS: i64 = 24;

/// Why a repetition is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RepetitionError {
    /// The key was used for another request.
    #[error(
        "This Idempotency-Key was used for another request. Use a new key for each thing to create."
    )]
    OtherRequest,
    /// The answer held a secret and was not kept.
    #[error(
        "This call was carried out already, and its answer held a secret that is shown only once. \
         If the answer was lost, remove what was created and create it anew with a new key."
    )]
    SecretShown,
}

impl Refusal for RepetitionError {
    fn class(&self) -> Class {
        match self {
            Self::OtherRequest => Class::Invalid,
            Self::SecretShown => Class::Conflict,
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::OtherRequest => "idempotency-key-reused",
            Self::SecretShown => "already-done",
        }
    }
}

/// The text of an answer, and whether it was given before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedAnswer {
    /// The text.
    pub text: String,
    /// Whether nothing was created now.
    pub repeated: bool,
}

/// Carries the work out, or gives the answer that it had. Key and work are one transaction.
///
/// # Errors
/// The work's; or [`RepetitionError`].
pub fn once(
    transaction: &mut Transaction<'_>,
    key: Option<&Key>,
    request: &[u8],
    keep: bool,
    work: impl FnOnce(&mut Transaction<'_>) -> Result<String, AdministrationError>,
) -> Result<RecordedAnswer, AdministrationError> {
    let Some(key) = key else {
        return Ok(RecordedAnswer { text: work(transaction)?, repeated: false });
    };
    let now = transaction.now();
    idempotency::forget(transaction, key, now.minus_hours(HOURS))?;
    if let Some(answered) = idempotency::find(transaction, key)? {
        if answered.request != request {
            return Err(RepetitionError::OtherRequest.into());
        }
        let text = answered.body.ok_or(RepetitionError::SecretShown)?;
        return Ok(RecordedAnswer { text, repeated: true });
    }
    let text = work(transaction)?;
    let answered =
        Answered { request: request.to_vec(), status: 201, body: keep.then(|| text.clone()) };
    idempotency::insert(transaction, key, &answered, now)?;
    Ok(RecordedAnswer { text, repeated: false })
}
