//! The report of members' activity (DOMAIN.md, *Reports*).

use std::collections::HashMap;

use super::{AdministrationError, Page};
use crate::enterprise::{AccountPk, MemberPk, Timestamp, activity as rule};
use crate::store::Conn;
use crate::store::activity::{self, Activity};
use crate::store::licences::{self, MemberLine};

/// A member, when it was last active as far as that is shown, and on how many days it was.
pub type Line = (MemberLine, Activity);

/// Members after row `after`, in the order in which they joined, with their activity.
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
