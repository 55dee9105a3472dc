//! What this node knows of writing without asking: whether it is at it, and when it last succeeded.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

/// How long one transaction may be under way before that alone is no sign of life any more.
const LONGEST: Duration = Duration::from_secs(5);

/// When this node last wrote.
#[derive(Default)]
pub struct Liveliness(Mutex<State>);

#[derive(Default)]
struct State {
    under_way: usize,
    began: Option<Instant>,
    committed: Option<Instant>,
    /// Whether the last attempt failed for a reason of the database's.
    failing: bool,
}

/// How an attempt to write ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is durable.
    Committed,
    /// It says nothing about the database: the work itself was refused, or has to wait.
    Undone,
    /// The database failed.
    Failed,
}

impl Liveliness {
    /// A transaction begins.
    pub fn begin(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.under_way += 1;
        state.began.get_or_insert_with(Instant::now);
    }

    /// A transaction has ended.
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

    /// Whether something was written within so much time, and nothing failed since.
    pub fn wrote_within(&self, time: Duration) -> bool {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        !state.failing && state.committed.is_some_and(|at| at.elapsed() < time)
    }

    /// Whether a transaction is under way, not for too long, and after none that failed.
    pub fn is_writing(&self) -> bool {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        !state.failing && state.began.is_some_and(|at| at.elapsed() < LONGEST)
    }
}
