//! Mail that waits to be sent, written in the transaction that causes it.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::outbox;
use crate::enterprise::Timestamp;

/// A mail in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = outbox)]
#[allow(missing_docs)] // the columns are documented where they are made
pub struct MailRow {
    pub pk: i64,
    pub recipient: String,
    pub subject: String,
    pub body: String,
    pub created_at: i64,
    pub sent_at: Option<i64>,
}

/// Puts a mail into the outbox.
///
/// # Errors
/// The database's.
pub fn insert(
    conn: &mut Conn,
    enterprise: i64,
    recipient: &str,
    subject: &str,
    body: &str,
    now: Timestamp,
) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(outbox::table)
        .values((
            outbox::enterprise_pk.eq(enterprise),
            outbox::recipient.eq(recipient),
            outbox::subject.eq(subject),
            outbox::body.eq(body),
            outbox::created_at.eq(now.0),
        ))
        .execute(connection))?;
    Ok(())
}

/// The account's mails, oldest first, after row `after`.
///
/// # Errors
/// The database's.
pub fn of_enterprise(
    conn: &mut Conn,
    enterprise: i64,
    after: i64,
    limit: i64,
) -> StoreResult<Vec<MailRow>> {
    Ok(on!(conn, connection => outbox::table
        .filter(outbox::enterprise_pk.eq(enterprise))
        .filter(outbox::pk.gt(after))
        .order(outbox::pk)
        .limit(limit)
        .select(MailRow::as_select())
        .load(connection))?)
}
