//! The binary: parses the command line and hands over to `cli`.

use std::process::ExitCode;

/// A request is a few hundred small allocations, on several threads at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    insomnia_scim::cli::run()
}
