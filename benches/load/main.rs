//! `cargo bench --bench load -- --help` says what it does.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    load_benchmark::main(&arguments)
}
