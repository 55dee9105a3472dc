//! The first provisioning of a tenant: how many requests a second, and how long the slowest takes.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use futures_util::stream::FuturesUnordered;

use crate::Outcome;
use crate::client::Endpoint;
use crate::entra::Job;
use crate::fill;
use crate::options::Tenant;
use crate::pace::RequestLimit;
use crate::ratio::{Bar, Ratio};

const CONNECTIONS: usize = 8;
/// 25 times what Entra asks of a server at least.
const REQUESTS_A_SECOND: f64 = 625.0;
const SLOWEST: f64 = 1.0;

/// The figures of an initial sync.
pub struct Sync {
    pub tenant: Tenant,
    pub requests: usize,
    pub elapsed: Duration,
    pub slowest: Duration,
}

impl Sync {
    /// What they are held to.
    pub fn ratios(&self) -> Vec<Ratio> {
        let rate = self.requests as f64 / self.elapsed.as_secs_f64();
        let ratio = |what: &str, value, bar| Ratio { what: what.to_owned(), value, bar };
        vec![
            ratio("initial sync, requests/s", rate, Bar::AtLeast(REQUESTS_A_SECOND)),
            ratio(
                "initial sync, slowest request (s)",
                self.slowest.as_secs_f64(),
                Bar::AtMost(SLOWEST),
            ),
        ]
    }
}

/// Provisions users, then groups, and looks whether all are there.
///
/// # Errors
/// When an answer is wrong, or somebody is missing.
pub async fn run(endpoint: &Endpoint, tenant: Tenant) -> Outcome<Sync> {
    let before = fill::total(&mut endpoint.connection()).await?;
    let started = Instant::now();
    let ids = RefCell::new(vec![String::new(); tenant.users]);
    let (mut times, next) = (Vec::new(), Cell::new(0));
    let users = all(|| async {
        let mut job = Job::new(endpoint.connection(), RequestLimit::free());
        while let Some(number) = take(&next, tenant.users) {
            let id = job.user(&format!("user{number}@load.example")).await?;
            ids.borrow_mut()[number] = id;
        }
        Ok(job.times)
    });
    times.extend(users.await?);
    let (ids, groups, next) = (ids.into_inner(), RefCell::new(Vec::new()), Cell::new(0));
    let provisioned = all(|| async {
        let mut job = Job::new(endpoint.connection(), RequestLimit::free());
        while let Some(number) = take(&next, tenant.groups) {
            let members = (0..tenant.members).map(|member| number * tenant.members + member);
            let members: Vec<&str> = members.map(|at| ids[at % ids.len()].as_str()).collect();
            let group = job.group(&format!("Group {number}"), &members).await?;
            groups.borrow_mut().push(group);
        }
        Ok(job.times)
    });
    times.extend(provisioned.await?);
    let elapsed = started.elapsed();
    let mut connection = endpoint.connection();
    for group in &groups.into_inner() {
        fill::check_size(&mut connection, group, group.size).await?;
    }
    let total = fill::total(&mut connection).await?;
    if total != before + tenant.users as u64 {
        return Err(format!("{total} users after {} were added to {before}", tenant.users).into());
    }
    let slowest = times.iter().max().copied().unwrap_or_default();
    Ok(Sync { tenant, requests: times.len(), elapsed, slowest })
}

/// Runs one job on each connection; returns all their times.
async fn all<F>(job: impl Fn() -> F) -> Outcome<Vec<Duration>>
where
    F: Future<Output = Outcome<Vec<Duration>>>,
{
    let jobs: FuturesUnordered<F> = (0..CONNECTIONS).map(|_| job()).collect();
    Ok(jobs.try_collect::<Vec<_>>().await?.into_iter().flatten().collect())
}

/// The next number below the end.
fn take(next: &Cell<usize>, end: usize) -> Option<usize> {
    let number = next.get();
    next.set(number + 1);
    (number < end).then_some(number)
}
