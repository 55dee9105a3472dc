//! The report on members' activity (docs/domain.md, *Reports*).

use std::collections::HashMap;

use super::{AdministrationError, Page};
use crate::enterprise::{AccountPk, MemberPk, Timestamp, activity as rule};
use crate::store::Conn;
use crate::store::activity::{self, Activity};
use crate::store::licences::{self, MemberLine};

/// A member with its last active day, if that is recent enough to be shown, and its number of
/// active days.
pub type Line = (MemberLine, Activity);

/// Returns members after row `after` with their activity, in the order in which they joined.
pub fn list(
    conn: &mut Conn,
    enterprise: AccountPk,
    now: Timestamp,
    after: i64,
    limit: i64,
) -> Result<Page<Line>, AdministrationError> {
    let page =
        Page::of(licences::members(conn, enterprise, after, limit + 1)?, limit, |row| row.pk.0);
    let pks: Vec<MemberPk> = page.items.iter().map(|row| row.pk).collect();
    let known: HashMap<MemberPk, Activity> =
        activity::of_members(conn, &pks, now)?.into_iter().collect();
    let with_activity = |row: MemberLine| {
        let known = known.get(&row.pk).copied().unwrap_or_default();
        (row, Activity { last: rule::shown(known.last, now.day()), ..known })
    };
    Ok(Page { items: page.items.into_iter().map(with_activity).collect(), next: page.next })
}
