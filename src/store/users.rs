//! People: who has proved an address, and which addresses each of them has proved (docs/domain.md
//! §0).
//!
//! Every function that writes here requires a proof. Nothing that an account says creates a person.

use diesel::dsl::count;
use diesel::prelude::*;

use super::connection::{Conn, on, storable};
use super::error::{StoreError, StoreResult};
use super::tables::{claims, member_emails, user_addresses, user_ids_before_proof, users};
use crate::enterprise::person::Proof;
use crate::enterprise::{AccountPk, PersonPk, Timestamp, address, id};

/// A person as stored in the database.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = users)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct PersonRow {
    pub pk: PersonPk,
    pub id: String,
    pub email: String,
    pub name: Option<String>,
    pub created_at: Timestamp,
}

impl PersonRow {
    /// Returns the person's name as given and family name, if they have said it.
    pub fn full_name(&self) -> Option<(String, String)> {
        let (given, family) = self.name.as_deref()?.split_once(' ')?;
        Some((given.to_owned(), family.to_owned()))
    }
}

/// An address that a person has proved.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = user_addresses)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct ProvedAddress {
    pub email_key: String,
    pub user_pk: PersonPk,
    pub email: String,
    pub email_domain: String,
    pub proof: Proof,
    pub proved_at: Timestamp,
}

/// Returns the person who has proved this address. Inserts one if the address is proved for the
/// first time.
pub fn prove(conn: &mut Conn, email: &str, proof: Proof, now: Timestamp) -> StoreResult<PersonRow> {
    let key = address::key(email);
    if let Some(known) = by_key(conn, &key)? {
        return Ok(known);
    }
    let domain = address::domain(email).unwrap_or_default();
    let id = id_for(conn, &key)?;
    let made: Option<PersonRow> = on!(conn, connection => diesel::insert_into(users::table)
        .values((
            users::id.eq(id),
            users::email.eq(email),
            users::email_key.eq(&key),
            users::email_domain.eq(&domain),
            users::created_at.eq(now),
        ))
        .on_conflict(users::email_key)
        .do_nothing()
        .returning(PersonRow::as_returning())
        .get_result(connection)
        .optional())?;
    let person = match made {
        Some(person) => person,
        None => unproved(conn, &key)?.ok_or(StoreError::Conflict)?,
    };
    insert_address(conn, person.pk, email, proof, now)?;
    Ok(person)
}

/// Returns a row with this address that a node of the previous release created without a proof. If
/// there is none, another node has proved the address a moment ago: the transaction has to run
/// again to see that.
fn unproved(conn: &mut Conn, key: &str) -> StoreResult<Option<PersonRow>> {
    Ok(on!(conn, connection => users::table
        .filter(users::email_key.eq(key))
        .filter(diesel::dsl::not(diesel::dsl::exists(
            user_addresses::table.filter(user_addresses::user_pk.eq(users::pk)),
        )))
        .select(PersonRow::as_select())
        .get_result(connection)
        .optional())?)
}

/// Returns the id under which accounts know the address, or a new one.
fn id_for(conn: &mut Conn, key: &str) -> StoreResult<String> {
    let kept: Option<String> = on!(conn, connection => diesel::delete(user_ids_before_proof::table)
        .filter(user_ids_before_proof::email_key.eq(key))
        .returning(user_ids_before_proof::id)
        .get_result(connection)
        .optional())?;
    Ok(kept.unwrap_or_else(id::user))
}

/// Adds another address that a person has proved. The address must be free.
///
/// # Errors
/// Returns [`StoreError::Conflict`] if another person proves the address at the same time.
pub fn insert_address(
    conn: &mut Conn,
    person: PersonPk,
    email: &str,
    proof: Proof,
    now: Timestamp,
) -> StoreResult<()> {
    let inserted = on!(conn, connection => diesel::insert_into(user_addresses::table)
        .values((
            user_addresses::email_key.eq(address::key(email)),
            user_addresses::user_pk.eq(person),
            user_addresses::email.eq(email),
            user_addresses::email_domain.eq(address::domain(email).unwrap_or_default()),
            user_addresses::proof.eq(proof),
            user_addresses::proved_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(connection))?;
    if inserted == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// Returns the person who has proved the address with this key.
pub fn by_key(conn: &mut Conn, key: &str) -> StoreResult<Option<PersonRow>> {
    if !storable(key) {
        return Ok(None);
    }
    Ok(on!(conn, connection => user_addresses::table
        .inner_join(users::table)
        .filter(user_addresses::email_key.eq(key))
        .select(PersonRow::as_select())
        .get_result(connection)
        .optional())?)
}

/// Returns the person in this row.
pub fn by_pk(conn: &mut Conn, pk: PersonPk) -> StoreResult<PersonRow> {
    Ok(on!(conn, connection => users::table
        .filter(users::pk.eq(pk))
        .select(PersonRow::as_select())
        .get_result(connection))?)
}

/// Returns the addresses that a person has proved, in the order of their keys.
pub fn addresses(conn: &mut Conn, person: PersonPk) -> StoreResult<Vec<ProvedAddress>> {
    Ok(on!(conn, connection => user_addresses::table
        .filter(user_addresses::user_pk.eq(person))
        .order(user_addresses::email_key)
        .select(ProvedAddress::as_select())
        .load(connection))?)
}

/// Makes one of a person's addresses the primary one.
pub fn set_primary(conn: &mut Conn, address: &ProvedAddress) -> StoreResult<()> {
    on!(conn, connection => diesel::update(users::table)
        .filter(users::pk.eq(address.user_pk))
        .set((
            users::email.eq(&address.email),
            users::email_key.eq(&address.email_key),
            users::email_domain.eq(&address.email_domain),
        ))
        .execute(connection))?;
    Ok(())
}

/// Removes an address from its person.
pub fn delete_address(conn: &mut Conn, key: &str) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(user_addresses::table)
        .filter(user_addresses::email_key.eq(key))
        .execute(connection))?;
    Ok(())
}

/// Records that a person has signed up, with this name.
pub fn sign_up(conn: &mut Conn, pk: PersonPk, full_name: &str, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::update(users::table)
        .filter(users::pk.eq(pk))
        .set((users::signed_up_at.eq(now), users::name.eq(full_name)))
        .execute(connection))?;
    Ok(())
}

/// Gives a person another name.
pub fn rename(conn: &mut Conn, pk: PersonPk, name: &str) -> StoreResult<PersonRow> {
    Ok(on!(conn, connection => diesel::update(users::table)
        .filter(users::pk.eq(pk))
        .set(users::name.eq(name))
        .returning(PersonRow::as_returning())
        .get_result(connection))?)
}

/// Returns `true` if a person has proved this address.
pub fn is_proved(conn: &mut Conn, email: &str) -> StoreResult<bool> {
    Ok(by_key(conn, &address::key(email))?.is_some())
}

/// A person who is not a member, as an administrator of a domain sees it. The address is the one in
/// the domain.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct UnclaimedRow {
    pub pk: PersonPk,
    pub id: String,
    pub email: String,
    pub name: Option<String>,
    pub created_at: Timestamp,
}

/// Matches addresses of people who are not members of the account: they have claimed no member there,
/// and no member, active or not, has the address.
macro_rules! is_unclaimed {
    ($enterprise:expr) => {
        diesel::dsl::not(diesel::dsl::exists(
            claims::table
                .filter(claims::enterprise_pk.eq($enterprise))
                .filter(claims::user_pk.eq(user_addresses::user_pk)),
        ))
        .and(diesel::dsl::not(diesel::dsl::exists(
            member_emails::table
                .filter(member_emails::enterprise_pk.eq($enterprise))
                .filter(member_emails::email_key.eq(user_addresses::email_key)),
        )))
    };
}

/// Returns people after row `after` who have proved an address in this domain and are not members
/// of the account: they have claimed no member there, and no member, active or not, has the
/// address. The cost grows with the number of members in between.
pub fn unclaimed(
    conn: &mut Conn,
    enterprise: AccountPk,
    domain: &str,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<UnclaimedRow>> {
    Ok(on!(conn, connection => user_addresses::table
        .inner_join(users::table)
        .filter(user_addresses::email_domain.eq(domain))
        .filter(user_addresses::user_pk.gt(after))
        .filter(is_unclaimed!(enterprise))
        .order(user_addresses::user_pk)
        .limit(limit)
        .select((users::pk, users::id, user_addresses::email, users::name, users::created_at))
        .load(connection))?)
}

/// Counts the people who have proved an address in one of these domains and are not members of the
/// account, as [`unclaimed`] has them.
pub fn count_unclaimed(
    conn: &mut Conn,
    enterprise: AccountPk,
    domains: &[String],
) -> StoreResult<i64> {
    Ok(on!(conn, connection => user_addresses::table
        .filter(user_addresses::email_domain.eq_any(domains))
        .filter(is_unclaimed!(enterprise))
        .select(count(user_addresses::user_pk).aggregate_distinct())
        .first(connection))?)
}
