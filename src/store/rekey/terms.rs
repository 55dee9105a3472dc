//! Stored terms of things that a release without search has made.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::rewrite::{BATCH, at_once};
use crate::enterprise::AccountPk;
use crate::enterprise::search::{Findable, Terms};
use crate::store::connection::{Conn, on};
use crate::store::error::StoreResult;
use crate::store::search;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    pk: i64,
    #[diesel(sql_type = BigInt)]
    account: AccountPk,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Nullable<Text>)]
    display_name: Option<String>,
    #[diesel(sql_type = Text)]
    document: String,
}

impl Row {
    fn terms(&self, kind: Findable) -> Terms {
        match kind {
            Findable::Member => {
                Terms::of_member(&self.name, self.display_name.as_deref(), &self.document)
            }
            _ => Terms::of_name(&self.name),
        }
    }
}

/// Where the things of a kind are: table, account and name.
const fn place(kind: Findable) -> (&'static str, &'static str, &'static str) {
    match kind {
        Findable::Member => ("members", "enterprise_pk", "user_name"),
        Findable::Team => ("teams", "enterprise_pk", "name"),
        Findable::Organization => ("organizations", "enterprise_pk", "name"),
        Findable::Account => ("enterprises", "CAST(0 AS BIGINT)", "name"),
        Findable::Code => ("activation_codes", "CAST(0 AS BIGINT)", "customer"),
    }
}

/// Stores the terms that are missing, of everything.
pub(super) fn run(conn: &mut Conn) -> StoreResult<()> {
    Findable::ALL.iter().try_for_each(|kind| fill(conn, *kind))
}

fn fill(conn: &mut Conn, kind: Findable) -> StoreResult<()> {
    let (table, account, name) = place(kind);
    let further = match kind {
        Findable::Member => "display_name, document",
        _ => "CAST(NULL AS TEXT) AS display_name, '' AS document",
    };
    let query = format!(
        "SELECT pk, {account} AS account, {name} AS name, {further} FROM {table} \
         WHERE pk > $1 ORDER BY pk LIMIT {BATCH}"
    );
    let mut after = i64::MIN;
    loop {
        let rows: Vec<Row> = on!(conn, connection => sql_query(query.as_str())
            .bind::<BigInt, _>(after)
            .load(connection))?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = last.pk;
        at_once(conn, |conn| {
            rows.iter().try_for_each(|row| {
                search::insert(conn, row.account, kind, row.pk, &row.terms(kind))
            })
        })?;
    }
}
