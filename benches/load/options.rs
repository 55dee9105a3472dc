//! The command line of the benchmark.

use std::str::FromStr;

use crate::Outcome;
use crate::database::Kind;

/// What `--help` prints.
pub const USAGE: &str = "\
usage: cargo bench --bench load -- [sqlite|postgres|both] [OPTION…]

Fills one server with few users and one with many, and in the latter a small and a large group, all
through the SCIM interface. Then measures single requests over one connection, small and large in
turn, and prints the median of each and the ratio large/small. Exit status 1 when a ratio is above
the bar, or when an answer is wrong.

  --users SMALL,LARGE     users of the two servers (default 1000,100000)
  --members SMALL,LARGE   members of the two groups (default 10,10000)
  --samples N             measured requests of each kind and size (default 300)
  --bar RATIO             the highest ratio that passes (default 1.3)

INSOMNIA_SCIM_TEST_POSTGRES names the PostgreSQL server; without it a throw-away cluster is started.
INSOMNIA_SCIM_TEST_BIN names another binary than the one that cargo built for the benchmark.
";

/// Requests before the measured ones, for each kind and size.
pub const WARM_UP: usize = 30;

/// What to measure.
#[derive(Debug)]
pub struct Options {
    /// The databases, in this order.
    pub databases: Vec<Kind>,
    /// Users of the small and of the large server.
    pub users: Pair,
    /// Members of the small and of the large group.
    pub members: Pair,
    /// Measured requests for each kind and size.
    pub samples: usize,
    /// The highest ratio that passes.
    pub bar: f64,
}

/// A small and a large number.
#[derive(Debug, Clone, Copy)]
pub struct Pair {
    pub small: usize,
    pub large: usize,
}

impl Options {
    /// Reads the command line; `None` when help is asked for.
    pub fn parse(arguments: impl Iterator<Item = String>) -> Outcome<Option<Self>> {
        let mut options = Self {
            databases: vec![Kind::Sqlite, Kind::Postgres],
            users: Pair { small: 1_000, large: 100_000 },
            members: Pair { small: 10, large: 10_000 },
            samples: 300,
            bar: 1.3,
        };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--help" | "-h" => return Ok(None),
                // Cargo itself adds this one.
                "--bench" => {}
                "sqlite" => options.databases = vec![Kind::Sqlite],
                "postgres" => options.databases = vec![Kind::Postgres],
                "both" => options.databases = vec![Kind::Sqlite, Kind::Postgres],
                "--users" => options.users = value(&argument, arguments.next())?,
                "--members" => options.members = value(&argument, arguments.next())?,
                "--samples" => options.samples = value(&argument, arguments.next())?,
                "--bar" => options.bar = value(&argument, arguments.next())?,
                other => return Err(format!("unknown argument {other}").into()),
            }
        }
        options.check()?;
        Ok(Some(options))
    }

    /// How many users a server must have beside the members of its groups: one for each addition.
    pub fn spare_users(&self) -> usize {
        self.samples + WARM_UP
    }

    /// Refuses sizes that cannot be measured.
    fn check(&self) -> Outcome<()> {
        let needed = self.members.large + self.spare_users();
        if self.samples == 0 {
            return Err("--samples must be at least 1".into());
        }
        if self.users.large < needed {
            return Err(format!("the large server needs at least {needed} users").into());
        }
        if self.users.small == 0 || self.members.small == 0 {
            return Err("the small sizes must be at least 1".into());
        }
        Ok(())
    }
}

/// The value of an option.
fn value<T: FromStr>(name: &str, text: Option<String>) -> Outcome<T> {
    let text = text.ok_or_else(|| format!("{name} needs a value"))?;
    text.parse().map_err(|_| format!("{name} cannot be {text}").into())
}

impl FromStr for Pair {
    type Err = Box<dyn std::error::Error + Send + Sync>;

    fn from_str(text: &str) -> Outcome<Self> {
        let (small, large) = text.split_once(',').ok_or("two numbers with a comma between")?;
        Ok(Self { small: small.parse()?, large: large.parse()? })
    }
}
