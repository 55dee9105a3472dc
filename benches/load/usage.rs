//! What a process has used, by the kernel's account; nothing where there is no `/proc`.

use std::fs;

/// The kernel counts processor time in hundredths of a second on every Linux.
const MILLISECONDS_PER_TICK: f64 = 10.0;

/// Processor time of a process so far, all its threads, in milliseconds.
pub fn cpu_milliseconds(process: u32) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name in parentheses may hold blanks; the 12th and 13th field after it are counted.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<u64>().ok();
    Some((ticks(11)? + ticks(12)?) as f64 * MILLISECONDS_PER_TICK)
}

/// Resident memory of a process now, in MiB.
pub fn resident(process: u32) -> Option<f64> {
    status(process, "VmRSS:")
}

/// The most that a process has ever had resident, in MiB.
pub fn peak_resident(process: u32) -> Option<f64> {
    status(process, "VmHWM:")
}

fn status(process: u32, field: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let value = status.lines().find_map(|line| line.strip_prefix(field))?;
    Some(value.trim().trim_end_matches("kB").trim().parse::<f64>().ok()? / 1024.0)
}
