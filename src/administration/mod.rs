//! The use cases of administrators. Each public function is one use case inside one transaction: it
//! decides with pure functions of `enterprise` and writes through `store`. HTTP and the rules of
//! provisioning are elsewhere.

pub mod accounts;
pub mod activity;
pub mod appointing;
pub mod attention;
pub mod audit;
pub mod collaborator_list;
pub mod collaborators;
pub mod connector;
pub mod domains;
mod error;
pub mod first_steps;
mod invitation_targets;
pub mod invitations;
pub mod invite_control;
pub mod licence_holders;
pub mod licence_selection;
pub mod licences;
pub mod listing;
pub mod member_changes;
mod member_letters;
pub mod member_list;
pub mod member_merging;
pub mod members;
pub mod name_conflicts;
pub mod oauth;
pub mod operator_lists;
pub mod organization_list;
pub mod organizations;
pub mod own_accounts;
pub mod ownership;
pub mod persons;
pub mod plans;
pub mod recovery;
pub mod repetition;
pub mod responsible;
pub mod sealing;
pub mod second_proof;
pub mod sessions;
pub mod sign_in;
pub mod sign_up;
pub mod sso;
pub mod storage;
pub mod synchronisation;
pub mod team_lists;
pub mod team_losses;
pub mod team_members;
pub mod team_preview;
pub mod teams;
pub mod tokens;
pub mod transfers;

pub use error::{AdministrationError, Class, Refusal};

use crate::enterprise::AccountPk;
use crate::store::{Conn, StoreResult, seats as stored};

/// Returns the account's seats: how many there are, and how many are in use.
pub fn seats(
    conn: &mut Conn,
    enterprise: AccountPk,
    now: crate::enterprise::Timestamp,
) -> StoreResult<crate::enterprise::seats::Seats> {
    stored::now(conn, enterprise, now)
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items of this page.
    pub items: Vec<T>,
    /// The key of the last item, from which the next page continues; `None` on the last page.
    pub next: Option<i64>,
}

impl<T> Page<T> {
    /// Makes a page of `limit` items from the result of a query for `limit + 1` rows.
    pub fn of(mut rows: Vec<T>, limit: i64, key: impl Fn(&T) -> i64) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(key);
        Self { items: rows, next }
    }
}
