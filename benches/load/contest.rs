//! Everything that is measured under load, one after the other, in several short rounds: what is
//! compared is measured within seconds of each other, and the middle of the rounds counts.

use crate::Outcome;
use crate::load::Load;
use crate::stage::Stage;
use crate::usage;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The requests of the scenario with this name.
    Scenario(&'static str),
    /// Users one by one.
    Create,
    /// Users by the thousand.
    Bulk,
    /// A server that answers fixed JSON.
    FixedJson,
    /// The rows of new users in a bare loop, so many to a commit.
    Rows(usize),
    /// Rows read in a bare loop.
    Select,
    /// Appends to a file, each flushed.
    Flushes,
}

impl Kind {
    /// What the tables call it.
    pub fn name(self) -> String {
        match self {
            Self::Scenario(name) => name.to_owned(),
            Self::Create => "create".to_owned(),
            Self::Bulk => "Bulk of 1,000 creates: users".to_owned(),
            Self::FixedJson => "*limit:* fixed JSON of 600 bytes, actix-web".to_owned(),
            Self::Rows(1) => "*limit:* bare rows of a user, one user to a commit".to_owned(),
            Self::Rows(count) => format!("*limit:* bare rows of a user, {count} users to a commit"),
            Self::Select => "*limit:* bare select of a member".to_owned(),
            Self::Flushes => "*limit:* appends to a file, each flushed".to_owned(),
        }
    }
}

/// What is measured, over so many connections.
#[derive(Clone, Copy, Debug)]
pub struct Contender {
    pub kind: Kind,
    pub connections: usize,
}

const fn with(kind: Kind, connections: usize) -> Contender {
    Contender { kind, connections }
}

/// Among users. What is compared stands together.
pub const USERS: [Contender; 21] = [
    with(Kind::FixedJson, 8),
    with(Kind::Scenario("get"), 8),
    with(Kind::Scenario("lookup by userName"), 8),
    with(Kind::Scenario("lookup by externalId"), 8),
    with(Kind::Scenario("lookup by e-mail"), 8),
    with(Kind::Scenario("lookup by displayName"), 8),
    with(Kind::Scenario("lookup miss"), 8),
    with(Kind::Scenario("groups of a member"), 8),
    with(Kind::Scenario("first page"), 8),
    with(Kind::Scenario("cursor page"), 8),
    with(Kind::Scenario("last page by startIndex"), 8),
    with(Kind::Scenario("PATCH of active"), 8),
    with(Kind::Scenario("PATCH of title"), 8),
    with(Kind::Rows(32), 1),
    with(Kind::Create, 32),
    with(Kind::Create, 8),
    with(Kind::Create, 1),
    with(Kind::Bulk, 1),
    with(Kind::Rows(1), 1),
    with(Kind::Select, 1),
    with(Kind::Flushes, 1),
];

/// Among the members of a group.
pub const MEMBERS: [Contender; 5] = [
    with(Kind::Scenario("PATCH of title"), 8),
    with(Kind::Scenario("member add"), 8),
    with(Kind::Scenario("member remove"), 8),
    with(Kind::Scenario("get of the group without members"), 8),
    with(Kind::Scenario("get of the group"), 8),
];

/// What came of one contender.
pub struct Figure {
    pub contender: Contender,
    /// One for each round.
    pub loads: Vec<Load>,
    /// Resident memory of the server afterwards, in MiB.
    pub resident: Option<f64>,
}

impl Figure {
    /// The middle of what the rounds say.
    pub fn median(&self, of: impl Fn(&Load) -> f64) -> f64 {
        median(self.loads.iter().map(of).collect())
    }
}

/// Runs so many rounds of all of them.
///
/// # Errors
/// When an answer is wrong.
pub async fn run(
    stage: &mut Stage<'_>,
    contenders: &[Contender],
    rounds: usize,
) -> Outcome<Vec<Figure>> {
    let figure = |contender: &Contender| Figure {
        contender: *contender,
        loads: Vec::with_capacity(rounds),
        resident: None,
    };
    let mut figures: Vec<Figure> = contenders.iter().map(figure).collect();
    for round in 0..rounds {
        eprintln!("  round {} of {rounds}", round + 1);
        for figure in &mut figures {
            figure.loads.push(stage.run(figure.contender).await?);
            figure.resident = usage::resident(stage.side.process);
        }
    }
    Ok(figures)
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
