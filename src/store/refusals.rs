//! Provisioning requests that were refused, counted per day, for the SCIM page.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::provisioning_refusals;
use crate::enterprise::seats::RefusalKind;
use crate::enterprise::{AccountPk, Timestamp};

/// Refusals of one kind on one day.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = provisioning_refusals)]
pub struct RefusalRow {
    /// The kind of refusal.
    pub kind: RefusalKind,
    /// The number of refusals on that day.
    pub occurrences: i64,
    /// When the last one occurred.
    pub last_at: Timestamp,
    /// Whom the last one concerned.
    pub last_subject: String,
    /// The error detail that the identity provider received.
    pub last_detail: String,
}

/// Counts a refusal for lack of seats. Returns `true` if it is the first of the day.
pub fn count_no_free_seat(
    conn: &mut Conn,
    enterprise: AccountPk,
    subject: &str,
    detail: &str,
    now: Timestamp,
) -> StoreResult<bool> {
    let occurrences: i64 = on!(conn, connection => diesel::insert_into(provisioning_refusals::table)
        .values((
            provisioning_refusals::enterprise_pk.eq(enterprise),
            provisioning_refusals::kind.eq(RefusalKind::NoFreeSeat),
            provisioning_refusals::day.eq(now.day()),
            provisioning_refusals::occurrences.eq(1_i64),
            provisioning_refusals::last_at.eq(now),
            provisioning_refusals::last_subject.eq(subject),
            provisioning_refusals::last_detail.eq(detail),
        ))
        .on_conflict((
            provisioning_refusals::enterprise_pk,
            provisioning_refusals::kind,
            provisioning_refusals::day,
        ))
        .do_update()
        .set((
            provisioning_refusals::occurrences.eq(provisioning_refusals::occurrences + 1_i64),
            provisioning_refusals::last_at.eq(now),
            provisioning_refusals::last_subject.eq(subject),
            provisioning_refusals::last_detail.eq(detail),
        ))
        .returning(provisioning_refusals::occurrences)
        .get_result(connection))?;
    Ok(occurrences == 1)
}

/// Returns the account's refusals, newest day first.
pub fn of_enterprise(
    conn: &mut Conn,
    enterprise: AccountPk,
    limit: i64,
) -> StoreResult<Vec<RefusalRow>> {
    Ok(on!(conn, connection => provisioning_refusals::table
        .filter(provisioning_refusals::enterprise_pk.eq(enterprise))
        .order((provisioning_refusals::day.desc(), provisioning_refusals::kind))
        .limit(limit)
        .select(RefusalRow::as_select())
        .load(connection))?)
}
