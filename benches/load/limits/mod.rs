//! What the machine gives without the product: each limit is measured in the same run as what is
//! compared with it.

pub mod database;
pub mod fixed;
mod rows;
mod tables;

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::load::Load;

/// As much as the database writes of one row.
const APPENDED: [u8; 600] = [b'x'; 600];

/// Appends to a file, each append flushed to the disk before the next.
///
/// # Errors
/// The file's.
pub fn flushes(directory: &Path, within: Duration) -> Outcome<Load> {
    let path = directory.join("flushes");
    let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
    let (started, mut count) = (Instant::now(), 0);
    while started.elapsed() < within {
        file.write_all(&APPENDED)?;
        file.sync_data()?;
        count += 1;
    }
    let load = Load::of_loop(count, started.elapsed());
    std::fs::remove_file(path)?;
    Ok(load)
}
