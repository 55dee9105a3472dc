//! A shell into which a test pastes.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// How long a block may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// What the shell says behind a block, and when a command of it has failed.
const DONE: &str = "@@ done";
const FAILED: &str = "@@ failed";

/// A shell that ends at the first command that fails. What it started ends with the value.
pub struct Shell {
    child: Child,
    lines: Receiver<String>,
    url: String,
}

impl Shell {
    /// Starts in a folder. Servers that are started here listen where no other test does, and
    /// commands look for them there.
    pub fn start(folder: &Path, tools: &Path, variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new("bash");
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("INSOMNIA_SCIM_")) {
            command.env_remove(name);
        }
        let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap());
        let address = free_address();
        let url = format!("http://{address}");
        let mut child = command
            .args(["--noprofile", "--norc", "-s"])
            .current_dir(folder)
            .env_remove("DATABASE_URL")
            .env("PATH", path)
            .env("RUST_LOG", "warn")
            .env("INSOMNIA_SCIM_LISTEN", &address)
            .env("INSOMNIA_SCIM_ADMIN_URL", &url)
            .envs(variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        let (send, lines) = channel();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                // The test may have stopped listening; what runs must be able to write on.
                let _ = send.send(line);
            }
        });
        let mut shell = Self { child, lines, url };
        shell.begin(&format!("exec 2>&1\nset -e -o pipefail\ntrap 'echo \"{FAILED}\"' EXIT\n"));
        shell
    }

    /// Where a server that was started here is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Pastes without waiting for the end.
    pub fn begin(&mut self, text: &str) {
        self.child.stdin.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
    }

    /// Pastes a block and waits for its end; gives what it printed.
    pub fn paste(&mut self, block: &str) -> String {
        self.begin(&format!("{block}echo '{DONE}'\n"));
        let mut output = self.wait_for(DONE);
        output.truncate(output.len() - DONE.len() - 1);
        output
    }

    /// The same without holding up the test's own servers.
    pub async fn paste_aside(mut self, block: String) -> (Self, String) {
        let pasted = tokio::task::spawn_blocking(move || {
            let output = self.paste(&block);
            (self, output)
        });
        pasted.await.unwrap()
    }

    /// Waits for a line; gives everything that was printed up to it.
    pub fn wait_for(&mut self, text: &str) -> String {
        let mut seen = String::new();
        loop {
            let line = self.lines.recv_timeout(PATIENCE);
            let line = line.unwrap_or_else(|_| panic!("\"{text}\" was never printed:\n{seen}"));
            assert!(!line.contains(FAILED), "a command failed:\n{seen}");
            seen.push_str(&line);
            seen.push('\n');
            if line.contains(text) {
                return seen;
            }
        }
    }

    /// Presses Ctrl-C and waits until what runs has ended.
    pub fn interrupt(mut self) {
        self.signal("-INT");
        self.child.wait().unwrap();
    }

    /// To everything that was started here.
    fn signal(&self, signal: &str) {
        let group = format!("-{}", self.child.id());
        // What has ended already is as good.
        let _ = Command::new("kill").args([signal, "--", &group]).status();
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        self.signal("-KILL");
        let _ = self.child.wait();
    }
}

/// An address at which nothing listens and no other process of tests looks for one: every address
/// that begins with 127 is this machine's.
fn free_address() -> String {
    let [_, high, middle, low] = std::process::id().to_be_bytes();
    let own = Ipv4Addr::new(127, 64 + (high & 63), middle, low);
    let listener = TcpListener::bind((own, 0)).or_else(|_| TcpListener::bind("127.0.0.1:0"));
    listener.unwrap().local_addr().unwrap().to_string()
}
