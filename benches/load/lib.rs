//! The load benchmark: what an identity provider's requests cost at several sizes of an account and
//! under load, on the release build, through HTTP, beside what the machine gives at most.
//! `cargo bench --bench load -- --help` says how to run it.

mod client;
mod contest;
mod database;
mod entra;
mod fill;
mod growth;
mod limits;
mod load;
mod neighbours;
mod options;
mod pace;
mod ratio;
mod report;
mod request;
mod restart;
mod run;
mod scenario;
mod server;
mod site;
mod stage;
mod sync;
mod tenants;
mod usage;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use options::Options;

/// The result of everything here: a benchmark that cannot go on says why and ends.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// The folder of the workspace. Paths that are given are relative to it: cargo starts a benchmark in
/// the folder of its own package.
const TOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Does what the arguments say, measuring by default; the exit status says whether every figure is
/// within its bar (0), one is not (1), or the arguments are wrong (2).
pub fn main(arguments: &[String]) -> ExitCode {
    let outcome = match arguments.first().map(String::as_str) {
        Some(limits::fixed::ARGUMENT) => limits::fixed::serve().map(|()| true),
        _ => match Options::parse(arguments) {
            Ok(Some(options)) => run(&options),
            Ok(None) => {
                print!("{}", options::USAGE);
                return ExitCode::SUCCESS;
            }
            Err(reason) => {
                eprint!("{reason}\n\n{}", options::USAGE);
                return ExitCode::from(2);
            }
        },
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(reason) => {
            eprintln!("the benchmark could not be completed: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// Measures each database; true when every figure is within its bar.
fn run(options: &Options) -> Outcome<bool> {
    server::build()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut within, mut report) = (true, String::new());
    for kind in &options.databases {
        let results = runtime.block_on(run::measure(*kind, options))?;
        let tables = report::of(&results, options);
        print!("{tables}");
        report.push_str(&tables);
        within &= report::passes(&results);
        // Written after each database: what is measured is not lost with what comes after.
        if let Some(path) = &options.report {
            std::fs::write(Path::new(TOP).join(path), &report)?;
        }
    }
    Ok(within)
}
