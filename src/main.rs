//! The binary: parses the command line and hands over to `cli`.

use std::process::ExitCode;

/// A request is a few hundred small allocations, on several threads at once. What long pages took is
/// given back by threads of the allocator's own, also while nobody asks for anything.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    insomnia_scim::cli::run()
}
