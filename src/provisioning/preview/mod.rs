//! What a list of the identity provider's users would do, before it does it; and at any time, who is
//! there and not on the list, and who differs. Nothing is written. A user of the list is judged by the
//! same functions as a request that creates one.

mod listing;
mod teams;
mod users;

use std::collections::{HashMap, HashSet};

use schemars::JsonSchema;
use serde::Serialize;

pub use listing::{Columns, Listed, MOST};
pub use users::Judged;

use crate::enterprise::reconciliation::{ListedOutcome, ListedTeamOutcome};
use crate::enterprise::seats::Seats;
use crate::enterprise::{AccountPk, MemberPk, Timestamp};
use crate::store::{Conn, StoreResult, seats};

/// The number of users that one query's turn looks at.
const SECTION: usize = 200;

/// Why a list cannot be previewed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PreviewError {
    /// The text is no table.
    #[error("list: it cannot be read as comma-separated values: {0}.")]
    Unreadable(String),
    /// No column has names.
    #[error(
        "list: no column holds user names or addresses. The first line must name the columns, such as \
         Username and Email; it has: {0}."
    )]
    NoNames(String),
    /// A column that was named is not there.
    #[error("columns: the list has no column \"{0}\".")]
    NoColumn(String),
    /// The list has no users.
    #[error("list: there is no user on it.")]
    Empty,
    /// The list is too long.
    #[error("list: at most {MOST} users at once. Preview the list in parts.")]
    TooMany,
}

/// A user on the list, or a member who is not on it.
#[derive(Clone, Debug, JsonSchema, PartialEq, Eq, Serialize)]
pub struct PreviewedUser {
    /// The line of the list, counted from 1; null for a member who is not on it.
    pub line: Option<usize>,
    /// The user name.
    pub user_name: String,
    /// What would happen, or what is known.
    pub outcome: ListedOutcome,
    /// The same in a sentence, with what to do if something is wrong.
    pub text: String,
    /// The id of the member that it is about; null if there is none.
    pub member_id: Option<String>,
}

/// A group on the list.
#[derive(Clone, Debug, JsonSchema, PartialEq, Eq, Serialize)]
pub struct PreviewedTeam {
    /// The name of the group.
    pub name: String,
    /// What would happen.
    pub outcome: ListedTeamOutcome,
    /// The number of users on the list who are in the group.
    pub member_count: usize,
    /// What would happen, in a sentence.
    pub text: String,
}

/// How often something would happen.
#[derive(Clone, Copy, Debug, JsonSchema, PartialEq, Eq, Serialize)]
pub struct OutcomeCount {
    /// What would happen.
    pub outcome: ListedOutcome,
    /// To how many users.
    pub count: usize,
}

/// What the list would do.
#[derive(Clone, Debug, JsonSchema, PartialEq, Eq, Serialize)]
#[schemars(rename = "ListPreview")]
pub struct Preview {
    /// The number of users on the list.
    pub user_count: usize,
    /// How often each thing would happen; what would not is left out.
    pub outcomes: Vec<OutcomeCount>,
    /// The number of seats that the account has.
    pub seats_total: i64,
    /// The number of seats that are used now.
    pub seats_used: i64,
    /// The number of seats that would be used.
    pub seats_needed: i64,
    /// Everybody to whom something would happen, or who is not on the list.
    pub users: Vec<PreviewedUser>,
    /// The groups on the list.
    pub teams: Vec<PreviewedTeam>,
}

/// A preview under way: the list is looked at in sections, so that other readers get their turn.
#[derive(Clone, Debug)]
pub struct Previewing {
    listed: Vec<Listed>,
    /// The next user of the list.
    next: usize,
    /// The line at which a user name stood first, by its key.
    lines: HashMap<String, usize>,
    /// The members that are on the list.
    met: HashSet<MemberPk>,
    users: Vec<PreviewedUser>,
    unchanged: usize,
    more_seats: i64,
    /// The member after whom those who are not on the list are looked for.
    after: i64,
    teams: Option<Vec<PreviewedTeam>>,
    seats: Option<Seats>,
}

/// What one turn has found out.
pub enum Turn {
    /// About a section of the list.
    Users(Vec<Judged>),
    /// About members who are not on the list; the member to go on after, or `None` at the end.
    Missing(Vec<PreviewedUser>, Option<i64>),
    /// About the groups, and the account's seats.
    Rest(Vec<PreviewedTeam>, Seats),
}

impl Previewing {
    /// Begins with a list.
    ///
    /// # Errors
    /// Fails if it cannot be read.
    pub fn of(list: &str, columns: &Columns) -> Result<Self, PreviewError> {
        Ok(Self {
            listed: listing::read(list, columns)?,
            next: 0,
            lines: HashMap::new(),
            met: HashSet::new(),
            users: Vec::new(),
            unchanged: 0,
            more_seats: 0,
            after: 0,
            teams: None,
            seats: None,
        })
    }

    /// Returns whether everything is found out.
    pub const fn is_done(&self) -> bool {
        self.seats.is_some()
    }

    /// Finds out what is next.
    ///
    /// # Errors
    /// Fails if the database does.
    pub fn look(
        &self,
        conn: &mut Conn,
        enterprise: AccountPk,
        now: Timestamp,
    ) -> StoreResult<Turn> {
        if self.next < self.listed.len() {
            let end = self.listed.len().min(self.next + SECTION);
            let section = self.listed.get(self.next..end).unwrap_or_default();
            return users::judge(conn, enterprise, section).map(Turn::Users);
        }
        if self.after >= 0 {
            let (missing, next) = users::missing(conn, enterprise, self.after, &self.met)?;
            return Ok(Turn::Missing(missing, next));
        }
        let teams = teams::judge(conn, enterprise, &self.listed)?;
        Ok(Turn::Rest(teams, seats::now(conn, enterprise, now)?))
    }

    /// Takes what was found out.
    pub fn take(&mut self, turn: Turn) {
        match turn {
            Turn::Users(judged) => judged.into_iter().for_each(|one| self.take_user(one)),
            Turn::Missing(missing, next) => {
                self.users.extend(missing);
                self.after = next.unwrap_or(-1);
            }
            Turn::Rest(teams, seats) => {
                self.teams = Some(teams);
                self.seats = Some(seats);
            }
        }
    }

    fn take_user(&mut self, judged: Judged) {
        let (line, key) = (judged.line, judged.key.clone());
        self.next += 1;
        if let Some(first) = self.lines.get(&key) {
            self.users.push(judged.duplicate_of(*first));
            return;
        }
        self.lines.insert(key, line);
        self.met.extend(judged.member);
        self.more_seats += judged.more_seats;
        if judged.user.outcome == ListedOutcome::Unchanged {
            self.unchanged += 1;
        } else {
            self.users.push(judged.user);
        }
    }

    /// Returns what was found out.
    pub fn report(self) -> Preview {
        let seats = self.seats.unwrap_or(Seats { total: 0, members: 0, invitations: 0 });
        let count = |outcome: ListedOutcome| OutcomeCount {
            outcome,
            count: match outcome {
                ListedOutcome::Unchanged => self.unchanged,
                _ => self.users.iter().filter(|user| user.outcome == outcome).count(),
            },
        };
        let outcomes = ListedOutcome::ALL.iter().map(|outcome| count(*outcome));
        Preview {
            user_count: self.listed.len(),
            outcomes: outcomes.filter(|one| one.count > 0).collect(),
            seats_total: seats.total,
            seats_used: seats.used(),
            seats_needed: seats.used() + self.more_seats,
            users: self.users,
            teams: self.teams.unwrap_or_default(),
        }
    }
}
