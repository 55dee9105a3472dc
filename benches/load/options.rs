//! The command line of the benchmark.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use crate::Outcome;
use crate::database::Kind;

/// What `--help` prints.
pub const USAGE: &str = "\
usage: cargo bench --bench load -- [sqlite|postgres|both] [OPTION…]

Starts one server for each number of users and fills it through its SCIM interface, the largest with
a group for each number of members. Measures single requests on all sizes in turn, then every kind
of request under load, with the machine's limits between them; then a restart on the largest
database, an initial sync in Entra's order, and ten tenants at once. Prints tables in Markdown; what
it is doing goes to standard error. Exit status 1 when a figure misses its bar or an answer is wrong.

  --short                 only what a bar is set for, on small sizes, in three minutes
  --users N,N,…           users of the servers (1000,100000,1000000; short: 1000,50000)
  --members N,N,…         members of the groups (10,10000,100000; short: 10,10000)
  --samples N             single requests of each kind and size (300; short: 150)
  --bar RATIO             how much more a request may cost on a larger size (1.2)
  --rounds N              rounds under load (5; short: 3)
  --seconds S             how long a round measures each (1; short: 0.4)
  --sync N,N,N            initial sync: users, groups, members of each (100000,1000,500; short:
                          0,0,0, which is none)
  --rate N                ten tenants: requests a second of each, 0 for none (60; short: 0)
  --report FILE           writes the tables into this file, too

INSOMNIA_SCIM_TEST_POSTGRES names the PostgreSQL server; without it a throw-away cluster is started.
INSOMNIA_SCIM_TEST_BIN names another binary than the one that cargo built for the benchmark.
";

/// Single requests before the measured ones, for each kind and size.
pub const WARM_UP: usize = 30;

/// In less time nothing is sent that a median could be taken of.
const SHORTEST_ROUND: Duration = Duration::from_millis(50);

/// What to measure.
#[derive(Debug)]
pub struct Options {
    /// The databases, in this order.
    pub databases: Vec<Kind>,
    /// Only what a bar is set for.
    pub short: bool,
    /// Users of the servers.
    pub users: Sizes,
    /// Members of the groups.
    pub members: Sizes,
    /// Measured single requests for each kind and size.
    pub samples: usize,
    /// The highest growth that passes.
    pub bar: f64,
    /// Rounds under load.
    pub rounds: usize,
    /// How long each is measured in a round.
    pub within: Duration,
    /// Who is provisioned in an initial sync.
    pub sync: Option<Tenant>,
    /// Requests a second of each of ten tenants.
    pub rate: Option<f64>,
    /// Where the tables are written, beside standard output.
    pub report: Option<PathBuf>,
}

/// Two numbers or more, each larger than the one before.
#[derive(Clone, Debug)]
pub struct Sizes(pub Vec<usize>);

impl Sizes {
    /// The last one.
    pub fn largest(&self) -> usize {
        self.0.last().copied().unwrap_or_default()
    }
}

/// Users, groups, and members of each group.
#[derive(Clone, Copy, Debug)]
pub struct Tenant {
    pub users: usize,
    pub groups: usize,
    pub members: usize,
}

impl Options {
    fn full() -> Self {
        Self {
            databases: vec![Kind::Sqlite, Kind::Postgres],
            short: false,
            users: Sizes(vec![1_000, 100_000, 1_000_000]),
            members: Sizes(vec![10, 10_000, 100_000]),
            samples: 300,
            bar: 1.2,
            rounds: 5,
            within: Duration::from_secs(1),
            sync: Some(Tenant { users: 100_000, groups: 1_000, members: 500 }),
            rate: Some(60.0),
            report: None,
        }
    }

    fn short() -> Self {
        Self {
            short: true,
            users: Sizes(vec![1_000, 50_000]),
            members: Sizes(vec![10, 10_000]),
            samples: 150,
            rounds: 3,
            within: Duration::from_millis(400),
            sync: None,
            rate: None,
            ..Self::full()
        }
    }

    /// Reads the command line; `None` when help is asked for.
    ///
    /// # Errors
    /// Names the argument that cannot be.
    pub fn parse(arguments: &[String]) -> Outcome<Option<Self>> {
        let short = arguments.iter().any(|argument| argument == "--short");
        let mut options = if short { Self::short() } else { Self::full() };
        let mut arguments = arguments.iter().map(String::as_str);
        while let Some(argument) = arguments.next() {
            match argument {
                "--help" | "-h" => return Ok(None),
                // Cargo itself adds the first one.
                "--bench" | "--short" => {}
                "sqlite" => options.databases = vec![Kind::Sqlite],
                "postgres" => options.databases = vec![Kind::Postgres],
                "both" => options.databases = vec![Kind::Sqlite, Kind::Postgres],
                _ => {
                    let value = arguments.next().ok_or(format!("{argument}: unknown, or alone"))?;
                    options.set(argument, value)?;
                }
            }
        }
        options.check()?;
        Ok(Some(options))
    }

    fn set(&mut self, argument: &str, value: &str) -> Outcome<()> {
        match argument {
            "--users" => self.users = parse(argument, value)?,
            "--members" => self.members = parse(argument, value)?,
            "--samples" => self.samples = parse(argument, value)?,
            "--bar" => self.bar = parse(argument, value)?,
            "--rounds" => self.rounds = parse(argument, value)?,
            "--seconds" => {
                self.within = Duration::try_from_secs_f64(parse(argument, value)?)?;
            }
            "--sync" => {
                self.sync = Some(parse(argument, value)?).filter(|sync: &Tenant| sync.users > 0);
            }
            "--rate" => {
                self.rate = Some(parse(argument, value)?).filter(|rate: &f64| *rate > 0.0);
            }
            "--report" => self.report = Some(value.into()),
            other => return Err(format!("unknown argument {other}").into()),
        }
        Ok(())
    }

    /// Refuses sizes that cannot be measured.
    fn check(&self) -> Outcome<()> {
        let needed = self.members.largest() + 2 * (self.samples + WARM_UP) + 1;
        if self.users.largest() < needed {
            return Err(format!("the largest server needs at least {needed} users").into());
        }
        if self.samples == 0 || self.rounds == 0 {
            return Err("--samples and --rounds must be at least 1".into());
        }
        if self.within < SHORTEST_ROUND {
            return Err(
                format!("--seconds must be at least {}", SHORTEST_ROUND.as_secs_f64()).into()
            );
        }
        Ok(())
    }
}

/// The value of an option.
fn parse<T: FromStr>(argument: &str, value: &str) -> Outcome<T> {
    value.parse().map_err(|_| format!("{argument} cannot be {value}").into())
}

fn numbers(text: &str) -> Outcome<Vec<usize>> {
    Ok(text.split(',').map(|number| number.trim().parse()).collect::<Result<_, _>>()?)
}

impl FromStr for Sizes {
    type Err = Box<dyn std::error::Error + Send + Sync>;

    fn from_str(text: &str) -> Outcome<Self> {
        let sizes = numbers(text)?;
        if sizes.len() < 2 || sizes[0] == 0 || !sizes.is_sorted_by(|one, next| one < next) {
            return Err("two sizes or more, growing".into());
        }
        Ok(Self(sizes))
    }
}

impl FromStr for Tenant {
    type Err = Box<dyn std::error::Error + Send + Sync>;

    fn from_str(text: &str) -> Outcome<Self> {
        match numbers(text)?.as_slice() {
            &[users, groups, members] => Ok(Self { users, groups, members }),
            _ => Err("users, groups, members".into()),
        }
    }
}
