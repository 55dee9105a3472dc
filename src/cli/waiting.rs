//! `--wait`: waits for a server that is starting.

use std::time::{Duration, Instant};

/// The seconds to wait if no number is given.
pub const DEFAULT: &str = "30";
/// The most seconds that can be waited.
pub const MOST: u64 = 3600;
/// The pause between two attempts to reach a starting server.
const PAUSE: Duration = Duration::from_millis(200);

/// Asks until the server is ready. `ask` says what is the matter while it is not.
///
/// # Errors
/// Fails with the last of these if the server is not ready after so many seconds.
pub fn until_ready(
    url: &str,
    seconds: u64,
    mut ask: impl FnMut() -> Result<(), String>,
) -> Result<(), String> {
    let since = Instant::now();
    loop {
        let Err(last) = ask() else { return Ok(()) };
        if since.elapsed() >= Duration::from_secs(seconds) {
            return Err(format!("{url} is not ready after {seconds} s (--wait): {last}"));
        }
        std::thread::sleep(PAUSE);
    }
}
