//! The caller on whose behalf a connection works, and the time limit.

use std::sync::Arc;
use std::time::Instant;

use super::error::{StoreError, StoreResult};

/// A caller that may wait for the result of a piece of work.
pub trait Asker: Send + Sync {
    /// Returns `true` if the caller still waits.
    fn waits(&self) -> bool;
}

/// The right of a piece of work to use a connection.
#[derive(Clone)]
pub struct Turn {
    asker: Option<Arc<dyn Asker>>,
    until: Option<Instant>,
}

impl Turn {
    /// Work that is never cancelled and has no time limit.
    pub const fn unlimited() -> Self {
        Self { asker: None, until: None }
    }

    /// Work for this caller, with an optional deadline.
    pub fn of(asker: Arc<dyn Asker>, until: Option<Instant>) -> Self {
        Self { asker: Some(asker), until }
    }

    /// Checks whether the work should continue.
    ///
    /// # Errors
    /// Returns [`StoreError::Unwanted`] if the caller has gone away and [`StoreError::TooLong`] if
    /// the deadline has passed.
    pub fn go_on(&self) -> StoreResult<()> {
        if self.asker.as_ref().is_some_and(|asker| !asker.waits()) {
            return Err(StoreError::Unwanted);
        }
        if self.until.is_some_and(|until| until <= Instant::now()) {
            return Err(StoreError::TooLong);
        }
        Ok(())
    }
}
