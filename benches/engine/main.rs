//! The engine benchmark: what each step of a request costs that needs neither database nor network.
//! `cargo bench --bench engine -- --help` is Criterion's help; beside its options there is
//! `--repeat N NAME`, which runs one operation N times, unmeasured, for a profiler.

mod bodies;
mod operations;

use std::error::Error;
use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion};
use operations::{Operation, Product};

fn main() -> Result<(), Box<dyn Error>> {
    let operations = operations::all()?;
    for operation in &operations {
        if let Product::Failure(reason) = (operation.prepare())() {
            return Err(format!("{}: {reason}", operation.name).into());
        }
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, times, name, ..] = arguments.as_slice()
        && flag == "--repeat"
    {
        return repeat(&operations, times.parse()?, name);
    }
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .configure_from_args();
    for operation in &operations {
        criterion.bench_function(&operation.name, |bencher| {
            bencher.iter_batched(|| operation.prepare(), |run| run(), BatchSize::SmallInput);
        });
    }
    criterion.final_summary();
    Ok(())
}

/// Runs the operation of this name so many times.
fn repeat(operations: &[Operation], times: usize, name: &str) -> Result<(), Box<dyn Error>> {
    let operation =
        operations.iter().find(|found| found.name == name).ok_or("no operation has this name")?;
    let runs: Vec<_> = (0..times).map(|_| operation.prepare()).collect();
    let products: Vec<_> = runs.into_iter().map(run_alone).collect();
    black_box(products);
    Ok(())
}

/// A frame of its own, so that a profiler can tell the operation from its preparation.
#[inline(never)]
fn run_alone(run: operations::Run) -> Product {
    run()
}
