//! Release servers on fresh databases in temporary directories.

use std::fs::OpenOptions;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpStream;

use crate::Outcome;
use crate::client::Endpoint;
use crate::request::Request;

/// The variable that names another binary than the one built here.
const GIVEN: &str = "INSOMNIA_SCIM_TEST_BIN";
const READY_WITHIN: Duration = Duration::from_secs(60);
const STOP_WITHIN: Duration = Duration::from_secs(60);
/// Short, because the time until the server is ready is one of the figures.
const POLL_EVERY: Duration = Duration::from_millis(2);

/// A database and the address of the server on it, whether it runs or not.
pub struct Installation {
    directory: TempDir,
    program: PathBuf,
    pub database_url: String,
    listen: String,
}

/// An account and its SCIM interface.
pub struct Account {
    pub id: String,
    pub endpoint: Endpoint,
}

/// A running server. Dropping it kills the process; `stop` ends it as an operator would.
pub struct Server {
    process: Child,
    log: PathBuf,
    /// From the start of the process until it said that it is ready.
    pub ready_after: Duration,
}

/// Builds the server as a release, unless `INSOMNIA_SCIM_TEST_BIN` names one that is ready.
///
/// # Errors
/// When it does not build.
pub fn build() -> Outcome<()> {
    if std::env::var_os(GIVEN).is_some() {
        return Ok(());
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let done = Command::new(cargo)
        .args(["build", "--release", "--bin", "insomnia-scim"])
        .current_dir(crate::TOP)
        .status()?;
    if done.success() { Ok(()) } else { Err("the server does not build".into()) }
}

/// The server's binary: the given one, or cargo's, which lies one folder above the benchmark's own.
fn program() -> Outcome<PathBuf> {
    if let Some(given) = std::env::var_os(GIVEN) {
        return Ok(Path::new(crate::TOP).join(given));
    }
    let own = std::env::current_exe()?;
    let folder = own.parent().and_then(Path::parent).ok_or("the benchmark lies in no folder")?;
    Ok(folder.join("insomnia-scim"))
}

impl Installation {
    /// Takes a free port for a server on this database.
    pub fn new(database_url: String, directory: TempDir) -> Outcome<Self> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let listen = format!("127.0.0.1:{port}");
        Ok(Self { directory, program: program()?, database_url, listen })
    }

    /// The directory of this server's files.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Makes an account with so many seats.
    ///
    /// # Errors
    /// When the name is taken, or the database is not to be had.
    pub fn bootstrap(&self, name: &str, seats: usize) -> Outcome<Account> {
        let done = self
            .command()
            .arg("bootstrap")
            .args([&format!("--account={name}"), &format!("--owner=owner@{name}.example")])
            .args([&format!("--domain={name}.example"), &format!("--seats={seats}")])
            .arg("--json")
            .output()?;
        if !done.status.success() {
            return Err(format!("bootstrap: {}", String::from_utf8_lossy(&done.stderr)).into());
        }
        let account: Value = serde_json::from_slice(&done.stdout)?;
        let text =
            |field: &str| account[field].as_str().ok_or(format!("bootstrap gave no {field}"));
        Ok(Account {
            id: text("account_id")?.to_owned(),
            endpoint: Endpoint::new(text("scim_base_url")?, text("scim_token")?)?,
        })
    }

    /// Starts the server and waits until it is ready.
    ///
    /// # Errors
    /// When it ends, or is not ready in time.
    pub async fn serve(&self) -> Outcome<Server> {
        let log = self.directory().join("server.log");
        let file = OpenOptions::new().create(true).append(true).open(&log)?;
        let (output, started) = (file.try_clone()?, Instant::now());
        let mut command = self.command();
        command.arg("serve").stdin(Stdio::null()).stdout(output).stderr(file);
        let process = command.spawn()?;
        let mut server = Server { process, log, ready_after: Duration::ZERO };
        server.wait_until_ready(&self.listen).await?;
        server.ready_after = started.elapsed();
        Ok(server)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .env("DATABASE_URL", &self.database_url)
            .env("INSOMNIA_SCIM_LISTEN", &self.listen)
            .env("INSOMNIA_SCIM_PUBLIC_URL", format!("http://{}", self.listen));
        command
    }
}

impl Server {
    /// The number of the process.
    pub fn process(&self) -> u32 {
        self.process.id()
    }

    /// Polls `/readyz` until it answers 200.
    async fn wait_until_ready(&mut self, listen: &str) -> Outcome<()> {
        let mut connection = Endpoint::new(&format!("http://{listen}"), "none")?.connection();
        let deadline = Instant::now() + READY_WITHIN;
        while Instant::now() < deadline {
            if let Some(status) = self.process.try_wait()? {
                return Err(format!("serve ended with {status}: {}", self.last_words()).into());
            }
            if TcpStream::connect(listen).await.is_ok()
                && connection.succeed(&Request::get("/readyz")).await.is_ok()
            {
                return Ok(());
            }
            tokio::time::sleep(POLL_EVERY).await;
        }
        Err(format!("the server was not ready in time: {}", self.last_words()).into())
    }

    /// Stops the server with SIGTERM; it must end with status 0.
    ///
    /// # Errors
    /// When it ends otherwise, or not in time.
    pub async fn stop(mut self) -> Outcome<()> {
        let signal = format!("kill -TERM {}", self.process.id());
        Command::new("sh").args(["-c", &signal]).status()?;
        let deadline = Instant::now() + STOP_WITHIN;
        while Instant::now() < deadline {
            if let Some(status) = self.process.try_wait()? {
                if status.success() {
                    return Ok(());
                }
                return Err(format!("after SIGTERM, {status}: {}", self.last_words()).into());
            }
            tokio::time::sleep(POLL_EVERY).await;
        }
        Err("the server did not stop in time".into())
    }

    /// The end of the server's log.
    fn last_words(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only when the process has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
