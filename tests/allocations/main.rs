//! How often the engine allocates, and how much, for each operation of `benches/engine`. A test
//! binary of its own: the counting allocator counts for the whole process.
//!
//! `cargo test --test allocations -- --nocapture` prints the table.

// All of this is test code, which Clippy sees only inside `#[test]` functions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../../benches/engine/bodies.rs"]
mod bodies;
mod budget;
#[path = "../../benches/engine/operations.rs"]
mod operations;

use std::alloc::System;

use operations::{Operation, Product};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static COUNTING: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What one run asks of the allocator. Growing in place counts like a new allocation, because it
/// may become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cost {
    allocations: usize,
    bytes: usize,
}

/// The least of several runs: another thread of the harness may allocate meanwhile.
fn cost(operation: &Operation) -> Cost {
    let run = || {
        let run = operation.prepare();
        let region = Region::new(COUNTING);
        let product = run();
        let stats = region.change();
        if let Product::Failure(reason) = product {
            panic!("{}: {reason}", operation.name);
        }
        Cost { allocations: stats.allocations + stats.reallocations, bytes: stats.bytes_allocated }
    };
    (0..5).map(|_| run()).min().unwrap()
}

// One test, so that nothing runs beside it.
#[test]
fn no_operation_allocates_more_than_its_budget() {
    println!("| operation | allocations | budget | bytes |");
    println!("| --- | ---: | ---: | ---: |");
    let mut exceeded = Vec::new();
    let operations = operations::all().unwrap();
    for operation in &operations {
        let name = operation.name.as_str();
        let Cost { allocations, bytes } = cost(operation);
        let budget = budget::of(name);
        println!("| {name} | {allocations} | {} | {bytes} |", budget.unwrap_or_default());
        if budget.is_none_or(|budget| allocations > budget) {
            exceeded.push(format!("{name}: {allocations} allocations, {budget:?} allowed"));
        }
    }
    assert!(exceeded.is_empty(), "{}", exceeded.join("\n"));
    // A budget of something that is not measured any more would guard nothing.
    assert_eq!(operations.len(), budget::BUDGETS.len());
}
