//! Idempotency of creations: a request repeated with the same key creates nothing new.

use super::{AdministrationError, Class, Refusal};
use crate::store::Transaction;
use crate::store::idempotency::{self, Answered, Key};

/// The hours for which a key is remembered.
pub const HOURS: i64 = 24;

/// Why a repeated request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RepetitionError {
    /// The key was used for a different request.
    #[error(
        "This Idempotency-Key was used for another request. Use a new key for each thing to create."
    )]
    OtherRequest,
    /// The first answer contained a secret and was not stored.
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

/// The body of an answer, and whether it is a repetition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedAnswer {
    /// The body of the answer.
    pub text: String,
    /// Whether the answer is from the first request and nothing was created now.
    pub repeated: bool,
}

/// Runs `work`, or returns the answer of the first request with this key. The key and the work are
/// written in one transaction.
///
/// # Errors
/// Fails like `work`, or with [`RepetitionError`] if the key was used for another request or its
/// answer was not stored.
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
