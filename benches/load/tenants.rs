//! Ten tenants on one server: what one of them feels of the nine others.

use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use futures_util::stream::FuturesUnordered;

use crate::Outcome;
use crate::client::Endpoint;
use crate::contest::median;
use crate::entra::Job;
use crate::pace::RequestLimit;
use crate::ratio::{Bar, Ratio};

/// How many there are.
pub const TENANTS: usize = 10;
/// After so many users comes a group of them.
const USERS_TO_A_GROUP: usize = 50;
/// How much longer one of a hundred requests may take when the others are there.
const FAIR: f64 = 3.0;

/// One of the tenants, and how far its sync has come.
pub struct Tenant {
    pub endpoint: Endpoint,
    pub users: usize,
}

/// The figures of tenants at once.
pub struct Tenants {
    /// Requests a second of each.
    pub rate: f64,
    /// p99 of the first one while the others send nothing, in milliseconds.
    pub alone: f64,
    /// p99 of each while all do.
    pub together: Vec<f64>,
}

impl Tenants {
    /// What they are held to.
    pub fn ratio(&self) -> Ratio {
        let worst = self.together.iter().copied().fold(0.0, f64::max);
        Ratio {
            what: format!("{TENANTS} tenants at once, the worst p99 / p99 alone"),
            value: worst / self.alone,
            bar: Bar::AtMost(FAIR),
        }
    }
}

/// Lets the first tenant sync alone and all of them at once, in turn, each at this rate.
///
/// # Errors
/// When an answer is wrong.
pub async fn run(
    tenants: &mut [Tenant],
    rate: f64,
    rounds: usize,
    within: Duration,
) -> Outcome<Tenants> {
    let (mut alone, mut together) = (Vec::new(), vec![Vec::new(); tenants.len()]);
    for round in 0..rounds {
        eprintln!("  {TENANTS} tenants, round {} of {rounds}", round + 1);
        alone.extend(at_once(&mut tenants[..1], rate, within).await?);
        for (all, one) in together.iter_mut().zip(at_once(tenants, rate, within).await?) {
            all.push(one);
        }
    }
    let together = together.into_iter().map(median).collect();
    Ok(Tenants { rate, alone: median(alone), together })
}

/// p99 of each of these tenants while these sync at once, in milliseconds.
async fn at_once(tenants: &mut [Tenant], rate: f64, within: Duration) -> Outcome<Vec<f64>> {
    let until = Instant::now() + within;
    let syncs: FuturesUnordered<_> = tenants
        .iter_mut()
        .enumerate()
        .map(|(number, tenant)| async move {
            // They do not begin in the same moment, as they would not elsewhere.
            let part = number as f64 / TENANTS as f64;
            tokio::time::sleep(Duration::from_secs_f64(part / rate)).await;
            Outcome::Ok((number, sync(tenant, number, rate, until).await?))
        })
        .collect();
    let mut all: Vec<(usize, f64)> = syncs.try_collect().await?;
    all.sort_unstable_by_key(|(number, _)| *number);
    Ok(all.into_iter().map(|(_, p99)| p99).collect())
}

/// Goes on with the sync of one tenant; returns the p99 of its requests in milliseconds.
async fn sync(tenant: &mut Tenant, number: usize, rate: f64, until: Instant) -> Outcome<f64> {
    let mut connection = tenant.endpoint.connection();
    connection.open().await?;
    let mut job = Job::new(connection, RequestLimit::steady(rate));
    let mut members = Vec::new();
    while Instant::now() < until {
        let name = format!("user{}@tenant{number}.example", tenant.users);
        members.push(job.user(&name).await?);
        tenant.users += 1;
        if members.len() == USERS_TO_A_GROUP {
            let ids: Vec<&str> = members.iter().map(String::as_str).collect();
            let group = job.group(&format!("Group of {}", tenant.users), &ids).await?;
            job.check(&group).await?;
            members.clear();
        }
    }
    job.times.sort_unstable();
    let at = (job.times.len() * 99 / 100).min(job.times.len().saturating_sub(1));
    let p99 = job.times.get(at).copied().unwrap_or_default();
    Ok(p99.as_secs_f64() * 1_000.0)
}
