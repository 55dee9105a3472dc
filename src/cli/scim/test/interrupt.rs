//! Ctrl-C: the first one ends the test, and the created resources are removed; the second one ends
//! the program at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::signal::unix::{SignalKind, signal};

/// Whether the test was interrupted.
#[derive(Clone, Debug, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    pub fn came(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Starts to watch for SIGINT and SIGTERM.
///
/// # Errors
/// Fails if the system cannot create a thread or install a signal handler.
pub fn watch() -> std::io::Result<Interrupt> {
    let interrupt = Interrupt::default();
    let seen = interrupt.clone();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut interrupted, mut terminated) = {
        let _context = runtime.enter();
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        runtime.block_on(async {
            loop {
                tokio::select! {
                    _ = interrupted.recv() => {}
                    _ = terminated.recv() => {}
                }
                if seen.0.swap(true, Ordering::Relaxed) {
                    std::process::exit(1);
                }
            }
        });
    })?;
    Ok(interrupt)
}
