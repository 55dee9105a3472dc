//! Claims, which say which person a member is, and the members that a person can claim
//! (docs/domain.md §0).
//!
//! A claim is written in a transaction of the member's account, so that it cannot race with a
//! change of the member's addresses.

use diesel::prelude::*;
use serde_json::json;

use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::members::MemberRow;
use super::tables::{claims, declined_members, enterprises, member_emails, members};
use super::{Transaction, audit, users};
use crate::enterprise::audit::{Change, Target};
use crate::enterprise::person::Basis;
use crate::enterprise::{AccountPk, MemberPk, PersonPk, Role, Timestamp, address, owner};

/// A claim as stored in the database.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = claims)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct ClaimRow {
    pub member_pk: MemberPk,
    pub enterprise_pk: AccountPk,
    pub user_pk: PersonPk,
    pub basis: Basis,
    pub claimed_at: Timestamp,
}

/// Returns the claim of this member.
pub fn of_member(conn: &mut Conn, member: MemberPk) -> StoreResult<Option<ClaimRow>> {
    Ok(on!(conn, connection => claims::table
        .filter(claims::member_pk.eq(member))
        .select(ClaimRow::as_select())
        .get_result(connection)
        .optional())?)
}

/// Returns the claims of these members.
pub fn of_members(conn: &mut Conn, members: &[MemberPk]) -> StoreResult<Vec<ClaimRow>> {
    Ok(on!(conn, connection => claims::table
        .filter(claims::member_pk.eq_any(members))
        .select(ClaimRow::as_select())
        .load(connection))?)
}

/// Returns the member that a person is in an account.
pub fn of_user(
    conn: &mut Conn,
    enterprise: AccountPk,
    user: PersonPk,
) -> StoreResult<Option<ClaimRow>> {
    Ok(on!(conn, connection => claims::table
        .filter(claims::user_pk.eq(user))
        .filter(claims::enterprise_pk.eq(enterprise))
        .select(ClaimRow::as_select())
        .get_result(connection)
        .optional())?)
}

/// Returns `true` if the person of this member has hidden the first steps of the account.
pub fn hides_first_steps(conn: &mut Conn, member: MemberPk) -> StoreResult<bool> {
    Ok(on!(conn, connection => diesel::select(diesel::dsl::exists(
        claims::table
            .filter(claims::member_pk.eq(member))
            .filter(claims::first_steps_hidden_at.is_not_null())
    ))
    .get_result(connection))?)
}

/// Records since when the person of this member has hidden the first steps; `None` shows them.
pub fn hide_first_steps(
    conn: &mut Conn,
    member: MemberPk,
    at: Option<Timestamp>,
) -> StoreResult<()> {
    on!(conn, connection => diesel::update(claims::table)
        .filter(claims::member_pk.eq(member))
        .set(claims::first_steps_hidden_at.eq(at))
        .execute(connection))?;
    Ok(())
}

/// Claims a member for a person. Returns `true` if it is theirs now, `false` if another person has
/// claimed it or if they are another member of the account.
pub fn insert(
    conn: &mut Conn,
    enterprise: AccountPk,
    member: MemberPk,
    user: PersonPk,
    basis: Basis,
    now: Timestamp,
) -> StoreResult<bool> {
    let inserted = on!(conn, connection => diesel::insert_into(claims::table)
        .values((
            claims::member_pk.eq(member),
            claims::enterprise_pk.eq(enterprise),
            claims::user_pk.eq(user),
            claims::basis.eq(basis),
            claims::claimed_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(connection))?;
    on!(conn, connection => diesel::delete(declined_members::table)
        .filter(declined_members::member_pk.eq(member))
        .filter(declined_members::user_pk.eq(user))
        .execute(connection))?;
    Ok(inserted == 1)
}

/// Deletes a claim. A trigger deletes the member's sessions and tokens.
pub fn delete(conn: &mut Conn, member: MemberPk) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(claims::table)
        .filter(claims::member_pk.eq(member))
        .execute(connection))?;
    Ok(())
}

/// Returns the keys of the addresses that the person who claimed this member has proved; `None` if
/// no person has claimed it.
pub fn proved_by_claimer(conn: &mut Conn, member: MemberPk) -> StoreResult<Option<Vec<String>>> {
    let Some(claim) = of_member(conn, member)? else { return Ok(None) };
    let proved = users::addresses(conn, claim.user_pk)?;
    Ok(Some(proved.into_iter().map(|address| address.email_key).collect()))
}

/// Ends the claim on a member that had these addresses, because the person has proved none of its
/// new ones.
pub fn end(
    transaction: &mut Transaction<'_>,
    member: &MemberRow,
    addresses: &[String],
) -> StoreResult<()> {
    delete(transaction, member.pk)?;
    let change = Change::ended(
        "member.claim-ended",
        Target::new("member", &member.id, &member.user_name),
        json!({"addresses": addresses}),
    );
    audit::record(transaction, member.enterprise_pk, &change)
}

/// Records that a person does not want to be this member.
pub fn decline(
    conn: &mut Conn,
    member: MemberPk,
    user: PersonPk,
    now: Timestamp,
) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(declined_members::table)
        .values((
            declined_members::member_pk.eq(member),
            declined_members::user_pk.eq(user),
            declined_members::declined_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(connection))?;
    Ok(())
}

/// An unclaimed member with one of a person's addresses.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Waiting {
    /// The account's row.
    pub enterprise_pk: AccountPk,
    /// The account's id.
    pub account_id: String,
    /// The account's name.
    pub account_name: String,
    /// The member's row.
    pub member_pk: MemberPk,
    /// The member's id.
    pub member_id: String,
    /// The member's role in the account.
    pub role: Role,
    /// The key of the address that matches.
    pub email_key: String,
    /// The address to which mail for the member goes.
    pub email: Option<String>,
}

/// Returns up to `limit` unclaimed active members of all accounts that have an address which the
/// person has proved, in the order of their rows. Skips members that the person declined and
/// accounts in which they already are a member.
pub fn waiting_for(conn: &mut Conn, user: PersonPk, limit: i64) -> StoreResult<Vec<Waiting>> {
    let proved = users::addresses(conn, user)?;
    let keys: Vec<&str> = proved.iter().map(|address| address.email_key.as_str()).collect();
    let mut found: Vec<Waiting> = on!(conn, connection => member_emails::table
        .inner_join(members::table.inner_join(enterprises::table))
        .filter(member_emails::email_key.eq_any(&keys))
        .filter(members::active.eq(true))
        // A member whose user name is the address comes before one that shares the mailbox.
        .order((
            enterprises::pk,
            members::user_name_key.eq(member_emails::email_key).desc(),
            members::pk,
        ))
        .limit(limit)
        .select((
            enterprises::pk,
            enterprises::id,
            enterprises::name,
            members::pk,
            members::id,
            members::role,
            member_emails::email_key,
            members::email,
        ))
        .load(connection))?;
    if found.is_empty() {
        return Ok(found);
    }
    let pks: Vec<MemberPk> = found.iter().map(|one| one.member_pk).collect();
    let claimed: Vec<MemberPk> =
        of_members(conn, &pks)?.iter().map(|claim| claim.member_pk).collect();
    let joined: Vec<AccountPk> = on!(conn, connection => claims::table
        .filter(claims::user_pk.eq(user))
        .select(claims::enterprise_pk)
        .load(connection))?;
    let declined: Vec<MemberPk> = on!(conn, connection => declined_members::table
        .filter(declined_members::user_pk.eq(user))
        .select(declined_members::member_pk)
        .load(connection))?;
    let leads = |one: &Waiting| {
        let own = one.email.as_deref().map(address::key);
        owner::leads_to(one.role, &one.email_key, own.as_deref(), false)
    };
    found.retain(|one| {
        leads(one)
            && !joined.contains(&one.enterprise_pk)
            && !declined.contains(&one.member_pk)
            && !claimed.contains(&one.member_pk)
    });
    found.dedup_by_key(|one| one.enterprise_pk);
    Ok(found)
}

/// Returns the account's member that is known by the address with this key. Prefers an active one,
/// then one whose user name it is to one that shares the mailbox.
pub fn known_by(
    conn: &mut Conn,
    enterprise: AccountPk,
    key: &str,
) -> StoreResult<Option<MemberRow>> {
    if !storable(key) {
        return Ok(None);
    }
    Ok(on!(conn, connection => member_emails::table
        .inner_join(members::table)
        .filter(member_emails::email_key.eq(key))
        .filter(member_emails::enterprise_pk.eq(enterprise))
        .order((members::active.desc(), members::user_name_key.eq(key).desc(), members::pk))
        .limit(1)
        .select(MemberRow::as_select())
        .get_result(connection)
        .optional())?)
}

/// Returns the account's member to which a sign-in with this address leads ([`owner::leads_to`]).
pub fn signs_in(
    conn: &mut Conn,
    enterprise: AccountPk,
    key: &str,
) -> StoreResult<Option<MemberRow>> {
    match known_by(conn, enterprise, key)? {
        Some(member) => Ok(leads_to(conn, &member, key)?.then_some(member)),
        None => Ok(None),
    }
}

/// Returns `true` if a sign-in with this address, which the member has, leads to the member.
pub fn leads_to(conn: &mut Conn, member: &MemberRow, key: &str) -> StoreResult<bool> {
    let (role, own) = (member.role, member.email.as_deref().map(address::key));
    if owner::leads_to(role, key, own.as_deref(), false) {
        return Ok(true);
    }
    let (claim, person) = (of_member(conn, member.pk)?, users::by_key(conn, key)?);
    let proved = claim.zip(person).is_some_and(|(claim, person)| claim.user_pk == person.pk);
    Ok(owner::leads_to(role, key, own.as_deref(), proved))
}

/// Returns `true` if an active member of any account has the address with this key.
pub fn is_member_anywhere(conn: &mut Conn, key: &str) -> StoreResult<bool> {
    if !storable(key) {
        return Ok(false);
    }
    Ok(on!(conn, connection => diesel::select(diesel::dsl::exists(
        member_emails::table
            .inner_join(members::table)
            .filter(member_emails::email_key.eq(key))
            .filter(members::active.eq(true))
    ))
    .get_result(connection))?)
}

/// Returns `true` if an active member of the account with this id has the address with this key.
pub fn is_member_of(conn: &mut Conn, account_id: &str, key: &str) -> StoreResult<bool> {
    if !(storable(account_id) && storable(key)) {
        return Ok(false);
    }
    Ok(on!(conn, connection => diesel::select(diesel::dsl::exists(
        member_emails::table
            .inner_join(members::table.inner_join(enterprises::table))
            .filter(member_emails::email_key.eq(key))
            .filter(members::active.eq(true))
            .filter(enterprises::id.eq(account_id))
    ))
    .get_result(connection))?)
}

/// Returns the keys of all addresses of a member.
pub fn addresses_of(conn: &mut Conn, member: MemberPk) -> StoreResult<Vec<String>> {
    Ok(on!(conn, connection => member_emails::table
        .filter(member_emails::member_pk.eq(member))
        .order(member_emails::email_key)
        .select(member_emails::email_key)
        .load(connection))?)
}
