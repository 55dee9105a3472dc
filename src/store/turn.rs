//! On whose behalf a connection works, and until when.

use std::sync::Arc;
use std::time::Instant;

use super::error::{StoreError, StoreResult};

/// Tells whether somebody still waits for the result.
pub trait Asker: Send + Sync {
    /// Whether somebody waits.
    fn waits(&self) -> bool;
}

/// A piece of work's claim on a connection.
#[derive(Clone)]
pub struct Turn {
    asker: Option<Arc<dyn Asker>>,
    until: Option<Instant>,
}

impl Turn {
    /// Work that nobody calls off and that may take as long as it takes.
    pub const fn unlimited() -> Self {
        Self { asker: None, until: None }
    }

    /// Work for this asker, until then at most.
    pub fn of(asker: Arc<dyn Asker>, until: Option<Instant>) -> Self {
        Self { asker: Some(asker), until }
    }

    /// Whether to go on.
    ///
    /// # Errors
    /// [`StoreError::Unwanted`], [`StoreError::TooLong`].
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
