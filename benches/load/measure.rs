//! Measures every scenario on one database: small and large in turn, so that whatever else happens
//! on the machine happens to both.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::Outcome;
use crate::database::{Databases, Kind};
use crate::fill;
use crate::options::{Options, WARM_UP};
use crate::scenario::{ALL, Compared, Scenario, Side};
use crate::server::Server;

/// After how many requests that change a group its members are counted.
const CHECK_EVERY: usize = 25;

/// The medians of one scenario.
pub struct Row {
    pub name: &'static str,
    pub compared: Compared,
    pub small: Duration,
    pub large: Duration,
}

impl Row {
    /// How much more the large side costs.
    pub fn ratio(&self) -> f64 {
        self.large.as_secs_f64() / self.small.as_secs_f64()
    }
}

/// Measures one database on fresh ones, which are gone afterwards however it went.
pub async fn measure(kind: Kind, options: &Options) -> Outcome<Vec<Row>> {
    let databases = Databases::open(kind)?;
    let names = [database_name("small")?, database_name("large")?];
    println!("{kind}: filling");
    let rows = measure_on(&databases, &names, options).await;
    names.iter().try_for_each(|name| databases.remove(name))?;
    rows
}

/// Starts both servers, fills them, measures everything, and stops them.
async fn measure_on(
    databases: &Databases,
    names: &[String; 2],
    options: &Options,
) -> Outcome<Vec<Row>> {
    let small = start(databases, &names[0], options).await?;
    let large = start(databases, &names[1], options).await?;
    let rows = fill_and_measure(&small, &large, options).await?;
    small.stop().await?;
    large.stop().await?;
    Ok(rows)
}

/// A server on a fresh database, with seats enough for everything.
async fn start(databases: &Databases, name: &str, options: &Options) -> Outcome<Server> {
    let directory = tempfile::Builder::new().prefix("insomnia-scim-load-").tempdir()?;
    let url = databases.create(name, directory.path())?;
    let seats = options.users.large + 2 * options.spare_users() + 10;
    Server::start(&url, directory, seats).await
}

/// A name that no other run uses.
fn database_name(size: &str) -> Outcome<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
    Ok(format!("load_{size}_{}_{now}", std::process::id()))
}

/// Fills both servers, then measures: users between the servers, members between two groups of the
/// large one.
async fn fill_and_measure(small: &Server, large: &Server, options: &Options) -> Outcome<Vec<Row>> {
    let few = side(small, options.users.small, 0, options).await?;
    let many = side(large, options.users.large, options.members.large, options).await?;
    let members = &many.users[many.users.len() - options.members.small..];
    let group = fill::group(&large.api, "Small", members).await?;
    let small_group = Side {
        api: large.api.clone(),
        users: many.users.clone(),
        spare: many.spare.clone(),
        total: many.total,
        group,
    };
    let mut rows = Vec::new();
    for scenario in &ALL {
        let sides = match scenario.compared {
            Compared::Users => [&few, &many],
            Compared::Members => [&small_group, &many],
        };
        rows.push(row(scenario, sides, options.samples).await?);
    }
    Ok(rows)
}

/// Fills one server with users and a group of the last of them. The others are the ones measured:
/// a user in a group shows it, which makes a longer answer, and not a slower server.
async fn side(server: &Server, users: usize, members: usize, options: &Options) -> Outcome<Side> {
    let api = server.api.clone();
    let before = fill::total(&api).await?;
    let users = fill::users(&api, users).await?;
    let total = fill::total(&api).await?;
    if total != before + users.len() as u64 {
        return Err(format!("{total} users after adding {} to {before}", users.len()).into());
    }
    let (users, members) = users.split_at(users.len() - members);
    let group = fill::group(&api, "Large", members).await?;
    let spare = users[..options.spare_users().min(users.len())].to_vec();
    let users = users.to_vec();
    Ok(Side { api, users, spare, total, group })
}

/// Measures one scenario, both sides in turn, and checks every answer.
async fn row(scenario: &Scenario, sides: [&Side; 2], samples: usize) -> Outcome<Row> {
    let mut times = [Vec::with_capacity(samples), Vec::with_capacity(samples)];
    for n in 0..WARM_UP + samples {
        // Who goes first changes, so that neither side profits from coming second.
        for which in if n.is_multiple_of(2) { [0, 1] } else { [1, 0] } {
            let elapsed = sample(scenario, sides[which], n).await?;
            if n >= WARM_UP {
                times[which].push(elapsed);
            }
        }
    }
    if scenario.beyond.is_some() {
        for side in sides {
            fill::check_size(&side.api, &side.group, side.group.size).await?;
        }
    }
    let [small, large] = times.map(median);
    Ok(Row { name: scenario.name, compared: scenario.compared, small, large })
}

/// One measured request with what belongs before and after it; a wrong answer is an error.
async fn sample(scenario: &Scenario, side: &Side, n: usize) -> Outcome<Duration> {
    if let Some(before) = scenario.before {
        side.api.succeed(&before(side, n)).await?;
    }
    let request = (scenario.request)(side, n);
    let (answer, elapsed) = side.api.call(&request).await?;
    if !(scenario.right)(side, n, &answer) {
        let body: String = answer.body.to_string().chars().take(500).collect();
        let Scenario { name, .. } = scenario;
        return Err(format!("{name}: {} answered {} {body}", request.path, answer.status).into());
    }
    // Reading all members takes long where they are many, so the effect is checked once in a while.
    if let Some(beyond) = scenario.beyond
        && n.is_multiple_of(CHECK_EVERY)
    {
        fill::check_size(&side.api, &side.group, side.group.size + beyond).await?;
    }
    if let Some(after) = scenario.after {
        side.api.succeed(&after(side, n)).await?;
    }
    Ok(elapsed)
}

/// The middle of the times.
fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
