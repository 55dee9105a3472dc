//! Look-ups of members by everything that an identity provider searches by, and walks through all.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::members::MemberRow;
use super::tables::{member_emails, members, team_members};
use super::{milestones, search};
use crate::enterprise::{AccountPk, MemberPk};

/// A condition by which members are looked up.
#[derive(Clone, Debug, PartialEq)]
pub enum MemberLookup {
    /// All members of the account.
    All,
    /// SCIM `id`.
    Id(String),
    /// The folded `userName`.
    UserName(String),
    /// A prefix of the folded `userName`.
    UserNamePrefix(String),
    /// `externalId`.
    ExternalId(String),
    /// A folded address.
    Email(String),
    /// The folded `displayName`.
    DisplayName(String),
    /// Members of the team with this id.
    Team(String),
}

/// Runs the body with `$query` bound to the look-up's query on `members`, boxed for the backend.
macro_rules! select {
    ($conn:expr, $enterprise:expr, $lookup:expr, |$connection:ident, $query:ident| $body:expr) => {
        on!($conn, $connection => {
            let $query = members::table.filter(members::enterprise_pk.eq($enterprise)).into_boxed();
            let $query = match $lookup {
                MemberLookup::All => $query,
                MemberLookup::Id(id) => $query.filter(members::id.eq(id)),
                MemberLookup::UserName(key) => $query.filter(members::user_name_key.eq(key)),
                MemberLookup::UserNamePrefix(prefix) => {
                    let $query = $query.filter(members::user_name_key.ge(prefix));
                    match search::successor(prefix) {
                        Some(end) => $query.filter(members::user_name_key.lt(end)),
                        None => $query,
                    }
                }
                MemberLookup::ExternalId(value) => $query.filter(members::external_id.eq(value)),
                MemberLookup::DisplayName(key) => $query.filter(members::display_name_key.eq(key)),
                MemberLookup::Email(key) => $query.filter(members::pk.eq_any(
                    member_emails::table
                        .filter(member_emails::enterprise_pk.eq($enterprise))
                        .filter(member_emails::email_key.eq(key))
                        .filter(member_emails::is_email.eq(true))
                        .select(member_emails::member_pk),
                )),
                MemberLookup::Team(id) => $query.filter(members::pk.eq_any(
                    team_members::table
                        .inner_join(super::tables::teams::table)
                        .filter(super::tables::teams::enterprise_pk.eq($enterprise))
                        .filter(super::tables::teams::scim_id.eq(id))
                        .filter(super::tables::teams::released.eq(false))
                        .select(team_members::member_pk),
                )),
            };
            $body
        })
    };
}

/// Returns matching members after row `after`, in directory order (the order of creation).
pub fn find(
    conn: &mut Conn,
    enterprise: AccountPk,
    lookup: &MemberLookup,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<MemberRow>> {
    Ok(select!(conn, enterprise, lookup, |connection, query| query
        .filter(members::pk.gt(after))
        .order(members::pk)
        .limit(limit)
        .select(MemberRow::as_select())
        .load(connection))?)
}

/// Returns matching members from position `offset` on, in directory order.
pub fn page(
    conn: &mut Conn,
    enterprise: AccountPk,
    lookup: &MemberLookup,
    offset: i64,
    limit: i64,
) -> StoreResult<Vec<MemberRow>> {
    let (from, offset) = match lookup {
        MemberLookup::All => milestones::nearest(conn, enterprise, offset)?,
        _ => (0, offset),
    };
    Ok(select!(conn, enterprise, lookup, |connection, query| query
        .filter(members::pk.ge(from))
        .order(members::pk)
        .offset(offset)
        .limit(limit)
        .select(MemberRow::as_select())
        .load(connection))?)
}

/// Counts the matching members.
pub fn count(conn: &mut Conn, enterprise: AccountPk, lookup: &MemberLookup) -> StoreResult<i64> {
    Ok(select!(conn, enterprise, lookup, |connection, query| query.count().get_result(connection))?)
}

/// Visits the addresses of the account's active members, in the order of their rows.
pub fn visit_active_addresses(
    conn: &mut Conn,
    enterprise: AccountPk,
    mut visit: impl FnMut(&str),
) -> StoreResult<()> {
    const AT_ONCE: i64 = 1000;
    let mut after = MemberPk(0);
    loop {
        let page: Vec<(MemberPk, Option<String>)> = on!(conn, connection => members::table
            .filter(members::enterprise_pk.eq(enterprise))
            .filter(members::pk.gt(after))
            .filter(members::active.eq(true))
            .order(members::pk)
            .limit(AT_ONCE)
            .select((members::pk, members::email))
            .load(connection))?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = *last;
        page.iter().filter_map(|(_, email)| email.as_deref()).for_each(&mut visit);
    }
}
