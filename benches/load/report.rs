//! The tables, in Markdown.

use std::fmt::Write as _;
use std::time::Duration;

use crate::contest::{Figure, Kind};
use crate::growth::Row;
use crate::load::Load;
use crate::options::Options;
use crate::ratio::{Bar, Ratio};
use crate::restart::Restart;
use crate::run::Results;
use crate::tenants::Tenants;

/// What is written of a figure that misses its bar.
const MISSED: &str = "**missed**";

/// Everything that was measured on one database.
pub fn of(results: &Results, options: &Options) -> String {
    let mut text = format!("\n## {}\n", results.kind);
    growth(&mut text, &results.growth, options);
    for contest in &results.contests {
        under_load(&mut text, &contest.title, &contest.figures, options);
    }
    text.push_str(&results.neighbours.table());
    if let Some(restart) = &results.restart {
        restarted(&mut text, restart);
    }
    if let Some(sync) = &results.sync {
        let tenant = sync.tenant;
        line(
            &mut text,
            &format!(
                "\nInitial sync of {} users and {} groups of {}: {} requests in {:.1} s.",
                tenant.users,
                tenant.groups,
                tenant.members,
                sync.requests,
                sync.elapsed.as_secs_f64()
            ),
        );
    }
    if let Some(tenants) = &results.tenants {
        at_once(&mut text, tenants);
    }
    line(&mut text, "\n| ratio | is | must be | |\n| --- | ---: | ---: | --- |");
    for (title, ratio) in ratios(results) {
        judged(&mut text, title, ratio);
    }
    text
}

/// Whether everything is within its bar.
pub fn passes(results: &Results) -> bool {
    results.growth.iter().all(Row::passes)
        && ratios(results).iter().all(|(_, ratio)| ratio.passes())
}

/// All that bars are set for but growth, each with what it was measured on.
fn ratios(results: &Results) -> Vec<(&str, Ratio)> {
    let mut all = Vec::new();
    for contest in &results.contests {
        all.extend(contest.ratios.iter().map(|ratio| (contest.title.as_str(), ratio.clone())));
    }
    all.extend(results.neighbours.ratios().into_iter().map(|ratio| ("", ratio)));
    all.extend(results.restart.iter().flat_map(Restart::ratios).map(|ratio| ("", ratio)));
    all.extend(results.sync.iter().flat_map(|sync| sync.ratios()).map(|ratio| ("", ratio)));
    all.extend(results.tenants.iter().map(|tenants| ("", tenants.ratio())));
    all
}

fn line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

fn growth(text: &mut String, rows: &[Row], options: &Options) {
    line(
        text,
        &format!(
            "\nSingle requests over one connection: median of {} in microseconds, on each size.\n\n\
             | request | sizes | medians | growth | at most | |\n\
             | --- | --- | ---: | ---: | ---: | --- |",
            options.samples
        ),
    );
    for row in rows {
        let sizes = joined(row.sizes.iter(), usize::to_string);
        let medians = joined(row.medians.iter(), |time: &Duration| time.as_micros().to_string());
        let bar = row.bar.map_or("–".to_owned(), |bar| format!("{bar}"));
        let what = row.scenario.compared.word();
        let verdict = if row.passes() { "" } else { MISSED };
        let (name, ratio) = (row.scenario.name, row.ratio());
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "| {name} | {sizes} {what} | {medians} | {ratio:.2} | {bar} | {verdict} |"
        );
    }
}

fn joined<T>(values: impl Iterator<Item = T>, text: impl Fn(T) -> String) -> String {
    values.map(text).collect::<Vec<_>>().join(" / ")
}

fn under_load(text: &mut String, title: &str, figures: &[Figure], options: &Options) {
    line(
        text,
        &format!(
            "\nUnder load with {title}: medians of {} rounds of {:.1} s; times in microseconds, \
             processor time of the server's process in milliseconds for each request or user.\n\n\
             | | connections | a second | p50 | p99 | processor | resident MiB |\n\
             | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
            options.rounds,
            options.within.as_secs_f64()
        ),
    );
    for figure in figures {
        let (kind, connections) = (figure.contender.kind, figure.contender.connections);
        let bare = matches!(kind, Kind::Rows(_) | Kind::Select | Kind::Flushes);
        let quantile = |per_thousand| match bare {
            true => "–".to_owned(),
            false => {
                let median = figure.median(|load| f64::from(load.quantile(per_thousand)));
                format!("{median:.0}")
            }
        };
        let cpu = match figure.loads.iter().all(|load| load.cpu_each().is_some()) {
            true => format!("{:.3}", figure.median(|load| load.cpu_each().unwrap_or_default())),
            false => "–".to_owned(),
        };
        let resident = match kind {
            Kind::FixedJson => "–".to_owned(),
            _ if bare => "–".to_owned(),
            _ => optional(figure.resident),
        };
        let _ = writeln!(
            text,
            "| {} | {connections} | {:.0} | {} | {} | {cpu} | {resident} |",
            kind.name(),
            figure.median(Load::rate),
            quantile(500),
            quantile(990),
        );
    }
}

fn optional(value: Option<f64>) -> String {
    value.map_or("–".to_owned(), |value| format!("{value:.1}"))
}

fn restarted(text: &mut String, restart: &Restart) {
    let Restart { users, members, ready_after, idle, peak, load } = restart;
    let _ = writeln!(
        text,
        "\nStarted again with {users} users: ready after {:.0} ms, {} MiB resident when idle, {} \
         MiB at most while 8 connections got {} answers, among them groups of {members}, at {:.0} \
         a second.",
        ready_after.as_secs_f64() * 1_000.0,
        optional(*idle),
        optional(*peak),
        load.requests(),
        load.rate(),
    );
}

fn at_once(text: &mut String, tenants: &Tenants) {
    let together = joined(tenants.together.iter(), |p99: &f64| format!("{p99:.1}"));
    let _ = writeln!(
        text,
        "\n{} tenants in their initial sync at {:.0} requests a second each: p99 of one alone {:.1} \
         ms, of all at once {together} ms.",
        tenants.together.len(),
        tenants.rate,
        tenants.alone,
    );
}

fn judged(text: &mut String, title: &str, ratio: Ratio) {
    let bar = match ratio.bar {
        Bar::AtLeast(bar) => format!("≥ {bar}"),
        Bar::AtMost(bar) => format!("≤ {bar}"),
        Bar::Shown => "–".to_owned(),
    };
    let verdict = if ratio.passes() { "" } else { MISSED };
    let what =
        if title.is_empty() { ratio.what.clone() } else { format!("{}, {title}", ratio.what) };
    let _ = writeln!(text, "| {what} | {:.2} | {bar} | {verdict} |", ratio.value);
}
