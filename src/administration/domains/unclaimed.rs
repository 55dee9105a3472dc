//! Unclaimed accounts of a domain (DOMAIN.md, *Words*: unmanaged users).

use super::{Result, require_verified};
use crate::administration::Page;
use crate::enterprise::AccountPk;
use crate::store::users::{self, UnclaimedRow};
use crate::store::{Conn, StoreResult};

/// Lists people who have proved an address in the domain and are not members, in the order in which
/// they became known.
///
/// # Errors
/// Fails if the domain does not exist or is not verified.
pub fn unclaimed(
    conn: &mut Conn,
    enterprise: AccountPk,
    id: &str,
    after: i64,
    limit: i64,
) -> Result<Page<UnclaimedRow>> {
    let domain = require_verified(conn, enterprise, id)?;
    Ok(unclaimed_after(conn, enterprise, &domain.name, after, limit)?)
}

/// Like [`unclaimed`], for a domain that the caller knows to be verified by the account.
pub fn unclaimed_after(
    conn: &mut Conn,
    enterprise: AccountPk,
    domain: &str,
    after: i64,
    limit: i64,
) -> StoreResult<Page<UnclaimedRow>> {
    let rows = users::unclaimed(conn, enterprise, domain, after, limit + 1)?;
    Ok(Page::of(rows, limit, |row| row.pk.0))
}
