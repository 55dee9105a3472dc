//! The fast path for inserting a new member: an initial sync does this a hundred thousand times.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text};

use super::cached_statement::cached;
use super::connection::{Backend, Conn};
use super::error::StoreResult;
use super::members::{self, MemberRow, MemberValues};
use crate::enterprise::search::Terms;
use crate::enterprise::{AccountPk, Role, Timestamp, id, name};

/// Inserts a member with its addresses and search terms in one statement, which on PostgreSQL saves a round trip.
const ENROL: &str = "\
WITH member AS (
    INSERT INTO members (
        id, enterprise_pk, email, role, source, active, seat_since, user_name, user_name_key,
        external_id, display_name, display_name_key, note, document, version, created_at, modified_at
    )
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1, $15, $15)
    RETURNING *
), addresses AS (
    INSERT INTO member_emails (enterprise_pk, email_key, member_pk, is_email)
    SELECT member.enterprise_pk, address.email_key, member.pk, address.is_email
    FROM member, unnest($16, $17) AS address (email_key, is_email)
), terms AS (
    INSERT INTO search_terms (enterprise_pk, kind, term, pk)
    SELECT member.enterprise_pk, 'member', found.term, member.pk
    FROM member, unnest($18) AS found (term)
)
SELECT * FROM member";

/// Inserts a member with the role of a member. A trigger takes its seat.
///
/// # Errors
/// Fails if no seat is free (`seats_within_total`).
pub fn insert(
    conn: &mut Conn,
    enterprise: AccountPk,
    values: &MemberValues,
    emails: &[String],
    now: Timestamp,
) -> StoreResult<MemberRow> {
    let (id, role) = (id::member(), Role::Member);
    let Backend::Postgres(connection) = &mut conn.backend else {
        return members::insert(conn, enterprise, &id, role, values, emails, now);
    };
    let (keys, are_emails): (Vec<String>, Vec<bool>) =
        members::addresses(&values.user_name, emails).into_iter().unzip();
    let terms =
        Terms::of_member(&values.user_name, values.display_name.as_deref(), &values.document);
    let statement = diesel::sql_query(ENROL)
        .bind::<Text, _>(id)
        .bind::<BigInt, _>(enterprise)
        .bind::<Nullable<Text>, _>(&values.email)
        .bind::<Text, _>(role.as_str())
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
        .bind::<BigInt, _>(now.0)
        .bind::<Array<Text>, _>(&keys)
        .bind::<Array<Bool>, _>(&are_emails)
        .bind::<Array<Text>, _>(terms.stored());
    Ok(cached(statement).get_result(connection)?)
}
