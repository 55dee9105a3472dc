//! Rewrites one column of keys after the other, in batches of rows.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Text};

use crate::enterprise::AccountPk;
use crate::enterprise::name::Named;
use crate::store::connection::{Backend, Conn, on};
use crate::store::error::StoreResult;
use crate::store::name_conflicts::{self, NewConflict, apart};

/// The number of rows that are read and written at once.
pub(super) const BATCH: i64 = 1_000;

/// A column of keys, as SQL fragments.
pub(super) struct Keys {
    pub table: &'static str,
    /// The row of the account within which the keys are unique, or [`EVERYWHERE`].
    pub account: &'static str,
    pub id: &'static str,
    pub text: &'static str,
    pub key: &'static str,
    /// The condition that selects the rows whose keys must be unique.
    pub unique: &'static str,
    pub kind: Named,
    pub make: fn(&str) -> String,
}

/// The account for keys that are unique across all accounts.
pub(super) const EVERYWHERE: &str = "CAST(0 AS BIGINT)";
/// Selects every row.
pub(super) const ALWAYS: &str = "1 = 1";
/// Selects no row.
pub(super) const NEVER: &str = "1 = 0";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    pk: i64,
    #[diesel(sql_type = BigInt)]
    account: AccountPk,
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    text: String,
    #[diesel(sql_type = Text)]
    key: String,
    #[diesel(sql_type = Bool)]
    is_unique: bool,
}

impl Row {
    /// Returns `true` if the row has this key, or one of its own because another row has it.
    fn has(&self, key: &str) -> bool {
        self.key == key || self.key == apart(key, self.pk)
    }
}

/// Goes through a table and rewrites the keys that were made by other rules.
pub(super) fn rewrite(conn: &mut Conn, keys: &Keys) -> StoreResult<()> {
    let query = format!(
        "{} WHERE pk > $1 AND {} IS NOT NULL ORDER BY pk LIMIT {BATCH}",
        keys.select(),
        keys.key
    );
    let mut after = i64::MIN;
    loop {
        let rows: Vec<Row> = on!(conn, connection => sql_query(query.as_str())
            .bind::<BigInt, _>(after)
            .load(connection))?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.pk;
        let made = rows.into_iter().map(|row| ((keys.make)(&row.text), row));
        let others: Vec<(String, Row)> = made.filter(|(key, row)| !row.has(key)).collect();
        if !others.is_empty() {
            at_once(conn, |conn| {
                others.iter().try_for_each(|(key, row)| put(conn, keys, row, key))
            })?;
        }
    }
}

/// Runs the work in a transaction.
pub(super) fn at_once(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> StoreResult<()>,
) -> StoreResult<()> {
    conn.execute("BEGIN")?;
    match work(conn) {
        Ok(()) => conn.execute("COMMIT"),
        Err(error) => {
            // Return the original error; a lost connection has rolled back already.
            let _ = conn.execute("ROLLBACK");
            Err(error)
        }
    }
}

/// Keeps others from changing a row until the transaction ends. On SQLite nobody else writes.
pub(super) fn lock(conn: &mut Conn, table: &str, pk: i64) -> StoreResult<()> {
    if let Backend::Postgres(connection) = &mut conn.backend {
        let query = format!("SELECT pk FROM {table} WHERE pk = $1 FOR UPDATE");
        sql_query(query).bind::<BigInt, _>(pk).execute(connection)?;
    }
    Ok(())
}

fn put(conn: &mut Conn, keys: &Keys, row: &Row, key: &str) -> StoreResult<()> {
    let holder = if row.is_unique { keys.holder(conn, row, key)? } else { None };
    let Some(holder) = holder else { return keys.write(conn, row, key) };
    let (first, later) = if holder.pk < row.pk { (&holder, row) } else { (row, &holder) };
    keys.write(conn, later, &apart(key, later.pk))?;
    keys.write(conn, first, key)?;
    name_conflicts::insert(
        conn,
        &NewConflict {
            enterprise_pk: (row.account.0 > 0).then_some(row.account),
            kind: keys.kind,
            subject: (&later.id, &later.text),
            other: (&first.id, &first.text),
        },
    )
}

/// Gives a row that was kept apart the key of its name, if no other row has it any more.
pub(super) fn settle(conn: &mut Conn, keys: &Keys, id: &str) -> StoreResult<()> {
    let query = format!("{} WHERE {} = $1", keys.select(), keys.id);
    let rows: Vec<Row> = on!(conn, connection => sql_query(query)
        .bind::<Text, _>(id)
        .load(connection))?;
    for row in rows {
        let key = (keys.make)(&row.text);
        if row.key == apart(&key, row.pk) && keys.holder(conn, &row, &key)?.is_none() {
            keys.write(conn, &row, &key)?;
        }
    }
    Ok(())
}

impl Keys {
    fn select(&self) -> String {
        let Self { table, account, id, text, key, unique, .. } = self;
        format!(
            "SELECT pk, {account} AS account, {id} AS id, {text} AS text, {key} AS key, \
             ({unique}) AS is_unique FROM {table}"
        )
    }

    /// Returns the other row that has the key and conflicts with this one.
    fn holder(&self, conn: &mut Conn, row: &Row, key: &str) -> StoreResult<Option<Row>> {
        let query = format!(
            "{} WHERE {} = $1 AND {} = $2 AND pk <> $3 AND {} LIMIT 1",
            self.select(),
            self.account,
            self.key,
            self.unique
        );
        let found: Vec<Row> = on!(conn, connection => sql_query(query)
            .bind::<BigInt, _>(row.account)
            .bind::<Text, _>(key)
            .bind::<BigInt, _>(row.pk)
            .load(connection))?;
        Ok(found.into_iter().next())
    }

    /// Writes the key of a row, unless the row has another text by now: servers may be at work, and
    /// whoever changed the text has written its key.
    fn write(&self, conn: &mut Conn, row: &Row, key: &str) -> StoreResult<()> {
        let Self { table, key: column, text, .. } = self;
        let statement = format!("UPDATE {table} SET {column} = $1 WHERE pk = $2 AND {text} = $3");
        on!(conn, connection => sql_query(statement)
            .bind::<Text, _>(key)
            .bind::<BigInt, _>(row.pk)
            .bind::<Text, _>(&row.text)
            .execute(connection))?;
        Ok(())
    }
}
