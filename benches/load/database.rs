//! Fresh databases for the servers: a SQLite file, or a new database on a PostgreSQL server.

use std::cell::RefCell;
use std::fmt;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::Outcome;

/// Which database a server runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// Where databases of one kind are made; a throw-away cluster lives as long as this.
pub enum Databases {
    Sqlite,
    Postgres { url: String, made: RefCell<Vec<String>>, _cluster: Option<Cluster> },
}

impl Databases {
    /// Finds or starts what the kind needs.
    ///
    /// # Errors
    /// When no PostgreSQL can be had; the cluster's script has said why on standard error.
    pub fn open(kind: Kind) -> Outcome<Self> {
        match kind {
            Kind::Sqlite => Ok(Self::Sqlite),
            Kind::Postgres => {
                let given = std::env::var("INSOMNIA_SCIM_TEST_POSTGRES").unwrap_or_default();
                let (cluster, url) = match given.is_empty() {
                    true => Cluster::start().map(|(cluster, url)| (Some(cluster), url))?,
                    false => (None, given),
                };
                Ok(Self::Postgres { url, made: RefCell::default(), _cluster: cluster })
            }
        }
    }

    /// The URL of a new, empty database.
    ///
    /// # Errors
    /// When the server does not make it.
    pub fn create(&self, directory: &Path) -> Outcome<String> {
        match self {
            Self::Sqlite => Ok(format!("sqlite://{}", directory.join("load.db").display())),
            Self::Postgres { url, made, .. } => {
                let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
                let name = format!("load_{}_{now}", std::process::id());
                execute(url, &format!("CREATE DATABASE {name}"))?;
                let (server, _) = url.rsplit_once('/').ok_or("the PostgreSQL URL has no path")?;
                let database = format!("{server}/{name}");
                made.borrow_mut().push(name);
                Ok(database)
            }
        }
    }

    /// Removes the databases that `create` made; SQLite's go with their directories.
    ///
    /// # Errors
    /// When the server does not remove one.
    pub fn remove(&self) -> Outcome<()> {
        let Self::Postgres { url, made, .. } = self else { return Ok(()) };
        let drop = |name| execute(url, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        made.borrow_mut().drain(..).try_for_each(drop)
    }
}

/// Runs one SQL statement through psql.
fn execute(url: &str, statement: &str) -> Outcome<()> {
    let done = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--command", statement, url])
        .output()
        .map_err(|error| format!("psql could not be run: {error}"))?;
    if done.status.success() {
        return Ok(());
    }
    Err(format!("{statement}: {}", String::from_utf8_lossy(&done.stderr)).into())
}

/// A throw-away cluster, which ends when its standard input is closed.
pub struct Cluster {
    process: Child,
    input: Option<ChildStdin>,
}

impl Cluster {
    /// Starts the cluster; returns it with its URL.
    fn start() -> Outcome<(Self, String)> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/lib/throwaway-postgres");
        let mut process =
            Command::new(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = process.stdin.take();
        let output = process.stdout.take().ok_or("the cluster has no output")?;
        let cluster = Self { process, input };
        let mut url = String::new();
        BufReader::new(output).read_line(&mut url)?;
        let url = url.trim().to_owned();
        if url.is_empty() {
            return Err("PostgreSQL could not be had".into());
        }
        Ok((cluster, url))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.input.take());
        // The script bounds its own end; nothing can be done here about a failure.
        let _ = self.process.wait();
    }
}
