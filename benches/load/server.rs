//! One release server with one account, on a fresh database in a temporary directory.

use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::Outcome;
use crate::api::Api;

const READY_WITHIN: Duration = Duration::from_secs(30);
const STOP_WITHIN: Duration = Duration::from_secs(60);
const POLL_EVERY: Duration = Duration::from_millis(20);

/// A running server. Dropping it kills the process; `stop` ends it as an operator would.
pub struct Server {
    process: Child,
    directory: TempDir,
    /// The account's SCIM interface.
    pub api: Api,
}

impl Server {
    /// Bootstraps an account with this many seats and serves it.
    pub async fn start(database_url: &str, directory: TempDir, seats: usize) -> Outcome<Self> {
        let program = std::env::var("INSOMNIA_SCIM_TEST_BIN")
            .unwrap_or_else(|_| env!("CARGO_BIN_EXE_insomnia-scim").to_owned());
        let listen = format!("127.0.0.1:{}", free_port()?);
        let public_url = format!("http://{listen}");
        let command = || {
            let mut command = Command::new(&program);
            command
                .env("DATABASE_URL", database_url)
                .env("INSOMNIA_SCIM_LISTEN", &listen)
                .env("INSOMNIA_SCIM_PUBLIC_URL", &public_url);
            command
        };
        let api = bootstrap(command(), seats)?;
        let log = File::create(directory.path().join("server.log"))?;
        let process = command()
            .arg("serve")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        let mut server = Self { process, directory, api };
        server.wait_until_ready(&public_url).await?;
        Ok(server)
    }

    /// Polls `/readyz` until it answers 200.
    async fn wait_until_ready(&mut self, public_url: &str) -> Outcome<()> {
        let deadline = Instant::now() + READY_WITHIN;
        while Instant::now() < deadline {
            if let Some(status) = self.process.try_wait()? {
                return Err(format!("serve ended with {status}: {}", self.log()).into());
            }
            let answer = reqwest::get(format!("{public_url}/readyz")).await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            tokio::time::sleep(POLL_EVERY).await;
        }
        Err(format!("the server was not ready in time: {}", self.log()).into())
    }

    /// Stops the server with SIGTERM; it must end with status 0.
    pub async fn stop(mut self) -> Outcome<()> {
        let signal = format!("kill -TERM {}", self.process.id());
        Command::new("sh").args(["-c", &signal]).status()?;
        let deadline = Instant::now() + STOP_WITHIN;
        while Instant::now() < deadline {
            if let Some(status) = self.process.try_wait()? {
                if status.success() {
                    return Ok(());
                }
                return Err(format!("after SIGTERM, {status}: {}", self.log()).into());
            }
            tokio::time::sleep(POLL_EVERY).await;
        }
        Err("the server did not stop in time".into())
    }

    /// The end of the server's log.
    fn log(&self) -> String {
        let path = self.directory.path().join("server.log");
        let text = std::fs::read_to_string(path).unwrap_or_default();
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

/// Creates the account; returns its SCIM interface.
fn bootstrap(mut command: Command, seats: usize) -> Outcome<Api> {
    let done = command
        .args(["bootstrap", "--account=Load", "--owner=owner@load.example"])
        .args(["--domain=load.example", &format!("--seats={seats}"), "--json"])
        .output()?;
    if !done.status.success() {
        return Err(format!("bootstrap: {}", String::from_utf8_lossy(&done.stderr)).into());
    }
    let account: Value = serde_json::from_slice(&done.stdout)?;
    let text = |name: &str| {
        account[name].as_str().map(str::to_owned).ok_or(format!("bootstrap gave no {name}"))
    };
    Api::new(&text("scim_base_url")?, &text("scim_token")?)
}

/// A port of 127.0.0.1 that is free at this moment.
fn free_port() -> Outcome<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
