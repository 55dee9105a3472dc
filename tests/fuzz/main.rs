//! Fuzzing in this process, with stable Rust: each target mutates what identity providers really
//! send, and holds what the library makes of it against properties, not only against panics.
//!
//! `FUZZ_SECONDS=600 cargo test --release --test fuzz -- --nocapture --test-threads=2` looks for
//! ten minutes at each target and prints how many inputs were tried; without the variable it is one
//! second. `FUZZ_SEED` repeats a run. What was found once lies in `regressions/TARGET/` and is tried
//! first by every run.

// All of this is test code, which Clippy sees only inside `#[test]` functions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod mutate;
mod runner;
mod seeds;
mod shrink;
mod targets;
