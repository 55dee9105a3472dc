//! A new member who is a person that nobody knew: what an initial sync does a hundred thousand times.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};

use super::connection::Conn;
use super::error::StoreResult;
use super::kept::kept;
use super::members::{self, MemberRow, MemberValues};
use super::users;
use crate::enterprise::{Role, Timestamp, address, id, name};

/// Person, member and addresses in one statement, which on PostgreSQL is one round trip in place of
/// three. Where somebody knows the address, nothing is inserted and nothing returned.
const ENROL: &str = "\
WITH person AS (
    INSERT INTO users (id, email, email_key, email_domain, created_at)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (email_key) DO NOTHING
    RETURNING pk
), member AS (
    INSERT INTO members (
        id, enterprise_pk, user_pk, role, source, active, seat_since, user_name, user_name_key,
        external_id, display_name, display_name_key, note, document, version, created_at, modified_at
    )
    SELECT $6, $7, person.pk, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 1, $5, $5
    FROM person
    RETURNING *
), addresses AS (
    INSERT INTO member_emails (enterprise_pk, email_key, member_pk)
    SELECT DISTINCT member.enterprise_pk, email_key, member.pk
    FROM member, unnest($19) AS email_key
)
SELECT * FROM member";

/// Inserts a member with the person whose address this is, if nobody knows the address; the database
/// takes its seat. The person is put into the values where it is made before the member.
///
/// # Errors
/// The database's, among them the violation of `seats_within_total`.
pub fn of_new_person(
    conn: &mut Conn,
    enterprise: i64,
    email: &str,
    values: &mut MemberValues,
    emails: &[String],
    now: Timestamp,
) -> StoreResult<Option<MemberRow>> {
    let connection = match conn {
        Conn::Postgres(connection) => connection,
        conn => {
            let Some(person) = users::introduce(conn, email, now)? else { return Ok(None) };
            values.user_pk = Some(person);
            let id = id::member();
            return members::insert(conn, enterprise, &id, Role::Member, values, emails, now)
                .map(Some);
        }
    };
    let keys: Vec<String> = emails.iter().map(|email| address::key(email)).collect();
    let statement = diesel::sql_query(ENROL)
        .bind::<Text, _>(id::user())
        .bind::<Text, _>(email)
        .bind::<Text, _>(address::key(email))
        .bind::<Nullable<Text>, _>(address::domain(email))
        .bind::<BigInt, _>(now.0)
        .bind::<Text, _>(id::member())
        .bind::<BigInt, _>(enterprise)
        .bind::<Text, _>(Role::Member.as_str())
        .bind::<Text, _>(values.source.as_str())
        .bind::<Bool, _>(values.active)
        .bind::<Nullable<BigInt>, _>(values.active.then_some(now.0))
        .bind::<Text, _>(&values.user_name)
        .bind::<Text, _>(name::user_key(&values.user_name))
        .bind::<Nullable<Text>, _>(&values.external_id)
        .bind::<Nullable<Text>, _>(&values.display_name)
        .bind::<Nullable<Text>, _>(values.display_name.as_deref().map(name::key))
        .bind::<Nullable<Text>, _>(&values.note)
        .bind::<Text, _>(&values.document)
        .bind::<Array<Text>, _>(&keys);
    Ok(kept(statement).get_result(connection).optional()?)
}
