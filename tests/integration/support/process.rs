//! The real binary as a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

use super::{Client, Database};

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// The binary with an environment without settings of its own.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_insomnia-scim"));
    for (name, _) in std::env::vars() {
        if name.starts_with("INSOMNIA_SCIM_") {
            command.env_remove(name);
        }
    }
    command.env_remove("DATABASE_URL").env_remove("RUST_LOG").args(arguments);
    command
}

/// The binary, working on a database.
pub fn command_of(database: &Database, arguments: &[&str]) -> Command {
    let mut command = command(arguments);
    command.env("DATABASE_URL", database.address());
    command
}

/// A server process; killed, if it still runs, with the value.
pub struct Process {
    child: Child,
    lines: Receiver<String>,
    seen: Vec<String>,
    pub url: String,
}

impl Process {
    /// Makes an account the way an operator does: the object that `bootstrap --json` prints.
    pub fn bootstrap(database: &Database, seats: u32) -> Value {
        let seats = seats.to_string();
        let output = command_of(database, &["bootstrap", "--account", "KongAir", "--json"])
            .args(["--owner", "owner@kongair.example", "--domain", "kongair.example"])
            .args(["--seats", &seats])
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Serves on a free port; returns once it listens.
    pub fn serve(database: &Database, log: &str) -> Self {
        Self::serve_with(database, log, &[])
    }

    /// The same with these variables set.
    pub fn serve_with(database: &Database, log: &str, variables: &[(&str, &str)]) -> Self {
        let mut command = command_of(database, &["serve", "--create", "--listen", "127.0.0.1:0"]);
        Self::run(command.env("RUST_LOG", log).envs(variables.iter().copied()))
    }

    /// Serves a database known by this URL; few threads, because many servers run at once.
    pub fn serve_url(url: &str, arguments: &[&str]) -> Self {
        let mut command = command(&["serve", "--listen", "127.0.0.1:0", "--readers", "4"]);
        command.env("DATABASE_URL", url).env("RUST_LOG", "info").args(arguments);
        Self::run(&mut command)
    }

    /// Starts a server; returns once it listens.
    pub fn run(command: &mut Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
        let (send, lines) = channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                // The test may have stopped listening; the process must be able to write on.
                let _ = send.send(line);
            }
        });
        let mut process = Self { child, lines, seen: Vec::new(), url: String::new() };
        let line = process.wait_for("listening on ");
        let (_, address) = line.rsplit_once("listening on ").unwrap();
        process.url = format!("http://{}", address.trim());
        process
    }

    /// Waits for a line of the log.
    pub fn wait_for(&mut self, text: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap_or_else(|_| {
                panic!("\"{text}\" never appeared in the log:\n{}", self.seen.join("\n"))
            });
            self.seen.push(line.clone());
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Clients for the account that `bootstrap` made: the identity provider's and the owner's.
    pub fn clients(&self, account: &Value) -> (Client, Client) {
        let text = |name: &str| account[name].as_str().unwrap().to_owned();
        let base = format!("{}/scim/v2/{}", self.url, text("connector_id"));
        let admin = format!("{}/api/v1", self.url);
        (Client::new(base, text("scim_token")), Client::new(admin, text("admin_token")))
    }

    /// The most memory that the process has held since this was last asked, in bytes; none where
    /// the system does not say.
    pub fn peak_memory(&self) -> Option<u64> {
        let of_process = |file: &str| format!("/proc/{}/{file}", self.child.id());
        let status = std::fs::read_to_string(of_process("status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
        // 5 forgets the peak.
        std::fs::write(of_process("clear_refs"), "5").ok()?;
        Some(kibibytes * 1024)
    }

    /// The memory that the process holds now, in bytes; none where the system does not say.
    pub fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
        Some(kibibytes * 1024)
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    }

    /// Sends SIGKILL and waits for the end.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for the end: the exit status, and everything that was logged.
    pub fn finish(mut self) -> (ExitStatus, String) {
        // The log ends when the process does.
        while let Ok(line) = self.lines.recv_timeout(PATIENCE) {
            self.seen.push(line);
        }
        (self.child.wait().unwrap(), self.seen.join("\n"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already, which is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
