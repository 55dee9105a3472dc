//! Addresses that people have proved. If two people have proved addresses that are equal by the
//! current rules, both keep them: the later one under a key that nothing else can have.

use diesel::prelude::*;

use super::rewrite::BATCH;
use crate::enterprise::address;
use crate::store::connection::{Conn, on};
use crate::store::error::StoreResult;
use crate::store::name_conflicts;
use crate::store::tables::user_addresses;

/// Rewrites the keys and domains that were made by other rules.
pub(super) fn run(conn: &mut Conn) -> StoreResult<()> {
    let mut after = String::new();
    loop {
        let rows: Vec<(String, i64, String, String)> = on!(conn, connection => user_addresses::table
            .filter(user_addresses::email_key.gt(&after))
            .order(user_addresses::email_key)
            .limit(BATCH)
            .select((
                user_addresses::email_key,
                user_addresses::user_pk,
                user_addresses::email,
                user_addresses::email_domain,
            ))
            .load(connection))?;
        let Some((last, ..)) = rows.last() else { return Ok(()) };
        after = last.clone();
        for (former, person, email, domain) in rows {
            let (key, new_domain) = (address::key(&email), address::domain(&email));
            let new_domain = new_domain.unwrap_or_default();
            if key == former && new_domain == domain {
                continue;
            }
            let taken: bool = on!(conn, connection => diesel::select(diesel::dsl::exists(
                user_addresses::table
                    .filter(user_addresses::email_key.eq(&key))
                    .filter(user_addresses::email_key.ne(&former)),
            ))
            .get_result(connection))?;
            let key = if taken { name_conflicts::apart(&key, person) } else { key };
            on!(conn, connection => diesel::update(user_addresses::table)
                .filter(user_addresses::email_key.eq(&former))
                .set((
                    user_addresses::email_key.eq(&key),
                    user_addresses::email_domain.eq(&new_domain),
                ))
                .execute(connection))?;
        }
    }
}
