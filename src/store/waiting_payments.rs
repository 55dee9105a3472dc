//! Payments that wait for the end of a trial.

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::tables::waiting_payments;
use crate::enterprise::plan::Plan;
use crate::enterprise::{AccountPk, Timestamp};

/// A waiting payment as stored in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = waiting_payments, treat_none_as_null = true)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct PaymentRow {
    pub enterprise_pk: AccountPk,
    pub plan: Plan,
    pub seats: i64,
    pub ends_at: Option<Timestamp>,
    pub paid_at: Timestamp,
}

/// Returns the payment that waits for an account, if there is one.
pub fn of_account(conn: &mut Conn, enterprise: AccountPk) -> StoreResult<Option<PaymentRow>> {
    Ok(on!(conn, connection => waiting_payments::table
        .filter(waiting_payments::enterprise_pk.eq(enterprise))
        .select(PaymentRow::as_select())
        .first(connection)
        .optional())?)
}

/// Stores the payment in place of an earlier one.
pub fn put(conn: &mut Conn, row: &PaymentRow) -> StoreResult<()> {
    on!(conn, connection => diesel::insert_into(waiting_payments::table)
        .values(row)
        .on_conflict(waiting_payments::enterprise_pk)
        .do_update()
        .set(row)
        .execute(connection))?;
    Ok(())
}

/// Deletes the payment of an account.
pub fn delete(conn: &mut Conn, enterprise: AccountPk) -> StoreResult<()> {
    on!(conn, connection => diesel::delete(waiting_payments::table)
        .filter(waiting_payments::enterprise_pk.eq(enterprise))
        .execute(connection))?;
    Ok(())
}
