//! Threads that each hold a connection and do one piece of work after the other.
//!
//! A thread that waits for a silent server cannot be interrupted. It is given up instead: the
//! callers that wait for its work are answered, another thread takes its place, and it ends as soon
//! as its call returns. How many threads may be given up at once is bounded.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::error::{StoreError, StoreResult};
use super::pulse::StatementWatch;

/// How many given-up threads are allowed per working thread, and in total at least. Beyond that, a
/// place is filled only now and then, or when one of them returns.
const GIVEN_UP: usize = 4;
const GIVEN_UP_AT_LEAST: usize = 16;
/// How long a place then stays empty. Never for good: a middlebox may keep a dead connection open
/// for as long as the server runs.
const EMPTY: Duration = Duration::from_secs(15);

/// Work that others can answer when its thread cannot.
pub trait Answerable: Send + Sync {
    /// Answers with the failure, unless the work is already answered.
    fn give_up(&self, failure: StoreError);
}

/// What others know of a thread: its jobs, its connection, and whether it is given up.
#[derive(Default)]
pub struct Desk {
    state: Mutex<AtWork>,
    given_up: AtomicBool,
}

#[derive(Default)]
struct AtWork {
    pulse: Option<Arc<StatementWatch>>,
    answers: Vec<Arc<dyn Answerable>>,
    release: Option<Release>,
}

/// Releases what the work has taken: its account's turn.
pub type Release = Box<dyn FnOnce() + Send>;

impl Desk {
    fn state(&self) -> MutexGuard<'_, AtWork> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records that the thread works on these jobs. `release` is called when the work is done or
    /// given up.
    pub fn begin(&self, answers: Vec<Arc<dyn Answerable>>, release: Release) {
        let mut state = self.state();
        state.answers = answers;
        state.release = Some(release);
    }

    /// Records the connection that the thread makes and works with from now on.
    pub fn connect(&self, pulse: &Arc<StatementWatch>) {
        self.state().pulse = Some(Arc::clone(pulse));
    }

    /// Records that the work is done. Returns `true` if the thread may go on.
    pub fn end(&self) -> bool {
        let released = {
            let mut state = self.state();
            state.answers.clear();
            state.release.take()
        };
        if let Some(release) = released {
            release();
        }
        !self.is_given_up()
    }

    /// Returns `true` if the thread was given up: its results are no longer wanted.
    pub fn is_given_up(&self) -> bool {
        self.given_up.load(Ordering::SeqCst)
    }

    /// Returns the thread's connection if it has been waiting for longer than this.
    fn waiting(&self, limit: Duration) -> Option<Arc<StatementWatch>> {
        self.state().pulse.clone().filter(|pulse| pulse.has_waited(limit))
    }

    fn give_up(&self) {
        self.given_up.store(true, Ordering::SeqCst);
        let (answers, release, began) = {
            let mut state = self.state();
            let began = state.pulse.as_ref().is_some_and(|pulse| !pulse.is_connecting());
            (std::mem::take(&mut state.answers), state.release.take(), began)
        };
        for answer in answers {
            answer.give_up(if began {
                StoreError::OutcomeUnknown
            } else {
                StoreError::Connection("a new connection was not made in time".to_owned())
            });
        }
        if let Some(release) = release {
            release();
        }
    }
}

/// What a thread does at its desk until it has nothing more to do.
type Work = Arc<dyn Fn(&Desk) + Send + Sync>;

/// Threads that do the same work.
pub struct Crew {
    name: &'static str,
    work: Work,
    desks: Mutex<Vec<(Arc<Desk>, JoinHandle<()>)>>,
    lost: Arc<AtomicUsize>,
    /// When the last empty place was filled.
    filled: Mutex<Instant>,
    size: usize,
}

impl Crew {
    /// Starts `size` threads.
    ///
    /// # Errors
    /// Fails if a thread cannot be started.
    pub fn start(
        name: &'static str,
        size: usize,
        work: impl Fn(&Desk) + Send + Sync + 'static,
    ) -> StoreResult<Self> {
        let (work, lost): (Work, _) = (Arc::new(work), Arc::new(AtomicUsize::new(0)));
        let (desks, filled) = (Mutex::default(), Mutex::new(Instant::now()));
        let crew = Self { name, work, desks, lost, filled, size };
        for _ in 0..size {
            crew.seat()?;
        }
        Ok(crew)
    }

    fn desks(&self) -> MutexGuard<'_, Vec<(Arc<Desk>, JoinHandle<()>)>> {
        self.desks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn seat(&self) -> StoreResult<()> {
        let desk = Arc::new(Desk::default());
        let (work, sitting, lost) =
            (Arc::clone(&self.work), Arc::clone(&desk), Arc::clone(&self.lost));
        let thread = std::thread::Builder::new()
            .name(self.name.to_owned())
            .spawn(move || {
                work(&sitting);
                if sitting.is_given_up() {
                    lost.fetch_sub(1, Ordering::SeqCst);
                }
            })
            .map_err(|error| StoreError::Connection(error.to_string()))?;
        self.desks().push((desk, thread));
        Ok(())
    }

    /// Returns the connections that have been waiting for longer than this.
    pub fn waiting_longer_than(&self, limit: Duration) -> Vec<Arc<StatementWatch>> {
        self.desks().iter().filter_map(|(desk, _)| desk.waiting(limit)).collect()
    }

    /// Gives up the threads that wait on these connections; new threads take their places.
    pub fn give_up(&self, dead: &[Arc<StatementWatch>]) {
        let is_dead = |desk: &Desk| {
            let pulse = desk.state().pulse.clone();
            pulse.is_some_and(|pulse| dead.iter().any(|dead| Arc::ptr_eq(dead, &pulse)))
        };
        let gone: Vec<_> = {
            let mut desks = self.desks();
            let (gone, stay) =
                std::mem::take(&mut *desks).into_iter().partition(|(desk, _)| is_dead(desk));
            *desks = stay;
            gone
        };
        for (desk, _) in &gone {
            self.lost.fetch_add(1, Ordering::SeqCst);
            desk.give_up();
        }
        if !gone.is_empty() {
            log::warn!("{}: gave up {} connection(s) that do not answer", self.name, gone.len());
        }
        self.fill();
    }

    /// Fills empty places: at once, or only now and then while many threads are waiting for silent
    /// servers.
    pub fn fill(&self) {
        while self.desks().len() < self.size && self.may_fill() {
            if let Err(error) = self.seat() {
                log::error!("{}: {error}", self.name);
                return;
            }
        }
    }

    fn may_fill(&self) -> bool {
        let mut filled = self.filled.lock().unwrap_or_else(PoisonError::into_inner);
        let few = (GIVEN_UP * self.size).max(GIVEN_UP_AT_LEAST);
        let may = self.lost.load(Ordering::SeqCst) <= few || filled.elapsed() > EMPTY;
        if may {
            *filled = Instant::now();
        }
        may
    }

    /// Waits for the threads to end after their queue was closed. Does not wait for threads that
    /// are given up meanwhile.
    pub fn join(&self) {
        while self.desks().iter().any(|(_, thread)| !thread.is_finished()) {
            std::thread::sleep(Duration::from_millis(2));
        }
        for (_, thread) in std::mem::take(&mut *self.desks()) {
            if thread.join().is_err() {
                log::error!("{}: a thread panicked", self.name);
            }
        }
    }
}
