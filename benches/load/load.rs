//! Many requests over several connections at once: how many a second, and how long each took.

use std::cell::RefCell;
use std::ops::Range;
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use futures_util::stream::FuturesUnordered;
use hyper::body::Bytes;

use crate::Outcome;
use crate::client::{Answer, Connection, Endpoint, Prepared};
use crate::usage;

/// Longer answers are compared with the last right one of the same run rather than kept.
const KEPT_ANSWER: usize = 32 * 1024;

/// What is sent: requests that are made before the clock runs.
pub struct Run<'a> {
    pub endpoint: &'a Endpoint,
    /// The process that answers.
    pub process: u32,
    pub connections: usize,
    /// Nothing is sent after this time; what is on the way is waited for.
    pub within: Duration,
    pub requests: &'a [Prepared],
    /// Whether the requests can be sent again when all have been.
    pub again: bool,
}

/// What came of a run.
#[derive(Clone, Default)]
pub struct Load {
    /// Of each request, in microseconds.
    times: Vec<u32>,
    elapsed: Duration,
    /// Processor time of the server, in milliseconds.
    cpu: Option<f64>,
    /// How many things each request did.
    pub each: usize,
}

impl Load {
    /// Something that was done so often without a client.
    pub fn of_loop(count: usize, elapsed: Duration) -> Self {
        Self { times: vec![0; count], elapsed, cpu: None, each: 1 }
    }

    /// How many requests were answered.
    pub fn requests(&self) -> usize {
        self.times.len()
    }

    /// Things done a second.
    pub fn rate(&self) -> f64 {
        (self.times.len() * self.each.max(1)) as f64 / self.elapsed.as_secs_f64()
    }

    /// Processor time of the server for each thing done, in milliseconds.
    pub fn cpu_each(&self) -> Option<f64> {
        Some(self.cpu? / (self.times.len() * self.each.max(1)) as f64)
    }

    /// The time that so many of a thousand requests did not exceed, in microseconds.
    pub fn quantile(&self, per_thousand: usize) -> u32 {
        let mut times = self.times.clone();
        times.sort_unstable();
        let at = (times.len() * per_thousand / 1_000).min(times.len().saturating_sub(1));
        times.get(at).copied().unwrap_or_default()
    }

    /// Both runs as one.
    pub fn and(mut self, other: Self) -> Self {
        self.times.extend(other.times);
        self.elapsed += other.elapsed;
        self.cpu = self.cpu.zip(other.cpu).map(|(one, two)| one + two);
        self
    }
}

/// What the connections of a run share.
struct Shared<'a> {
    next: usize,
    times: Vec<u32>,
    /// Answers one after the other, and where each is: looked at when the clock has stopped.
    text: Vec<u8>,
    answers: Vec<(usize, u16, Range<usize>)>,
    long: Option<(u16, Bytes)>,
    right: &'a dyn Fn(usize, &Answer) -> Outcome<()>,
}

impl Shared<'_> {
    fn note(&mut self, number: usize, answer: Answer, elapsed: Duration) -> Outcome<()> {
        self.times.push(u32::try_from(elapsed.as_micros()).unwrap_or(u32::MAX));
        if answer.bytes.len() <= KEPT_ANSWER {
            let start = self.text.len();
            self.text.extend_from_slice(&answer.bytes);
            self.answers.push((number, answer.status, start..self.text.len()));
            return Ok(());
        }
        let same =
            |(status, bytes): &(u16, Bytes)| *status == answer.status && *bytes == answer.bytes;
        if !self.long.as_ref().is_some_and(same) {
            (self.right)(number, &answer)?;
            self.long = Some((answer.status, answer.bytes));
        }
        Ok(())
    }

    fn check(&self) -> Outcome<()> {
        for (number, status, place) in &self.answers {
            let bytes = Bytes::copy_from_slice(&self.text[place.clone()]);
            (self.right)(*number, &Answer { status: *status, bytes })?;
        }
        Ok(())
    }
}

/// Sends the requests; each answer is looked at with the number of its request in the list.
///
/// # Errors
/// When an answer is wrong or does not come.
pub async fn drive(run: Run<'_>, right: &dyn Fn(usize, &Answer) -> Outcome<()>) -> Outcome<Load> {
    let mut connections = Vec::new();
    for _ in 0..run.connections {
        let mut connection = run.endpoint.connection();
        connection.open().await?;
        connections.push(connection);
    }
    let shared = RefCell::new(Shared {
        next: 0,
        times: Vec::new(),
        text: Vec::new(),
        answers: Vec::new(),
        long: None,
        right,
    });
    let before = usage::cpu_milliseconds(run.process);
    let started = Instant::now();
    let workers: FuturesUnordered<_> = connections
        .into_iter()
        .map(|connection| work(&run, connection, &shared, started + run.within))
        .collect();
    workers.try_collect::<()>().await?;
    let elapsed = started.elapsed();
    let cpu = before.zip(usage::cpu_milliseconds(run.process)).map(|(from, to)| to - from);
    let shared = shared.into_inner();
    shared.check()?;
    Ok(Load { times: shared.times, elapsed, cpu, each: 1 })
}

async fn work(
    run: &Run<'_>,
    mut connection: Connection,
    shared: &RefCell<Shared<'_>>,
    deadline: Instant,
) -> Outcome<()> {
    loop {
        let next = {
            let mut shared = shared.borrow_mut();
            shared.next += 1;
            shared.next - 1
        };
        let started = Instant::now();
        if started >= deadline || (next >= run.requests.len() && !run.again) {
            return Ok(());
        }
        let number = next % run.requests.len();
        let answer = connection.send(run.requests[number].clone()).await?;
        shared.borrow_mut().note(number, answer, started.elapsed())?;
    }
}
