//! What lists of members need: members of a kind by index, and what is shown beside each.

use std::collections::{HashMap, HashSet};

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::members::MemberRow;
use super::tables::{captured_members, members, team_members, teams};
use crate::enterprise::{AccountPk, MemberPk, MemberSource, Role, Timestamp};

/// Which members are wanted; fields that are `None` do not filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MemberKind {
    /// Members with this role in the account.
    pub role: Option<Role>,
    /// Members from this source.
    pub source: Option<MemberSource>,
    /// Members that are active, or that are not.
    pub active: Option<bool>,
}

impl MemberKind {
    /// Returns `true` if every member is wanted.
    pub fn is_any(&self) -> bool {
        *self == Self::default()
    }

    /// Returns `true` if this member is wanted.
    pub fn has(&self, row: &MemberRow) -> bool {
        self.role.is_none_or(|role| role == row.role)
            && self.source.is_none_or(|source| source == row.source)
            && self.active.is_none_or(|active| active == row.active)
    }
}

/// Returns members of a kind after row `after`, in directory order. Each combination of role, source
/// and state is a range of one index.
pub fn of_kind(
    conn: &mut Conn,
    enterprise: AccountPk,
    kind: &MemberKind,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<MemberPk>> {
    let mut found: Vec<MemberPk> = Vec::new();
    for role in Role::ALL.iter().filter(|one| kind.role.is_none_or(|role| role == **one)) {
        for source in
            MemberSource::ALL.iter().filter(|one| kind.source.is_none_or(|it| it == **one))
        {
            for active in
                [true, false].into_iter().filter(|one| kind.active.is_none_or(|it| it == *one))
            {
                found.extend(on!(conn, connection => members::table
                    .filter(members::enterprise_pk.eq(enterprise))
                    .filter(members::role.eq(*role))
                    .filter(members::source.eq(*source))
                    .filter(members::active.eq(active))
                    .filter(members::pk.gt(after))
                    .order(members::pk)
                    .limit(limit)
                    .select(members::pk)
                    .load::<MemberPk>(connection))?);
            }
        }
    }
    found.sort_unstable();
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// Returns those of these members that belong to the account, in directory order.
pub fn by_ids(
    conn: &mut Conn,
    enterprise: AccountPk,
    ids: &[String],
) -> StoreResult<Vec<MemberRow>> {
    let ids: Vec<&String> = ids.iter().filter(|id| storable(id)).collect();
    Ok(on!(conn, connection => members::table
        .filter(members::id.eq_any(&ids))
        .filter(members::enterprise_pk.eq(enterprise))
        .order(members::pk)
        .select(MemberRow::as_select())
        .load(connection))?)
}

/// The teams of a member: how many, and id and name of the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TeamsOf {
    /// The number of teams.
    pub count: i64,
    /// Id and name of the first teams.
    pub first: Vec<(String, String)>,
}

/// The maximum number of teams that are named for a member.
pub const NAMED_TEAMS: i64 = 10;

/// Returns the teams of each of these members; members without any are missing.
pub fn teams_of(conn: &mut Conn, pks: &[MemberPk]) -> StoreResult<HashMap<MemberPk, TeamsOf>> {
    let counts: Vec<(MemberPk, i64)> = on!(conn, connection => team_members::table
        .filter(team_members::member_pk.eq_any(pks))
        .group_by(team_members::member_pk)
        .select((team_members::member_pk, count_star()))
        .load(connection))?;
    let (few, many): (Vec<_>, Vec<_>) =
        counts.iter().copied().partition(|(_, count)| *count <= NAMED_TEAMS);
    let few: Vec<MemberPk> = few.into_iter().map(|(pk, _)| pk).collect();
    let mut named = names(conn, &few, i64::MAX)?;
    for (pk, _) in many {
        named.extend(names(conn, &[pk], NAMED_TEAMS)?);
    }
    let mut teams: HashMap<MemberPk, TeamsOf> =
        counts.into_iter().map(|(pk, count)| (pk, TeamsOf { count, first: Vec::new() })).collect();
    for (pk, id, name) in named {
        if let Some(own) = teams.get_mut(&pk) {
            own.first.push((id, name));
        }
    }
    Ok(teams)
}

fn names(
    conn: &mut Conn,
    pks: &[MemberPk],
    limit: i64,
) -> StoreResult<Vec<(MemberPk, String, String)>> {
    Ok(on!(conn, connection => team_members::table
        .inner_join(teams::table)
        .filter(team_members::member_pk.eq_any(pks))
        .order((team_members::member_pk, team_members::team_pk))
        .limit(limit)
        .select((team_members::member_pk, teams::id, teams::name))
        .load(connection))?)
}

/// Records that a domain of the account has captured a new member.
pub fn note_captured(conn: &mut Conn, row: &MemberRow, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(captured_members::table)
        .values((
            captured_members::member_pk.eq(row.pk),
            captured_members::enterprise_pk.eq(row.enterprise_pk),
            captured_members::captured_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(connection))?;
    Ok(())
}

/// Returns those of these members whom a domain of the account has captured.
pub fn captured_among(conn: &mut Conn, pks: &[MemberPk]) -> StoreResult<HashSet<MemberPk>> {
    let found: Vec<MemberPk> = on!(conn, connection => captured_members::table
        .filter(captured_members::member_pk.eq_any(pks))
        .select(captured_members::member_pk)
        .load(connection))?;
    Ok(found.into_iter().collect())
}

/// Returns members whom a domain of the account has captured, after row `after`, in directory order.
pub fn captured(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<MemberPk>> {
    Ok(on!(conn, connection => captured_members::table
        .filter(captured_members::enterprise_pk.eq(enterprise))
        .filter(captured_members::member_pk.gt(after))
        .order(captured_members::member_pk)
        .limit(limit)
        .select(captured_members::member_pk)
        .load(connection))?)
}
