//! A migrated database, made once for all tests of a process, of which each test gets a copy.
//!
//! Tests that start the program, and those of migrations, begin with an empty database.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::{LazyLock, Mutex, OnceLock};

use diesel::connection::SimpleConnection;
use diesel::sql_types::{Bool, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl};
use insomnia_scim::store::{DatabaseUrl, Store};

use super::database;

/// Writes a migrated file of SQLite.
pub fn write_file(path: &str) {
    static CONTENT: LazyLock<Vec<u8>> = LazyLock::new(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("template.db");
        Store::migrate(&DatabaseUrl::Sqlite(path.display().to_string())).unwrap();
        let log = folder.path().join("template.db-wal");
        assert!(!log.exists(), "the migrated file is not complete without its log");
        let mut content = Vec::new();
        File::open(path).unwrap().read_to_end(&mut content).unwrap();
        content
    });
    // Readable by its owner only, as the server makes it.
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).unwrap();
    file.write_all(&CONTENT).unwrap();
}

/// Returns the name of a migrated database on this server, which `CREATE DATABASE` copies.
pub fn on_server(server: &str) -> &'static str {
    // The connection holds the claim to the template until the process ends.
    static TEMPLATE: OnceLock<(String, Mutex<PgConnection>)> = OnceLock::new();
    let (name, _) = TEMPLATE.get_or_init(|| {
        let mut connection = PgConnection::establish(server).unwrap();
        let name = format!("{PREFIX}{}", uuid::Uuid::new_v4().simple());
        assert!(claim(&mut connection, &name));
        drop_left_behind(&mut connection);
        connection.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        Store::migrate(&database::on(server, &name)).unwrap();
        (name, Mutex::new(connection))
    });
    name
}

/// How the names of templates begin.
const PREFIX: &str = "test_template_";

/// Drops the templates of processes that have ended: a process cannot drop its own, because nothing
/// runs after its last test.
fn drop_left_behind(connection: &mut PgConnection) {
    #[derive(QueryableByName)]
    struct Template {
        #[diesel(sql_type = Text)]
        name: String,
    }
    let templates: Vec<Template> = diesel::sql_query(format!(
        "SELECT datname::text AS name FROM pg_database WHERE starts_with(datname, '{PREFIX}')"
    ))
    .load(connection)
    .unwrap();
    for Template { name } in templates {
        if claim(connection, &name) {
            connection.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).unwrap();
        }
    }
}

/// Claims a template until the connection ends; returns `false` if another process has claimed it.
fn claim(connection: &mut PgConnection, name: &str) -> bool {
    #[derive(QueryableByName)]
    struct Claim {
        #[diesel(sql_type = Bool)]
        taken: bool,
    }
    let claim = format!("SELECT pg_try_advisory_lock(hashtext('{name}')) AS taken");
    diesel::sql_query(claim).get_result::<Claim>(connection).unwrap().taken
}
