//! What this node knows about writes without asking the database: whether one is under way, and
//! when the last one succeeded.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

/// How long a single transaction may be under way and still count as a sign of life.
const LONGEST: Duration = Duration::from_secs(5);

/// When this node last wrote.
#[derive(Default)]
pub struct Liveliness(Mutex<State>);

#[derive(Default)]
struct State {
    under_way: usize,
    began: Option<Instant>,
    committed: Option<Instant>,
    /// Whether the last attempt failed because of the database.
    failing: bool,
}

/// How an attempt to write ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The transaction is durable.
    Committed,
    /// The work was refused or has to wait, which says nothing about the database.
    Undone,
    /// The database failed.
    Failed,
}

impl Liveliness {
    /// Records that a transaction begins.
    pub fn begin(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.under_way += 1;
        state.began.get_or_insert_with(Instant::now);
    }

    /// Records that a transaction has ended.
    pub fn end(&self, outcome: Outcome) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.under_way = state.under_way.saturating_sub(1);
        state.began = (state.under_way > 0).then(Instant::now);
        match outcome {
            Outcome::Committed => {
                (state.committed, state.failing) = (Some(Instant::now()), false);
            }
            Outcome::Undone => {}
            Outcome::Failed => state.failing = true,
        }
    }

    /// Returns `true` if a write succeeded within this time and none has failed since.
    pub fn wrote_within(&self, time: Duration) -> bool {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        !state.failing && state.committed.is_some_and(|at| at.elapsed() < time)
    }

    /// Returns `true` if a transaction is under way, not for too long, and the last one did not
    /// fail.
    pub fn is_writing(&self) -> bool {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        !state.failing && state.began.is_some_and(|at| at.elapsed() < LONGEST)
    }
}
