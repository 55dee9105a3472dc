//! Fresh databases for the servers: a SQLite file, or a new database on a PostgreSQL server.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::Outcome;

/// Which database a server runs on.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Sqlite,
    Postgres,
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        })
    }
}

/// Where databases of one kind are made; a throw-away cluster lives as long as this.
pub enum Databases {
    Sqlite,
    Postgres { url: String, _cluster: Option<Cluster> },
}

impl Databases {
    /// Finds or starts what the kind needs.
    ///
    /// # Errors
    /// When no PostgreSQL can be had; the cluster's script has said why on standard error.
    pub fn open(kind: Kind) -> Outcome<Self> {
        match kind {
            Kind::Sqlite => Ok(Self::Sqlite),
            Kind::Postgres => match std::env::var("INSOMNIA_SCIM_TEST_POSTGRES") {
                Ok(url) if !url.is_empty() => Ok(Self::Postgres { url, _cluster: None }),
                _ => {
                    let (cluster, url) = Cluster::start()?;
                    Ok(Self::Postgres { url, _cluster: Some(cluster) })
                }
            },
        }
    }

    /// The URL of a new, empty database.
    pub fn create(&self, name: &str, directory: &Path) -> Outcome<String> {
        match self {
            Self::Sqlite => Ok(format!("sqlite://{}", directory.join("load.db").display())),
            Self::Postgres { url, .. } => {
                execute(url, &format!("CREATE DATABASE {name}"))?;
                let (server, _) = url.rsplit_once('/').ok_or("the PostgreSQL URL has no path")?;
                Ok(format!("{server}/{name}"))
            }
        }
    }

    /// Removes a database that `create` made; SQLite's goes with its directory.
    pub fn remove(&self, name: &str) -> Outcome<()> {
        match self {
            Self::Sqlite => Ok(()),
            Self::Postgres { url, .. } => {
                execute(url, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
            }
        }
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
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/lib/throwaway-postgres");
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
