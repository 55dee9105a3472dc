//! What an administrator may do. Each public function is one use case inside one transaction; it
//! decides with pure functions of `enterprise` and writes through `store`. No HTTP here, and
//! nothing of what an identity provider does.

pub mod accounts;
pub mod activity;
pub mod audit;
pub mod collaborators;
pub mod connector;
pub mod domains;
mod error;
mod invitation_targets;
pub mod invitations;
pub mod invite_control;
pub mod licences;
pub mod members;
pub mod name_conflicts;
pub mod oauth;
pub mod organizations;
pub mod persons;
pub mod plans;
pub mod recovery;
pub mod repetition;
pub mod sealing;
pub mod sessions;
pub mod sign_in;
pub mod sign_up;
pub mod sso;
pub mod storage;
pub mod synchronisation;
pub mod team_members;
pub mod team_preview;
pub mod teams;
pub mod tokens;
pub mod transfers;

pub use error::{AdministrationError, Class, Refusal};

use crate::enterprise::AccountPk;
use crate::store::{Conn, StoreResult, seats as stored};

/// The seats of an account at this time.
pub fn seats(
    conn: &mut Conn,
    enterprise: AccountPk,
    now: crate::enterprise::Timestamp,
) -> StoreResult<crate::enterprise::seats::Seats> {
    stored::now(conn, enterprise, now)
}

/// A page of a list: the items, and the row after which the next page begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// The last row, if there are more.
    pub next: Option<i64>,
}

impl<T> Page<T> {
    /// Makes a page out of rows of which one more was asked for than fits.
    pub fn of(mut rows: Vec<T>, limit: i64, key: impl Fn(&T) -> i64) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(key);
        Self { items: rows, next }
    }
}
