//! Whether this release serves the schema of a database.
//!
//! A release reads and writes its own schema and that of the previous release, so that nodes can be
//! replaced one by one: first the binaries and then, when no older one runs any more, the schema. A
//! schema that is newer than the binary may contain things that the binary does not know.

use diesel::migration::{Migration, MigrationSource};
use diesel::prelude::*;
use diesel_migrations::EmbeddedMigrations;

use super::connection::{Backend, Conn, on};
use super::error::{StoreError, StoreResult};

/// The last migration of the previous release: the oldest schema that this release serves.
pub const SERVES_FROM: &str = "20261129000032";

diesel::table! {
    /// Diesel's own record of the migrations that ran.
    __diesel_schema_migrations (version) {
        version -> Text,
    }
}

/// How the schema of a database relates to this release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schema {
    /// This release's schema.
    Current,
    /// The previous release's schema, which this one serves as well.
    Previous,
    /// Something is missing that this release needs.
    Older,
    /// A newer release has migrated the database; contains its migration.
    Newer(String),
}

/// Compares the migrations that ran with those that this release knows.
pub fn of(conn: &mut Conn) -> StoreResult<Schema> {
    let known = known(conn)?;
    let ran: Vec<String> = on!(conn, connection => __diesel_schema_migrations::table
        .select(__diesel_schema_migrations::version)
        .load(connection))?;
    Ok(compare(&known, &ran))
}

/// Checks that this release serves the schema.
///
/// # Errors
/// Returns [`StoreError::Schema`], with what to do, if it does not.
pub fn require(conn: &mut Conn) -> StoreResult<Schema> {
    match of(conn)? {
        Schema::Older => Err(StoreError::Schema(
            "the database's schema is older than this release serves. Run `insomnia-scim migrate`."
                .to_owned(),
        )),
        Schema::Newer(version) => Err(StoreError::Schema(format!(
            "the database's schema is newer than this release: it has the migration {version}. Run \
             the release that created it, or a newer one."
        ))),
        schema => Ok(schema),
    }
}

/// Returns whether the schema is this release's own, with all of its tables. While nodes are replaced
/// it is still the previous one.
pub fn is_current(conn: &mut Conn) -> StoreResult<bool> {
    Ok(of(conn)? == Schema::Current)
}

fn known(conn: &Conn) -> StoreResult<Vec<String>> {
    fn versions<DB: diesel::backend::Backend>(
        source: &EmbeddedMigrations,
    ) -> StoreResult<Vec<String>> {
        let migrations: Vec<Box<dyn Migration<DB>>> =
            source.migrations().map_err(|error| StoreError::Migration(error.to_string()))?;
        Ok(migrations.iter().map(|migration| migration.name().version().to_string()).collect())
    }
    match &conn.backend {
        Backend::Sqlite(_) => versions::<diesel::sqlite::Sqlite>(&super::migrations::SQLITE),
        Backend::Postgres(_) => versions::<diesel::pg::Pg>(&super::migrations::POSTGRES),
    }
}

fn compare(known: &[String], ran: &[String]) -> Schema {
    if let Some(newer) = ran.iter().find(|version| !known.contains(version)) {
        return Schema::Newer(newer.clone());
    }
    let missing: Vec<&String> = known.iter().filter(|version| !ran.contains(version)).collect();
    match missing.iter().all(|version| version.as_str() > SERVES_FROM) {
        true if missing.is_empty() => Schema::Current,
        true => Schema::Previous,
        false => Schema::Older,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_served_from_the_last_release_on_and_never_beyond_this_one() {
        let versions =
            |all: &[&str]| all.iter().map(|version| (*version).to_owned()).collect::<Vec<_>>();
        let known = versions(&["20250101000000", SERVES_FROM, "29990101000000"]);
        assert_eq!(compare(&known, &known), Schema::Current);
        assert_eq!(compare(&known, &known[..2]), Schema::Previous);
        assert_eq!(compare(&known, &known[..1]), Schema::Older);
        assert_eq!(compare(&known, &[]), Schema::Older);
        let newer = versions(&["20250101000000", SERVES_FROM, "29990101000000", "30000101000000"]);
        assert_eq!(compare(&known, &newer), Schema::Newer("30000101000000".to_owned()));
    }
}
