//! What a server takes that starts on a database that is there: time, and memory, idle and under
//! load.

use std::time::Duration;

use crate::Outcome;
use crate::client::{Answer, Prepared};
use crate::load::{self, Load, Run};
use crate::ratio::{Bar, Ratio};
use crate::scenario::{self, Scenario, Side};
use crate::server::Server;
use crate::usage;

/// How long the load lasts that memory is watched under.
const UNDER_LOAD: Duration = Duration::from_secs(5);
/// Among so many requests of the load is one for the largest group.
const ONE_GROUP_IN: usize = 500;
/// How long a server without requests is given to come to rest.
const REST: Duration = Duration::from_secs(1);

/// The figures of a server that was started again.
pub struct Restart {
    pub users: usize,
    pub members: usize,
    pub ready_after: Duration,
    pub idle: Option<f64>,
    pub peak: Option<f64>,
    pub load: Load,
}

impl Restart {
    /// What they are held to.
    pub fn ratios(&self) -> Vec<Ratio> {
        let ratio = |what: &str, value: Option<f64>, bar| {
            Some(Ratio { what: format!("{what}, {} users", self.users), value: value?, bar })
        };
        let ready = Some(self.ready_after.as_secs_f64());
        [
            ratio("ready after start (s)", ready, Bar::AtMost(0.5)),
            ratio("resident when idle (MiB)", self.idle, Bar::AtMost(64.0)),
            ratio("resident at most under load (MiB)", self.peak, Bar::AtMost(256.0)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// Watches a server that has just been started on a filled database.
///
/// # Errors
/// When an answer is wrong.
pub async fn watch(server: &Server, side: &Side, numbers: usize) -> Outcome<Restart> {
    tokio::time::sleep(REST).await;
    let idle = usage::resident(side.process);
    let mix = [
        "get",
        "lookup by userName",
        "PATCH of title",
        "lookup by e-mail",
        "first page",
        "lookup miss",
        "get of the group without members",
    ];
    let mix = mix.iter().map(|name| scenario::named(name)).collect::<Outcome<Vec<_>>>()?;
    let group = scenario::named("get of the group")?;
    let which = |n: usize| -> &Scenario {
        if n.is_multiple_of(ONE_GROUP_IN) { group } else { mix[n % mix.len()] }
    };
    // Numbers that were not used, so that each PATCH changes something.
    let count = ONE_GROUP_IN * 40;
    let prepare = |n| side.endpoint.prepare(&(which(n).request)(side, numbers + n));
    let requests: Vec<Prepared> = (0..count).map(prepare).collect::<Outcome<_>>()?;
    let right = |n: usize, answer: &Answer| which(n).check(side, numbers + n, answer);
    let run = Run {
        endpoint: &side.endpoint,
        process: side.process,
        connections: 8,
        within: UNDER_LOAD,
        requests: &requests,
        again: true,
    };
    let load = load::drive(run, &right).await?;
    let peak = usage::peak_resident(side.process);
    let (users, members) = (side.size, side.group.size);
    Ok(Restart { users, members, ready_after: server.ready_after, idle, peak, load })
}
