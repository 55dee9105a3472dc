//! The load benchmark: what an identity provider's requests cost at two sizes of an account, on the
//! release build, through HTTP. `cargo bench --bench load -- --help` says how to run it.

mod api;
mod database;
mod fill;
mod measure;
mod options;
mod report;
mod scenario;
mod server;

use std::error::Error;
use std::process::ExitCode;

use options::Options;

/// The result of everything here: a benchmark that cannot go on says why and ends.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            print!("{}", options::USAGE);
            return ExitCode::SUCCESS;
        }
        Err(reason) => {
            eprint!("{reason}\n\n{}", options::USAGE);
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(reason) => {
            eprintln!("the benchmark could not be completed: {reason}");
            ExitCode::FAILURE
        }
    }
}

/// Measures on each database; true when every ratio is within the bar.
fn run(options: &Options) -> Outcome<bool> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut within = true;
    for kind in &options.databases {
        let rows = runtime.block_on(measure::measure(*kind, options))?;
        print!("{}", report::table(*kind, options, &rows));
        within &= report::within(&rows, options.bar);
    }
    Ok(within)
}
