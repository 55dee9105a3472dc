//! Name conflicts: two things whose names were different and are equal by the current rules. They
//! are recorded when keys are rewritten and last until one of the two is renamed or deleted.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::name_conflicts;
use crate::enterprise::name::Named;
use crate::enterprise::{AccountPk, Clock, Timestamp};

/// Returns the table of a kind of thing, its column of keys, and the condition under which keys
/// must be unique.
const fn place(named: Named) -> (&'static str, &'static str, &'static str) {
    match named {
        Named::Account => ("enterprises", "name_key", "1 = 1"),
        Named::Organization => ("organizations", "name_key", "1 = 1"),
        Named::Team => ("teams", "name_key", "1 = 1"),
        Named::Member => ("members", "user_name_key", "1 = 1"),
        Named::Person => ("users", "email_key", "1 = 1"),
        Named::Invitation => ("invitations", "email_key", "state = 'pending'"),
        Named::ActivationCode => ("activation_codes", "customer_key", "state = 'issued'"),
    }
}

/// A character that cannot occur in the key of anything that people type.
const APART: char = '\u{1}';

/// Returns a key of its own for a row whose regular key another row has.
pub(super) fn apart(key: &str, pk: i64) -> String {
    format!("{key}{APART}{pk}")
}

/// A conflict that still exists.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct Conflict {
    /// The conflict's row.
    #[diesel(sql_type = BigInt)]
    pub pk: i64,
    /// The kind of things that share a name.
    #[diesel(sql_type = Text)]
    pub kind: Named,
    /// The id of the later thing, which cannot be found by its name.
    #[diesel(sql_type = Text)]
    pub subject_id: String,
    /// The name of the later thing.
    #[diesel(sql_type = Text)]
    pub subject_name: String,
    /// The id of the earlier thing.
    #[diesel(sql_type = Text)]
    pub other_id: String,
    /// The name of the earlier thing.
    #[diesel(sql_type = Text)]
    pub other_name: String,
    /// When the conflict was recorded.
    #[diesel(sql_type = BigInt)]
    pub noted_at: Timestamp,
}

/// A conflict to record, with id and name of both things.
pub(super) struct NewConflict<'a> {
    pub enterprise_pk: Option<AccountPk>,
    pub kind: Named,
    pub subject: (&'a str, &'a str),
    pub other: (&'a str, &'a str),
}

pub(super) fn insert(conn: &mut Conn, new: &NewConflict<'_>) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(name_conflicts::table)
        .values((
            name_conflicts::enterprise_pk.eq(new.enterprise_pk),
            name_conflicts::kind.eq(new.kind),
            name_conflicts::subject_id.eq(new.subject.0),
            name_conflicts::subject_name.eq(new.subject.1),
            name_conflicts::other_id.eq(new.other.0),
            name_conflicts::other_name.eq(new.other.1),
            name_conflicts::noted_at.eq(Clock::system().now()),
        ))
        .execute(connection))?;
    Ok(())
}

/// Returns the account's conflicts that still exist, in the order in which they were recorded.
pub fn of_account(
    conn: &mut Conn,
    enterprise: AccountPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<Conflict>> {
    existing(conn, Some(enterprise), after, limit)
}

/// Returns all conflicts of the database, including those between accounts.
pub fn all(conn: &mut Conn) -> StoreResult<Vec<Conflict>> {
    existing(conn, None, 0, i64::MAX)
}

fn existing(
    conn: &mut Conn,
    enterprise: Option<AccountPk>,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<Conflict>> {
    let exists = Named::ALL.iter().map(|named| {
        let ((table, key, unique), word) = (place(*named), named.as_str());
        format!(
            "(kind = '{word}' AND EXISTS (SELECT 1 FROM {table} WHERE id = subject_id \
             AND {key} LIKE $1 AND {unique}))"
        )
    });
    let query = format!(
        "SELECT pk, kind, subject_id, subject_name, other_id, other_name, noted_at \
         FROM name_conflicts WHERE ({}) AND pk > $2 \
         AND ($3 IS NULL OR enterprise_pk = $3) ORDER BY pk LIMIT $4",
        exists.collect::<Vec<_>>().join(" OR ")
    );
    Ok(on!(conn, connection => sql_query(query)
        .bind::<Text, _>(format!("%{APART}%"))
        .bind::<BigInt, _>(after)
        .bind::<Nullable<BigInt>, _>(enterprise)
        .bind::<BigInt, _>(limit)
        .load(connection))?)
}
