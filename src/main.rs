//! The binary. Calls [`insomnia_scim::cli::run`].

use std::process::ExitCode;

/// A request makes a few hundred small allocations, on several threads at once. jemalloc's
/// background threads return unused memory to the system even when no requests arrive.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    insomnia_scim::cli::run()
}
