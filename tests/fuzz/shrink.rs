//! The shortest form of an input that still shows a fault.

use std::any::Any;
use std::cell::Cell;
use std::panic;
use std::sync::Once;
use std::time::{Duration, Instant};

/// How long is looked for a shorter form.
const PATIENCE: Duration = Duration::from_secs(20);

thread_local! {
    static SILENT: Cell<bool> = const { Cell::new(false) };
}

/// While an input is being shortened, panics are expected and print nothing.
pub fn silence_expected_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !SILENT.get() {
                before(info);
            }
        }));
    });
}

/// What a panic said.
pub fn text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("something").to_owned()
}

/// Cuts pieces out of the input, from large to small, as long as something stays wrong.
pub fn shrink(
    input: &str,
    reason: &str,
    fault: &dyn Fn(&str) -> Option<String>,
) -> (String, String) {
    SILENT.set(true);
    let end = Instant::now() + PATIENCE;
    let mut shortest: Vec<char> = input.chars().collect();
    let mut reason = reason.to_owned();
    let mut piece = shortest.len() / 2;
    while piece > 0 && Instant::now() < end {
        let mut at = 0;
        while at < shortest.len() && Instant::now() < end {
            let kept = shortest.iter().take(at).chain(shortest.iter().skip(at + piece));
            let shorter: Vec<char> = kept.copied().collect();
            match fault(&shorter.iter().collect::<String>()) {
                Some(found) => (shortest, reason) = (shorter, found),
                None => at += piece,
            }
        }
        piece /= 2;
    }
    SILENT.set(false);
    (shortest.into_iter().collect(), reason)
}
