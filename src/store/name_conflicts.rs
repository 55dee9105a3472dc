//! Things that had two names and now, by the rules of names, have one: noted when keys are made anew,
//! and there until somebody renames or removes one of them.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::name_conflicts;
use crate::enterprise::Clock;

/// What has the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An account.
    Account,
    /// An organization.
    Organization,
    /// A team.
    Team,
    /// A member, by user name.
    Member,
    /// A person, by address.
    Person,
    /// A pending invitation, by address.
    Invitation,
    /// An activation code that is not used, by customer.
    ActivationCode,
}

impl Kind {
    const ALL: [Self; 7] = [
        Self::Account,
        Self::Organization,
        Self::Team,
        Self::Member,
        Self::Person,
        Self::Invitation,
        Self::ActivationCode,
    ];

    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Organization => "organization",
            Self::Team => "team",
            Self::Member => "member",
            Self::Person => "person",
            Self::Invitation => "invitation",
            Self::ActivationCode => "activation_code",
        }
    }

    /// Its table and its column of keys, with what makes them unique.
    const fn place(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Account => ("enterprises", "name_key", "1 = 1"),
            Self::Organization => ("organizations", "name_key", "1 = 1"),
            Self::Team => ("teams", "name_key", "1 = 1"),
            Self::Member => ("members", "user_name_key", "1 = 1"),
            Self::Person => ("users", "email_key", "1 = 1"),
            Self::Invitation => ("invitations", "email_key", "state = 'pending'"),
            Self::ActivationCode => ("activation_codes", "customer_key", "state = 'issued'"),
        }
    }
}

/// What nothing that is typed has in its key.
const APART: char = '\u{1}';

/// A key of a row's own, where another row has the key.
pub(super) fn apart(key: &str, pk: i64) -> String {
    format!("{key}{APART}{pk}")
}

/// A conflict that still exists.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct Conflict {
    /// The row.
    #[diesel(sql_type = BigInt)]
    pub pk: i64,
    /// What has the name, as [`Kind::as_str`].
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// The later one, which is not found by its name.
    #[diesel(sql_type = Text)]
    pub subject_id: String,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub subject_name: String,
    /// The earlier one.
    #[diesel(sql_type = Text)]
    pub other_id: String,
    /// Its name.
    #[diesel(sql_type = Text)]
    pub other_name: String,
    /// When it was noted.
    #[diesel(sql_type = BigInt)]
    pub noted_at: i64,
}

/// A conflict to be noted; each thing by id and name.
pub(super) struct NewConflict<'a> {
    pub enterprise_pk: Option<i64>,
    pub kind: Kind,
    pub subject: (&'a str, &'a str),
    pub other: (&'a str, &'a str),
}

pub(super) fn insert(conn: &mut Conn, new: &NewConflict<'_>) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(name_conflicts::table)
        .values((
            name_conflicts::enterprise_pk.eq(new.enterprise_pk),
            name_conflicts::kind.eq(new.kind.as_str()),
            name_conflicts::subject_id.eq(new.subject.0),
            name_conflicts::subject_name.eq(new.subject.1),
            name_conflicts::other_id.eq(new.other.0),
            name_conflicts::other_name.eq(new.other.1),
            name_conflicts::noted_at.eq(Clock::system().now().0),
        ))
        .execute(connection))?;
    Ok(())
}

/// The conflicts of an account that still exist, in the order in which they were noted.
///
/// # Errors
/// The database's.
pub fn of_account(
    conn: &mut Conn,
    enterprise: i64,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<Conflict>> {
    existing(conn, Some(enterprise), after, limit)
}

/// Those of the whole database, those between accounts included.
///
/// # Errors
/// The database's.
pub fn all(conn: &mut Conn) -> StoreResult<Vec<Conflict>> {
    existing(conn, None, 0, i64::MAX)
}

fn existing(
    conn: &mut Conn,
    enterprise: Option<i64>,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<Conflict>> {
    let exists = Kind::ALL.map(|kind| {
        let ((table, key, unique), word) = (kind.place(), kind.as_str());
        format!(
            "(kind = '{word}' AND EXISTS (SELECT 1 FROM {table} WHERE id = subject_id \
             AND {key} LIKE $1 AND {unique}))"
        )
    });
    let query = format!(
        "SELECT pk, kind, subject_id, subject_name, other_id, other_name, noted_at \
         FROM name_conflicts WHERE ({}) AND pk > $2 \
         AND ($3 IS NULL OR enterprise_pk = $3) ORDER BY pk LIMIT $4",
        exists.join(" OR ")
    );
    Ok(on!(conn, connection => sql_query(query)
        .bind::<Text, _>(format!("%{APART}%"))
        .bind::<BigInt, _>(after)
        .bind::<Nullable<BigInt>, _>(enterprise)
        .bind::<BigInt, _>(limit)
        .load(connection))?)
}
