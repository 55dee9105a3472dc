//! The accounts that persons have made for themselves, one for each person.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::own_accounts;
use crate::enterprise::{AccountPk, PersonPk, Timestamp};

/// A person's own account as stored in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = own_accounts)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct OwnAccountRow {
    pub user_pk: PersonPk,
    pub enterprise_pk: AccountPk,
    pub made_at: Timestamp,
}

/// Returns the account that a person has made for themselves, if any.
pub fn of_person(conn: &mut Conn, person: PersonPk) -> StoreResult<Option<OwnAccountRow>> {
    Ok(on!(conn, connection => own_accounts::table
        .filter(own_accounts::user_pk.eq(person))
        .select(OwnAccountRow::as_select())
        .first(connection)
        .optional())?)
}

/// Records the account that a person makes. Returns `true` unless they have one already, which may
/// have been made by a concurrent request.
pub fn insert(
    conn: &mut Conn,
    person: PersonPk,
    enterprise: AccountPk,
    now: Timestamp,
) -> StoreResult<bool> {
    let inserted = on!(conn, connection => diesel::insert_into(own_accounts::table)
        .values((
            own_accounts::user_pk.eq(person),
            own_accounts::enterprise_pk.eq(enterprise),
            own_accounts::made_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(connection))?;
    Ok(inserted == 1)
}

/// Forgets the account that a person has made, so that they can make another one.
pub fn delete(conn: &mut Conn, person: PersonPk) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(own_accounts::table)
        .filter(own_accounts::user_pk.eq(person))
        .execute(connection))?;
    Ok(())
}
