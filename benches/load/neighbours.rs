//! What one tenant feels of another's searches: its single requests while 32 clients of the other
//! scan, sort, and hang up, beside the same requests while nobody does.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use crate::Outcome;
use crate::client::{Connection, Endpoint};
use crate::contest::median;
use crate::ratio::{Bar, Ratio};
use crate::request::{Request, user_body};
use crate::usage;

/// Clients that search.
const CLIENTS: usize = 32;
/// When an impatient one hangs up.
const IMPATIENCE: Duration = Duration::from_millis(200);
/// How much longer the middle request may take, and one of a hundred.
const BARS: [f64; 2] = [2.0, 5.0];
/// What the process may hold when all is quiet again, in MiB.
const RESIDENT: f64 = 128.0;
/// How long it may take to give memory back.
const CALM: Duration = Duration::from_secs(30);

/// What the neighbour does.
#[derive(Clone, Copy, Debug)]
struct Manner {
    name: &'static str,
    path: &'static str,
    impatient: bool,
}

const MANNERS: [Manner; 4] = [
    Manner { name: "filter", path: "/Users?filter=title%20co%20%22zz%22", impatient: false },
    Manner { name: "sort", path: "/Users?sortBy=title&count=100", impatient: false },
    Manner {
        name: "filter, hanging up",
        path: "/Users?filter=title%20co%20%22zz%22",
        impatient: true,
    },
    Manner { name: "pages of 1,000", path: "/Users?count=1000&startIndex=50000", impatient: false },
];

/// The middle, and one of a hundred, in microseconds.
type Times = [f64; 2];

/// One manner's figures.
pub struct Row {
    name: &'static str,
    quiet: Times,
    beside: Times,
}

/// The figures.
pub struct Neighbours {
    size: usize,
    rows: Vec<Row>,
    resident: Option<f64>,
}

impl Neighbours {
    /// What they are held to.
    pub fn ratios(&self) -> Vec<Ratio> {
        let mut ratios = Vec::new();
        for row in &self.rows {
            for (at, name) in ["p50", "p99"].into_iter().enumerate() {
                ratios.push(Ratio {
                    what: format!("get beside {CLIENTS} clients: {}, {name} / quiet", row.name),
                    value: row.beside[at] / row.quiet[at],
                    bar: Bar::AtMost(BARS[at]),
                });
            }
        }
        ratios.extend(self.resident.map(|resident| Ratio {
            what: "resident MiB afterwards".to_owned(),
            value: resident,
            bar: Bar::AtMost(RESIDENT),
        }));
        ratios
    }

    /// A table.
    pub fn table(&self) -> String {
        let mut text = format!(
            "\nA get of one tenant while {CLIENTS} clients of another one search {} users, in \
             microseconds.\n\n| they | p50 quiet | p50 | p99 quiet | p99 |\n\
             | --- | ---: | ---: | ---: | ---: |\n",
            self.size
        );
        for Row { name, quiet, beside } in &self.rows {
            let [p50, p99] = quiet;
            let [busy50, busy99] = beside;
            text.push_str(&format!(
                "| {name} | {p50:.0} | {busy50:.0} | {p99:.0} | {busy99:.0} |\n"
            ));
        }
        text
    }
}

/// Measures one request of `calm` at a time, in so many rounds with and without the neighbour.
///
/// # Errors
/// When an answer is wrong.
pub async fn run(
    calm: &Endpoint,
    busy: &Endpoint,
    size: usize,
    process: u32,
    rounds: usize,
    within: Duration,
) -> Outcome<Neighbours> {
    let mut connection = calm.connection();
    let made =
        connection.succeed(&Request::post("/Users", user_body("neighbour@limit.example"))).await?;
    let id = made["id"].as_str().ok_or("a user without an id")?.to_owned();
    let get = Request::get(format!("/Users/{id}"));
    let mut rows = Vec::new();
    for manner in MANNERS {
        eprintln!("  beside a neighbour: {}", manner.name);
        let (mut quiet, mut beside) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            quiet.push(times(&mut connection, &get, within).await?);
            let mut crowd: FuturesUnordered<_> =
                (0..CLIENTS).map(|_| search(busy.connection(), manner)).collect();
            let measured = async {
                // They are all at it before anything is measured.
                tokio::time::sleep(Duration::from_millis(300)).await;
                times(&mut connection, &get, within).await
            };
            tokio::select! {
                times = measured => beside.push(times?),
                Some(Err(error)) = crowd.next() => return Err(error),
            }
        }
        let middle = |all: &[Times]| {
            [0, 1].map(|at| median(all.iter().map(|times: &Times| times[at]).collect()))
        };
        rows.push(Row { name: manner.name, quiet: middle(&quiet), beside: middle(&beside) });
    }
    Ok(Neighbours { size, rows, resident: resident(process).await })
}

/// Searches, one search after the other, as long as it is polled.
async fn search(mut connection: Connection, manner: Manner) -> Outcome<()> {
    let request = Request::get(manner.path);
    loop {
        let patience = if manner.impatient { IMPATIENCE } else { Duration::MAX };
        let Ok(answered) = tokio::time::timeout(patience, connection.call(&request)).await else {
            connection = connection.again();
            continue;
        };
        let answer = answered?.0;
        if !matches!(answer.status, 200 | 429 | 400 | 503) {
            return Err(format!("{}: {}", manner.path, answer.status).into());
        }
    }
}

async fn times(connection: &mut Connection, request: &Request, within: Duration) -> Outcome<Times> {
    let until = Instant::now() + within;
    let mut all = Vec::new();
    while Instant::now() < until {
        let (answer, took) = connection.call(request).await?;
        if answer.status != 200 {
            return Err(format!("{}: {}", request.path, answer.status).into());
        }
        all.push(took.as_secs_f64() * 1e6);
    }
    all.sort_unstable_by(f64::total_cmp);
    let at = |part: f64| {
        let position = (all.len() as f64 * part) as usize;
        all.get(position.min(all.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
    };
    Ok([at(0.5), at(0.99)])
}

/// The least that the process held within the time that it has to become calm, in MiB.
async fn resident(process: u32) -> Option<f64> {
    let until = Instant::now() + CALM;
    loop {
        let resident = usage::resident(process)?;
        if resident <= RESIDENT || Instant::now() > until {
            return Some(resident);
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}
