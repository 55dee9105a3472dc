//! The names (issuer and subject) under which connections know members.

use diesel::prelude::*;

use super::connection::{Conn, on, storable};
use super::error::StoreResult;
use super::tables::{domains, members, sso_connections, sso_identities};
use crate::enterprise::{AccountPk, MemberPk, SsoConnectionPk, Timestamp};

/// Issuer and subject.
type Name<'a> = (&'a str, &'a str);

/// A name as stored, with its member.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct IdentityRow {
    pub member_pk: MemberPk,
    pub member_id: String,
    pub user_name: String,
    pub issuer: Option<String>,
    pub subject: Option<String>,
    pub noted_at: Timestamp,
    pub asked_issuer: Option<String>,
    pub asked_subject: Option<String>,
    pub asked_at: Option<Timestamp>,
}

/// The columns of [`IdentityRow`].
macro_rules! columns {
    () => {
        (
            sso_identities::member_pk,
            members::id,
            members::user_name,
            sso_identities::issuer,
            sso_identities::subject,
            sso_identities::noted_at,
            sso_identities::asked_issuer,
            sso_identities::asked_subject,
            sso_identities::asked_at,
        )
    };
}

/// Returns the member that the connection knows by this name.
pub fn member_of(
    conn: &mut Conn,
    connection: SsoConnectionPk,
    issuer: &str,
    subject: &str,
) -> StoreResult<Option<MemberPk>> {
    if !(storable(issuer) && storable(subject)) {
        return Ok(None);
    }
    Ok(on!(conn, connection_ => sso_identities::table
        .filter(sso_identities::connection_pk.eq(connection))
        .filter(sso_identities::issuer.eq(issuer))
        .filter(sso_identities::subject.eq(subject))
        .select(sso_identities::member_pk)
        .get_result(connection_)
        .optional())?)
}

/// Returns the name under which the connection knows the member.
pub fn get(
    conn: &mut Conn,
    member: MemberPk,
    connection: SsoConnectionPk,
) -> StoreResult<Option<IdentityRow>> {
    Ok(on!(conn, connection_ => sso_identities::table
        .inner_join(members::table)
        .filter(sso_identities::member_pk.eq(member))
        .filter(sso_identities::connection_pk.eq(connection))
        .select(columns!())
        .get_result(connection_)
        .optional())?)
}

/// Returns the names that the connection has for its members, after this member's row.
pub fn of_connection(
    conn: &mut Conn,
    connection: SsoConnectionPk,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<IdentityRow>> {
    Ok(on!(conn, connection_ => sso_identities::table
        .inner_join(members::table)
        .filter(sso_identities::connection_pk.eq(connection))
        .filter(sso_identities::member_pk.gt(after))
        .order(sso_identities::member_pk)
        .limit(limit)
        .select(columns!())
        .load(connection_))?)
}

/// Returns the names that the account's connections have for a member, each with the connection's id and
/// domain.
pub fn of_member(
    conn: &mut Conn,
    enterprise: AccountPk,
    member: MemberPk,
) -> StoreResult<Vec<(String, String, IdentityRow)>> {
    Ok(on!(conn, connection_ => sso_identities::table
        .inner_join(members::table)
        .inner_join(sso_connections::table.on(
            sso_connections::pk.eq(sso_identities::connection_pk),
        ))
        .inner_join(domains::table.on(domains::pk.eq(sso_connections::domain_pk)))
        .filter(sso_identities::member_pk.eq(member))
        .filter(sso_connections::enterprise_pk.eq(enterprise))
        .order(sso_connections::pk)
        .select((sso_connections::id, domains::name, columns!()))
        .load(connection_))?)
}

/// Stores the name of a member that has none yet.
pub fn remember(
    conn: &mut Conn,
    member: MemberPk,
    connection: SsoConnectionPk,
    (issuer, subject): Name<'_>,
    now: Timestamp,
) -> StoreResult<()> {
    let known = (
        sso_identities::issuer.eq(issuer),
        sso_identities::subject.eq(subject),
        sso_identities::noted_at.eq(now),
    );
    on!(conn, connection_ => diesel::insert_into(sso_identities::table)
        .values((
            sso_identities::member_pk.eq(member),
            sso_identities::connection_pk.eq(connection),
            known,
        ))
        .on_conflict_do_nothing()
        .execute(connection_))?;
    // The row may exist already with a name that waits for approval, but without one in use.
    on!(conn, connection_ => diesel::update(sso_identities::table)
        .filter(sso_identities::member_pk.eq(member))
        .filter(sso_identities::connection_pk.eq(connection))
        .filter(sso_identities::issuer.is_null())
        .set(known)
        .execute(connection_))?;
    Ok(())
}

/// Stores a different name that came with the member's address, to wait for approval.
pub fn ask(
    conn: &mut Conn,
    member: MemberPk,
    connection: SsoConnectionPk,
    (issuer, subject): Name<'_>,
    now: Timestamp,
) -> StoreResult<()> {
    let asked = (
        sso_identities::asked_issuer.eq(issuer),
        sso_identities::asked_subject.eq(subject),
        sso_identities::asked_at.eq(now),
    );
    on!(conn, connection_ => diesel::insert_into(sso_identities::table)
        .values((
            sso_identities::member_pk.eq(member),
            sso_identities::connection_pk.eq(connection),
            sso_identities::noted_at.eq(now),
            asked,
        ))
        .on_conflict((sso_identities::member_pk, sso_identities::connection_pk))
        .do_update()
        .set(asked)
        .execute(connection_))?;
    Ok(())
}

/// Gives the member another name, and takes it from any other member.
pub fn replace(
    conn: &mut Conn,
    member: MemberPk,
    connection: SsoConnectionPk,
    (issuer, subject): Name<'_>,
    now: Timestamp,
) -> StoreResult<()> {
    on!(conn, connection_ => diesel::delete(sso_identities::table)
        .filter(sso_identities::connection_pk.eq(connection))
        .filter(sso_identities::issuer.eq(issuer))
        .filter(sso_identities::subject.eq(subject))
        .execute(connection_))?;
    on!(conn, connection_ => diesel::update(sso_identities::table)
        .filter(sso_identities::member_pk.eq(member))
        .filter(sso_identities::connection_pk.eq(connection))
        .set((
            sso_identities::issuer.eq(issuer),
            sso_identities::subject.eq(subject),
            sso_identities::noted_at.eq(now),
            sso_identities::asked_issuer.eq(None::<String>),
            sso_identities::asked_subject.eq(None::<String>),
            sso_identities::asked_at.eq(None::<Timestamp>),
        ))
        .execute(connection_))?;
    Ok(())
}
