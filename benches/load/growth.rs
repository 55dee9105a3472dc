//! What single requests cost on each size: small and large in turn, so that whatever else happens
//! on the machine happens to all.

use std::time::Duration;

use crate::Outcome;
use crate::client::Connection;
use crate::fill;
use crate::options::WARM_UP;
use crate::scenario::{GROUPS, Growth, Scenario, Side, USERS};

/// After how many requests that change a group its members are counted.
const CHECK_EVERY: usize = 25;

/// The medians of one scenario on each of its sides.
pub struct Row {
    pub scenario: &'static Scenario,
    pub sizes: Vec<usize>,
    pub medians: Vec<Duration>,
    /// The highest ratio that passes, if there is one.
    pub bar: Option<f64>,
}

impl Row {
    /// How much more the dearest of the larger sides costs than the smallest.
    pub fn ratio(&self) -> f64 {
        let first = self.medians.first().map_or(1.0, Duration::as_secs_f64);
        self.medians.iter().skip(1).map(|time| time.as_secs_f64() / first).fold(0.0, f64::max)
    }

    /// Whether that is within the bar.
    pub fn passes(&self) -> bool {
        self.bar.is_none_or(|bar| self.ratio() <= bar)
    }
}

/// Measures all scenarios: those of users between the servers, those of members between the groups.
///
/// # Errors
/// When an answer is wrong.
pub async fn measure(
    users: &[Side],
    groups: &[Side],
    samples: usize,
    bar: f64,
) -> Outcome<Vec<Row>> {
    let mut rows = Vec::new();
    for scenario in &USERS {
        rows.push(row(scenario, users, samples, bar).await?);
    }
    for scenario in &GROUPS {
        rows.push(row(scenario, groups, samples, bar).await?);
    }
    Ok(rows)
}

/// Measures one scenario. A ratio above the bar is looked at again with as many samples more: what
/// is noise goes, what is growth stays.
async fn row(
    scenario: &'static Scenario,
    sides: &[Side],
    samples: usize,
    bar: f64,
) -> Outcome<Row> {
    let mut connections: Vec<_> = sides.iter().map(|side| side.endpoint.connection()).collect();
    let mut times = vec![Vec::with_capacity(samples); sides.len()];
    let bar = match scenario.growth {
        Growth::None => Some(bar),
        Growth::Double => Some(bar.max(2.0)),
        Growth::Own => None,
    };
    // Where the price grows with the answer, a few are enough.
    let samples = if bar.is_some() { samples } else { samples.min(30) };
    let mut row = Row { scenario, sizes: Vec::new(), medians: Vec::new(), bar };
    row.sizes = sides.iter().map(|side| side.size).collect();
    for attempt in 0..2 {
        let from = attempt * (WARM_UP + samples).next_multiple_of(2);
        for n in from..from + WARM_UP + samples {
            for turn in 0..sides.len() {
                // Who goes first changes, so that no side profits from what is before it.
                let which = (turn + n) % sides.len();
                let elapsed = sample(scenario, &sides[which], &mut connections[which], n).await?;
                if n >= from + WARM_UP {
                    times[which].push(elapsed);
                }
            }
        }
        row.medians = times.iter().map(|times| median(times.clone())).collect();
        if row.passes() {
            break;
        }
    }
    if scenario.beyond.is_some() {
        for (side, connection) in sides.iter().zip(&mut connections) {
            fill::check_size(connection, &side.group, side.group.size).await?;
        }
    }
    eprintln!("  {}: {:.2}", scenario.name, row.ratio());
    Ok(row)
}

/// One measured request with what belongs before and after it.
async fn sample(
    scenario: &Scenario,
    side: &Side,
    connection: &mut Connection,
    n: usize,
) -> Outcome<Duration> {
    if let Some(before) = scenario.before {
        connection.succeed(&before(side, n)).await?;
    }
    let (answer, elapsed) = connection.call(&(scenario.request)(side, n)).await?;
    scenario.check(side, n, &answer)?;
    // Reading all members takes long where they are many, so the effect is checked once in a while.
    if let Some(beyond) = scenario.beyond
        && n.is_multiple_of(CHECK_EVERY)
    {
        fill::check_size(connection, &side.group, side.group.size + beyond).await?;
    }
    if let Some(after) = scenario.after {
        connection.succeed(&after(side, n)).await?;
    }
    Ok(elapsed)
}

/// The middle of the times.
fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
