//! The table that is printed for each database.

use std::fmt::Write as _;
use std::time::Duration;

use crate::database::Kind;
use crate::measure::Row;
use crate::options::Options;
use crate::scenario::Compared;

/// The table of one database, in Markdown.
pub fn table(kind: Kind, options: &Options, rows: &[Row]) -> String {
    let mut text = format!(
        "\n{kind}: median of {} requests over one connection, in microseconds\n\n\
         | request | compared | small | large | large/small | |\n\
         | --- | --- | ---: | ---: | ---: | --- |\n",
        options.samples
    );
    for row in rows {
        let (what, sizes) = match row.compared {
            Compared::Users => ("users", options.users),
            Compared::Members => ("members", options.members),
        };
        let verdict = if row.ratio() > options.bar { "ABOVE THE BAR" } else { "" };
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "| {} | {} and {} {what} | {} | {} | {:.2} | {verdict} |",
            row.name,
            sizes.small,
            sizes.large,
            microseconds(row.small),
            microseconds(row.large),
            row.ratio(),
        );
    }
    let _ = writeln!(text, "\nbar: every ratio at most {}\n", options.bar);
    text
}

/// Whether every ratio is within the bar.
pub fn within(rows: &[Row], bar: f64) -> bool {
    rows.iter().all(|row| row.ratio() <= bar)
}

/// A time in whole microseconds.
fn microseconds(time: Duration) -> u128 {
    time.as_micros()
}
