//! People: one row per e-mail address, whichever accounts they belong to.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::{StoreError, StoreResult};
use super::tables::{members, users};
use crate::enterprise::{Timestamp, address as addresses, id};

/// A person, and whether nobody knew it before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// The row.
    pub pk: i64,
    /// Just made; it is a member of no account yet.
    pub is_new: bool,
}

/// The person with this address, made if nobody knew it.
///
/// # Errors
/// The database's.
pub fn of_address(conn: &mut Conn, email: &str, now: Timestamp) -> StoreResult<Person> {
    match introduce(conn, email, now)? {
        Some(pk) => Ok(Person { pk, is_new: true }),
        None => {
            // Or it was there a moment ago, and another account has just let it go.
            let pk = find(conn, &addresses::key(email))?.ok_or(StoreError::Conflict)?;
            Ok(Person { pk, is_new: false })
        }
    }
}

/// Makes the person with this address, unless somebody knows it already.
///
/// # Errors
/// The database's.
pub fn introduce(conn: &mut Conn, email: &str, now: Timestamp) -> StoreResult<Option<i64>> {
    Ok(on!(conn, connection => diesel::insert_into(users::table)
        .values((
            users::id.eq(id::user()),
            users::email.eq(email),
            users::email_key.eq(addresses::key(email)),
            users::email_domain.eq(addresses::domain(email)),
            users::created_at.eq(now.0),
        ))
        .on_conflict(users::email_key)
        .do_nothing()
        .returning(users::pk)
        .get_result(connection)
        .optional())?)
}

/// The person with this address, if anybody knows it.
///
/// # Errors
/// The database's.
pub fn by_address(conn: &mut Conn, email: &str) -> StoreResult<Option<i64>> {
    find(conn, &addresses::key(email))
}

fn find(conn: &mut Conn, key: &str) -> StoreResult<Option<i64>> {
    Ok(on!(conn, connection => users::table
        .filter(users::email_key.eq(key))
        .select(users::pk)
        .get_result(connection)
        .optional())?)
}

/// The address of a person.
///
/// # Errors
/// The database's.
pub fn address(conn: &mut Conn, pk: i64) -> StoreResult<String> {
    Ok(on!(conn, connection => users::table
        .filter(users::pk.eq(pk))
        .select(users::email)
        .get_result(connection))?)
}

/// The id of a person.
///
/// # Errors
/// The database's.
pub fn id(conn: &mut Conn, pk: i64) -> StoreResult<String> {
    Ok(on!(conn, connection => users::table
        .filter(users::pk.eq(pk))
        .select(users::id)
        .get_result(connection))?)
}

/// Whether the person is already a member of the account, other than as member `except`.
///
/// # Errors
/// The database's.
pub fn is_member(conn: &mut Conn, pk: i64, enterprise: i64, except: i64) -> StoreResult<bool> {
    Ok(on!(conn, connection => diesel::select(diesel::dsl::exists(
        members::table
            .filter(members::enterprise_pk.eq(enterprise))
            .filter(members::user_pk.eq(pk))
            .filter(members::pk.ne(except))
    ))
    .get_result(connection))?)
}

/// Gives a person another address, if it is a member of no account but this one and nobody has
/// that address yet; says whether it was done.
///
/// # Errors
/// The database's.
pub fn readdress(conn: &mut Conn, pk: i64, enterprise: i64, email: &str) -> StoreResult<bool> {
    let key = addresses::key(email);
    let elsewhere: bool = on!(conn, connection => diesel::select(diesel::dsl::exists(
        members::table
            .filter(members::user_pk.eq(pk))
            .filter(members::enterprise_pk.ne(enterprise))
    ))
    .get_result(connection))?;
    if elsewhere || find(conn, &key)?.is_some_and(|found| found != pk) {
        return Ok(false);
    }
    on!(conn, connection => diesel::update(users::table)
        .filter(users::pk.eq(pk))
        .set((
            users::email.eq(email),
            users::email_key.eq(&key),
            users::email_domain.eq(addresses::domain(email)),
        ))
        .execute(connection))?;
    Ok(true)
}

/// Notes that a person has signed up, under this name.
///
/// # Errors
/// The database's.
pub fn sign_up(conn: &mut Conn, pk: i64, full_name: &str, now: Timestamp) -> StoreResult<()> {
    on!(conn, connection => diesel::update(users::table)
        .filter(users::pk.eq(pk))
        .set((users::signed_up_at.eq(now.0), users::name.eq(full_name)))
        .execute(connection))?;
    Ok(())
}

/// Whether anybody has this address.
///
/// # Errors
/// The database's.
pub fn is_known(conn: &mut Conn, email: &str) -> StoreResult<bool> {
    Ok(find(conn, &addresses::key(email))?.is_some())
}

/// A person as an administrator sees one who is not a member.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = users)]
#[allow(missing_docs)] // the columns are documented where they are made
pub struct PersonRow {
    pub pk: i64,
    pub id: String,
    pub email: String,
    pub name: Option<String>,
    pub created_at: i64,
}

/// People after row `after` with an address in this domain who are not members of the account,
/// active or not. Costs as many look-ups as there are members in between.
///
/// # Errors
/// The database's.
pub fn unclaimed(
    conn: &mut Conn,
    enterprise: i64,
    domain: &str,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<PersonRow>> {
    Ok(on!(conn, connection => users::table
        .filter(users::email_domain.eq(domain))
        .filter(users::pk.gt(after))
        .filter(diesel::dsl::not(diesel::dsl::exists(
            members::table
                .filter(members::enterprise_pk.eq(enterprise))
                .filter(members::user_pk.eq(users::pk.nullable())),
        )))
        .order(users::pk)
        .limit(limit)
        .select(PersonRow::as_select())
        .load(connection))?)
}

/// Forgets a person who is a member of no account and has not signed up.
///
/// # Errors
/// The database's.
pub fn delete_unless_member(conn: &mut Conn, pk: i64) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(users::table)
        .filter(users::pk.eq(pk))
        .filter(users::signed_up_at.is_null())
        .filter(diesel::dsl::not(diesel::dsl::exists(
            members::table.filter(members::user_pk.eq(pk.into_sql::<diesel::sql_types::Nullable<diesel::sql_types::BigInt>>())),
        )))
        .execute(connection))?;
    Ok(())
}
