//! The migrations of both databases make the same schema, and `store/tables.rs` says what it is.

use std::collections::{BTreeMap, BTreeSet};

use diesel::sql_types::{Bool, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};
use insomnia_scim::store::{DatabaseUrl, Store};

use crate::support::Database;

/// What the release before still reads and writes, and this one does not.
const RETIRED: [&str; 3] = ["enterprises.members_ever", "members.user_pk", "outbox.*"];

/// Types that both databases have, by whatever name.
fn kind(name: &str) -> &'static str {
    match name.to_ascii_uppercase().as_str() {
        "INTEGER" | "BIGINT" => "number",
        "TEXT" => "text",
        "BLOB" | "BYTEA" | "BINARY" => "bytes",
        "BOOLEAN" | "BOOL" => "truth",
        other => panic!("{other} is no type that both databases have"),
    }
}

/// Columns by `table.name`: type, and whether there is always a value. What is unique: table,
/// columns, and whether it is so under a condition. How many checks a table has.
#[derive(Debug, Default, PartialEq)]
struct Schema {
    columns: BTreeMap<String, (&'static str, bool)>,
    unique: BTreeSet<(String, String, bool)>,
    checks: BTreeMap<String, usize>,
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    relation: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    required: bool,
}

#[derive(QueryableByName)]
struct Unique {
    #[diesel(sql_type = Text)]
    relation: String,
    #[diesel(sql_type = Text)]
    columns: String,
    #[diesel(sql_type = Bool)]
    partial: bool,
}

#[derive(QueryableByName)]
struct Definition {
    #[diesel(sql_type = Text)]
    relation: String,
    #[diesel(sql_type = Text)]
    text: String,
}

impl Schema {
    fn new(columns: Vec<Column>, unique: Vec<Unique>, checks: Vec<Definition>) -> Self {
        let columns = columns.into_iter().map(|column| {
            (format!("{}.{}", column.relation, column.name), (kind(&column.kind), column.required))
        });
        let unique = unique.into_iter().map(|it| (it.relation, it.columns, it.partial));
        let mut counted = BTreeMap::new();
        for Definition { relation, text } in checks {
            *counted.entry(relation).or_default() += text.matches("CHECK").count();
        }
        counted.retain(|_, count| *count > 0);
        Self { columns: columns.collect(), unique: unique.collect(), checks: counted }
    }
}

fn sqlite() -> Schema {
    let database = Database::sqlite();
    Store::migrate(&database.url).unwrap();
    let mut connection = SqliteConnection::establish(database.path()).unwrap();
    let tables = "(SELECT name FROM sqlite_master WHERE type = 'table' \
        AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '__diesel%') t";
    let columns = diesel::sql_query(format!(
        "SELECT t.name AS relation, c.name, c.type AS kind, c.\"notnull\" OR c.pk > 0 AS required \
         FROM {tables}, pragma_table_info(t.name) c"
    ));
    let unique = diesel::sql_query(format!(
        "SELECT t.name AS relation, (SELECT group_concat(coalesce(name, '()')) FROM \
         (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) AS columns, \
         i.partial AS partial FROM {tables}, pragma_index_list(t.name) i WHERE i.\"unique\" \
         UNION SELECT t.name, (SELECT group_concat(name) FROM (SELECT name FROM \
         pragma_table_info(t.name) WHERE pk > 0 ORDER BY pk)), 0 FROM {tables}"
    ));
    let checks = diesel::sql_query(
        "SELECT name AS relation, sql AS text FROM sqlite_master WHERE type = 'table' \
         AND sql IS NOT NULL",
    );
    Schema::new(
        columns.load(&mut connection).unwrap(),
        unique.load(&mut connection).unwrap(),
        checks.load(&mut connection).unwrap(),
    )
}

fn postgres() -> Option<Schema> {
    let database = Database::postgres()?;
    Store::migrate(&database.url).unwrap();
    let DatabaseUrl::Postgres(url) = &database.url else { panic!("PostgreSQL is no file") };
    let mut connection = PgConnection::establish(url).unwrap();
    let columns = diesel::sql_query(
        "SELECT table_name::text AS relation, column_name::text AS name, data_type::text AS kind, \
         is_nullable = 'NO' AS required FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_diesel%'",
    );
    let unique = diesel::sql_query(
        "SELECT c.relname::text AS relation, (SELECT string_agg(coalesce(a.attname, '()'), ',' \
         ORDER BY k.place) FROM unnest(i.indkey) WITH ORDINALITY k(number, place) \
         LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number) AS columns, \
         i.indpred IS NOT NULL AS partial FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
         JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE n.nspname = 'public' AND i.indisunique AND c.relname NOT LIKE '\\_\\_diesel%'",
    );
    let checks = diesel::sql_query(
        "SELECT c.relname::text AS relation, 'CHECK' AS text FROM pg_constraint k \
         JOIN pg_class c ON c.oid = k.conrelid WHERE k.contype = 'c'",
    );
    Some(Schema::new(
        columns.load(&mut connection).unwrap(),
        unique.load(&mut connection).unwrap(),
        checks.load(&mut connection).unwrap(),
    ))
}

/// What `store/tables.rs` declares.
fn declared() -> BTreeMap<String, (&'static str, bool)> {
    let source = include_str!("../../src/store/tables.rs");
    let mut columns = BTreeMap::new();
    for table in source.split("diesel::table! {").skip(1) {
        let (head, body) = table.trim_start().split_once('{').unwrap();
        let name = head.split_whitespace().next().unwrap();
        for column in body.split('}').next().unwrap().split(',') {
            let Some((column, text)) = column.split_once("->") else { continue };
            let text = text.trim();
            let inner = text.strip_prefix("Nullable<").and_then(|text| text.strip_suffix('>'));
            let kind = kind(inner.unwrap_or(text));
            columns.insert(format!("{name}.{}", column.trim()), (kind, inner.is_none()));
        }
    }
    columns
}

#[test]
fn the_migrations_of_both_databases_make_one_schema() {
    let one = sqlite();
    assert!(one.columns.len() > 400 && one.unique.len() > 50 && one.checks.len() > 5, "{one:?}");
    let Some(other) = postgres() else { return };
    assert_eq!(one.columns, other.columns);
    assert_eq!(one.unique, other.unique);
    assert_eq!(one.checks, other.checks);
}

#[test]
fn the_tables_that_are_declared_are_those_that_there_are() {
    let mut there = sqlite().columns;
    there.retain(|name, _| {
        !RETIRED.iter().any(|retired| match retired.strip_suffix('*') {
            Some(table) => name.starts_with(table),
            None => name == retired,
        })
    });
    assert_eq!(declared(), there);
}
