//! Who holds a seat.

use schemars::JsonSchema;
use serde::Serialize;

use super::list::List;
use super::members::date;
use super::refusals::ItemRefusal;
use crate::administration::licences::{self, Filter, Licence as Held, Removed};
use crate::administration::listing::{Listing, Position};
use crate::administration::{self, AdministrationError};
use crate::enterprise::source::LicenceSource;
use crate::enterprise::{AccountPk, Role, Timestamp};
use crate::store::Conn;

/// A seat that a member or a pending invitation holds.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Licence {
    /// The id of the member, or of the invitation if `source` is `invitation`.
    pub id: String,
    /// The address of the holder; null for a member without an address.
    pub email: Option<String>,
    /// The member's user name; null for an invitation.
    pub user_name: Option<String>,
    /// The member's name for people to read; null for an invitation, or if there is none.
    pub display_name: Option<String>,
    /// The member's role in the account; null for an invitation.
    pub role: Option<Role>,
    /// Where the holder comes from.
    pub source: LicenceSource,
    /// Since when the seat is held.
    pub since: Timestamp,
    /// The day, in UTC, on which the member was last active; null past 100 days or if it never was.
    #[schemars(extend("format" = "date"))]
    pub last_active: Option<String>,
    /// Whether the member reaches an organization; null for an invitation.
    pub reaches_organizations: Option<bool>,
}

/// Who holds a seat.
#[derive(Debug, JsonSchema, Serialize)]
pub struct Licences {
    /// The page of the list.
    #[serde(flatten)]
    pub list: List<Licence>,
    /// The number of seats in use by members and pending invitations, whatever the filter.
    pub total: i64,
}

impl Licences {
    /// Reads a page of the licences, and the number of seats in use.
    ///
    /// # Errors
    /// Fails if the database fails.
    pub fn read(
        conn: &mut Conn,
        account: AccountPk,
        now: Timestamp,
        filter: &Filter,
        page: (&Position, i64),
    ) -> Result<(Listing<Held>, i64), AdministrationError> {
        let listing = licences::list(conn, account, now, filter, page)?;
        Ok((listing, administration::seats(conn, account, now)?.used()))
    }
}

impl From<Held> for Licence {
    fn from(held: Held) -> Self {
        Self {
            id: held.id,
            email: held.email,
            user_name: held.user_name,
            display_name: held.display_name,
            role: held.role,
            source: held.source,
            since: held.since,
            last_active: held.last_active.map(date),
            reaches_organizations: held.reaches_organizations,
        }
    }
}

/// What became of several licences that were to be removed.
#[derive(Debug, JsonSchema, Serialize)]
pub struct RemovalResults {
    /// The number of licences that were removed, each of which is a free seat.
    pub removed: usize,
    /// One result for each id, in the order in which they were given, without repetitions.
    pub results: Vec<RemovalResult>,
}

/// What became of one licence.
#[derive(Debug, JsonSchema, Serialize)]
pub struct RemovalResult {
    /// The id of the member or invitation, as it was given.
    pub id: String,
    /// Why the licence was not removed; null if it was.
    pub refusal: Option<ItemRefusal>,
}

impl From<Vec<Removed>> for RemovalResults {
    fn from(all: Vec<Removed>) -> Self {
        let result = |one: Removed| RemovalResult {
            id: one.id,
            refusal: one.outcome.err().map(ItemRefusal::from),
        };
        let results: Vec<RemovalResult> = all.into_iter().map(result).collect();
        let removed = results.iter().filter(|one| one.refusal.is_none()).count();
        Self { removed, results }
    }
}
