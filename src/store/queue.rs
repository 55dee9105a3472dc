//! A queue of work for the database: fair between accounts, and bounded for each.
//!
//! Accounts take turns, however many jobs each of them queues. The number of jobs that an account
//! may have running and waiting is limited; beyond that, only this account is refused.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::write_context::Scope;

/// The limits of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Waiting jobs of all accounts.
    pub all: usize,
    /// Waiting jobs of one account.
    pub each: usize,
    /// Waiting jobs of all unauthenticated callers together.
    pub strangers: usize,
    /// Running jobs of one account, or of unauthenticated callers.
    pub at_once: usize,
}

impl Bounds {
    fn of(self, scope: Scope) -> usize {
        if scope == Scope::STRANGERS { self.strangers } else { self.each }
    }
}

/// Why a job was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// Too many jobs are waiting.
    Waiting,
    /// The queue is closed.
    Closed,
}

/// Waiting jobs by account.
pub struct Queue<J> {
    state: Mutex<State<J>>,
    news: Condvar,
    bounds: Bounds,
}

struct State<J> {
    lanes: HashMap<Scope, Lane<J>>,
    /// Accounts that have jobs to run, in the order of their turns.
    turns: VecDeque<Scope>,
    /// Accounts that are put aside, and until when.
    aside: BTreeMap<(Instant, Scope), ()>,
    waiting: usize,
    closed: bool,
}

struct Lane<J> {
    jobs: VecDeque<J>,
    under_way: usize,
    /// Whether the account is among the turns or put aside.
    listed: bool,
}

impl<J> Lane<J> {
    const fn new() -> Self {
        Self { jobs: VecDeque::new(), under_way: 0, listed: false }
    }
}

impl<J> Queue<J> {
    /// Creates an empty queue.
    pub fn new(bounds: Bounds) -> Self {
        let state = State {
            lanes: HashMap::new(),
            turns: VecDeque::new(),
            aside: BTreeMap::new(),
            waiting: 0,
            closed: false,
        };
        Self { state: Mutex::new(state), news: Condvar::new(), bounds }
    }

    fn state(&self) -> MutexGuard<'_, State<J>> {
        // A poisoned lock is safe to use: no panic can leave the state half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues a job.
    ///
    /// # Errors
    /// Returns the job if the queue is full or closed.
    pub fn push(&self, scope: Scope, job: J) -> Result<(), (Full, J)> {
        let mut state = self.state();
        if state.closed {
            return Err((Full::Closed, job));
        }
        let waiting = state.lanes.get(&scope).map_or(0, |lane| lane.jobs.len());
        if state.waiting >= self.bounds.all || waiting >= self.bounds.of(scope) {
            return Err((Full::Waiting, job));
        }
        state.waiting += 1;
        state.lanes.entry(scope).or_insert_with(Lane::new).jobs.push_back(job);
        if state.list(scope, self.bounds.at_once) {
            self.news.notify_one();
        }
        Ok(())
    }

    /// Takes up to `most` jobs of the next account. They count as running until [`Queue::done`] is
    /// called for the account. Waits for jobs; returns `None` when the queue is closed and empty.
    pub fn take(&self, most: usize) -> Option<(Scope, Vec<J>)> {
        let mut state = self.state();
        loop {
            if let Some(taken) = state.take(most, self.bounds.at_once) {
                if !state.turns.is_empty() {
                    self.news.notify_one();
                }
                return Some(taken);
            }
            if state.closed && state.lanes.values().all(|lane| lane.jobs.is_empty()) {
                return None;
            }
            let next = state.aside.first_key_value().map(|((until, _), ())| *until);
            state = match next {
                None => self.news.wait(state).unwrap_or_else(PoisonError::into_inner),
                Some(until) => {
                    let wait = until.saturating_duration_since(Instant::now());
                    let woken = self.news.wait_timeout(state, wait.max(Duration::from_millis(1)));
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    /// Takes one job of each waiting account in turn, up to `most` in all. Waits for the first.
    pub fn take_in_turn(&self, most: usize) -> Option<Vec<(Scope, J)>> {
        let (scope, jobs) = self.take(1)?;
        let mut taken: Vec<(Scope, J)> = jobs.into_iter().map(|job| (scope, job)).collect();
        let mut state = self.state();
        while taken.len() < most
            && let Some((scope, jobs)) = state.take(1, usize::MAX)
        {
            taken.extend(jobs.into_iter().map(|job| (scope, job)));
        }
        Some(taken)
    }

    /// Records that a piece of an account's work is done, so that its next may begin.
    pub fn done(&self, scope: Scope) {
        let mut state = self.state();
        let Some(lane) = state.lanes.get_mut(&scope) else { return };
        lane.under_way = lane.under_way.saturating_sub(1);
        if lane.jobs.is_empty() && lane.under_way == 0 && !lane.listed {
            state.lanes.remove(&scope);
        } else if state.list(scope, self.bounds.at_once) {
            self.news.notify_one();
        }
        if state.closed {
            self.news.notify_all();
        }
    }

    /// Returns jobs to the front of their lane, to be tried again after `pause`. [`Queue::done`]
    /// must still be called.
    pub fn put_aside(&self, scope: Scope, jobs: Vec<J>, pause: Duration) {
        let mut state = self.state();
        state.waiting += jobs.len();
        let lane = state.lanes.entry(scope).or_insert_with(Lane::new);
        for job in jobs.into_iter().rev() {
            lane.jobs.push_front(job);
        }
        if !lane.listed {
            lane.listed = true;
            state.aside.insert((Instant::now() + pause, scope), ());
        }
        self.news.notify_one();
    }

    /// Refuses new jobs; those that wait are still done.
    pub fn close(&self) {
        self.state().closed = true;
        self.news.notify_all();
    }
}

impl<J> State<J> {
    /// Lists the account among the turns if it has waiting jobs and room to run them. Returns
    /// `true` if it was listed.
    fn list(&mut self, scope: Scope, at_once: usize) -> bool {
        let Some(lane) = self.lanes.get_mut(&scope) else { return false };
        let listed = !lane.listed && !lane.jobs.is_empty() && lane.under_way < at_once;
        if listed {
            lane.listed = true;
            self.turns.push_back(scope);
        }
        listed
    }

    fn take(&mut self, most: usize, at_once: usize) -> Option<(Scope, Vec<J>)> {
        let now = Instant::now();
        while let Some(entry) = self.aside.first_entry()
            && (entry.key().0 <= now || self.closed)
        {
            self.turns.push_back(entry.remove_entry().0.1);
        }
        let scope = self.turns.pop_front()?;
        let lane = self.lanes.get_mut(&scope)?;
        lane.listed = false;
        lane.under_way += 1;
        let jobs: Vec<J> = lane.jobs.drain(..most.min(lane.jobs.len())).collect();
        self.waiting = self.waiting.saturating_sub(jobs.len());
        self.list(scope, at_once);
        Some((scope, jobs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enterprise::AccountPk;

    const A: Scope = Scope(AccountPk(1));
    const B: Scope = Scope(AccountPk(2));

    fn queue(all: usize, each: usize, at_once: usize) -> Queue<u32> {
        Queue::new(Bounds { all, each, strangers: 2, at_once })
    }

    #[test]
    fn accounts_take_turns_whoever_asks_for_more() {
        let queue = queue(100, 100, 9);
        for job in 0..5 {
            queue.push(A, job).unwrap();
        }
        queue.push(B, 9).unwrap();
        let order: Vec<_> = (0..6).map(|_| queue.take(1).unwrap()).collect();
        assert_eq!(order[0], (A, vec![0]));
        assert_eq!(order[1], (B, vec![9]));
        assert_eq!(order[2], (A, vec![1]));
    }

    #[test]
    fn an_account_has_so_much_under_way_and_so_much_waiting() {
        let queue = queue(3, 2, 1);
        queue.push(A, 1).unwrap();
        queue.push(A, 2).unwrap();
        assert_eq!(queue.push(A, 3), Err((Full::Waiting, 3)), "too much of one");
        assert_eq!(queue.take(1), Some((A, vec![1])));
        queue.push(A, 3).unwrap();
        queue.push(B, 4).unwrap();
        assert_eq!(queue.push(B, 5), Err((Full::Waiting, 5)), "too much of all");
        assert_eq!(queue.take(1), Some((B, vec![4])), "the first account is at work");
        queue.done(A);
        assert_eq!(queue.take(9), Some((A, vec![2, 3])));
    }

    #[test]
    fn strangers_are_few_and_take_turns_with_accounts() {
        let queue = queue(100, 100, 9);
        queue.push(Scope::STRANGERS, 1).unwrap();
        queue.push(Scope::STRANGERS, 2).unwrap();
        assert_eq!(queue.push(Scope::STRANGERS, 3), Err((Full::Waiting, 3)));
        queue.push(A, 4).unwrap();
        queue.push(A, 5).unwrap();
        let turns = [(Scope::STRANGERS, 1), (A, 4), (Scope::STRANGERS, 2)];
        assert_eq!(queue.take_in_turn(3), Some(turns.to_vec()));
    }

    #[test]
    fn what_is_put_aside_waits_and_keeps_its_place() {
        let queue = queue(9, 9, 1);
        queue.push(A, 1).unwrap();
        let (scope, jobs) = queue.take(1).unwrap();
        queue.push(A, 2).unwrap();
        queue.put_aside(scope, jobs, Duration::from_millis(5));
        queue.done(scope);
        queue.push(B, 3).unwrap();
        assert_eq!(queue.take(9), Some((B, vec![3])), "nobody waits for who is put aside");
        assert_eq!(queue.take(9), Some((A, vec![1, 2])));
    }

    #[test]
    fn many_accounts_are_taken_together_one_job_of_each_in_turn() {
        let queue = queue(9, 9, 9);
        for (scope, job) in [(A, 1), (A, 2), (A, 3), (B, 4)] {
            queue.push(scope, job).unwrap();
        }
        assert_eq!(queue.take_in_turn(3), Some(vec![(A, 1), (B, 4), (A, 2)]));
    }

    #[test]
    fn a_closed_queue_is_emptied_and_takes_nothing_on() {
        let queue = queue(9, 9, 1);
        queue.push(A, 1).unwrap();
        queue.close();
        assert_eq!(queue.push(A, 2), Err((Full::Closed, 2)));
        assert_eq!(queue.take(9), Some((A, vec![1])));
        queue.done(A);
        assert_eq!(queue.take(9), None);
    }
}
