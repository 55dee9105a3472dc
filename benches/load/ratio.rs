//! What the figures are held to: ratios to what the same machine gave in the same run.

use crate::contest::{Contender, Figure, Kind, median};

/// A quotient, and what it must be.
#[derive(Clone)]
pub struct Ratio {
    pub what: String,
    pub value: f64,
    pub bar: Bar,
}

/// What a quotient must be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bar {
    AtLeast(f64),
    AtMost(f64),
    /// It is shown and judged by nobody.
    Shown,
}

impl Ratio {
    /// Whether it is what it must be.
    pub fn passes(&self) -> bool {
        match self.bar {
            Bar::AtLeast(bar) => self.value >= bar,
            Bar::AtMost(bar) => self.value <= bar,
            Bar::Shown => true,
        }
    }
}

/// One side of a quotient: what, and over how many connections.
type Term = (Kind, usize);

/// The quotients of requests a second: what is divided, by what, and what must come of it.
const QUOTIENTS: [(&str, Term, Term, Bar); 9] = [
    ("get / fixed JSON", (Kind::Scenario("get"), 8), (Kind::FixedJson, 8), Bar::AtLeast(0.5)),
    (
        "lookup by userName / get",
        (Kind::Scenario("lookup by userName"), 8),
        (Kind::Scenario("get"), 8),
        Bar::AtLeast(0.8),
    ),
    (
        "lookup by externalId / get",
        (Kind::Scenario("lookup by externalId"), 8),
        (Kind::Scenario("get"), 8),
        Bar::AtLeast(0.8),
    ),
    (
        "lookup by e-mail / get",
        (Kind::Scenario("lookup by e-mail"), 8),
        (Kind::Scenario("get"), 8),
        Bar::AtLeast(0.8),
    ),
    (
        "create over 32 connections / bare rows, 32 users to a commit",
        (Kind::Create, 32),
        (Kind::Rows(32), 1),
        Bar::AtLeast(0.5),
    ),
    (
        "create over 32 connections / bare rows, one user to a commit",
        (Kind::Create, 32),
        (Kind::Rows(1), 1),
        Bar::Shown,
    ),
    (
        "users a second by Bulk of 1,000 / one by one, one connection",
        (Kind::Bulk, 1),
        (Kind::Create, 1),
        Bar::AtLeast(5.0),
    ),
    (
        "member add / PATCH of title",
        (Kind::Scenario("member add"), 8),
        (Kind::Scenario("PATCH of title"), 8),
        Bar::AtLeast(0.8),
    ),
    (
        "member remove / PATCH of title",
        (Kind::Scenario("member remove"), 8),
        (Kind::Scenario("PATCH of title"), 8),
        Bar::Shown,
    ),
];

/// Whether a quotient is made of it.
pub fn needs(contender: &Contender) -> bool {
    let same =
        |(kind, connections): Term| contender.kind == kind && contender.connections == connections;
    QUOTIENTS.iter().any(|(_, dividend, divisor, _)| same(*dividend) || same(*divisor))
}

/// How much longer than the middle request one of a hundred may take.
const TAIL: f64 = 10.0;

/// All quotients that these figures give.
pub fn of(figures: &[Figure]) -> Vec<Ratio> {
    let quotients = QUOTIENTS.iter().filter_map(|(what, dividend, divisor, bar)| {
        let (dividend, divisor) = (find(figures, *dividend)?, find(figures, *divisor)?);
        let rounds = dividend.loads.iter().zip(&divisor.loads);
        let value = median(rounds.map(|(one, other)| one.rate() / other.rate()).collect());
        Some(Ratio { what: (*what).to_owned(), value, bar: *bar })
    });
    quotients.chain(tail(figures)).collect()
}

/// The worst of p99 / p50 among the scenarios over 8 connections.
fn tail(figures: &[Figure]) -> Option<Ratio> {
    let over_eight = figures.iter().filter(|figure| {
        let Contender { kind, connections } = figure.contender;
        connections == 8 && matches!(kind, Kind::Scenario(_) | Kind::Create)
    });
    let each = over_eight.map(|figure| {
        let ratio = |load: &crate::load::Load| {
            f64::from(load.quantile(990)) / f64::from(load.quantile(500).max(1))
        };
        (figure.median(ratio), figure.contender.kind)
    });
    let (value, kind) = each.max_by(|one, other| one.0.total_cmp(&other.0))?;
    let what = format!("p99 / p50, the worst ({})", kind.name());
    Some(Ratio { what, value, bar: Bar::AtMost(TAIL) })
}

fn find(figures: &[Figure], (kind, connections): Term) -> Option<&Figure> {
    let same = |figure: &&Figure| {
        figure.contender.kind == kind && figure.contender.connections == connections
    };
    figures.iter().find(same)
}
