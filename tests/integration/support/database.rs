//! A database for one test.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, RunQueryDsl};
use insomnia_scim::store::DatabaseUrl;

use super::template;

/// A database of the test's own, removed at the end.
pub struct Database {
    pub url: DatabaseUrl,
    clean_up: CleanUp,
}

enum CleanUp {
    /// The folder goes with the value.
    Folder { _folder: tempfile::TempDir },
    /// The server's URL, and the database to drop there.
    Drop { server: String, name: String },
}

/// The variable that names the PostgreSQL server for tests.
const SERVER: &str = "INSOMNIA_SCIM_TEST_POSTGRES";

/// Returns the URL of the test server, if there is one.
fn server() -> Option<String> {
    let server = std::env::var(SERVER).ok();
    if server.is_none() {
        assert!(std::env::var_os("CI").is_none(), "{SERVER} must be set in CI");
        eprintln!("not run on PostgreSQL: {SERVER} names no server (tests/run starts one)");
    }
    server
}

/// Returns the URL of a database on a server.
pub fn on(server: &str, name: &str) -> DatabaseUrl {
    let (base, _) = server.rsplit_once('/').unwrap();
    DatabaseUrl::parse(&format!("{base}/{name}")).unwrap()
}

impl Database {
    /// The path of a file that does not exist yet.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db");
        let url = DatabaseUrl::parse(&format!("sqlite://{}", path.display())).unwrap();
        Self { url, clean_up: CleanUp::Folder { _folder: folder } }
    }

    /// A file as it is after `insomnia-scim migrate`.
    pub fn migrated_sqlite() -> Self {
        let database = Self::sqlite();
        template::write_file(database.path());
        database
    }

    /// An empty database on the test server. Without a server nothing is tested, which is said; in
    /// CI it is a failure.
    pub fn postgres() -> Option<Self> {
        Some(Self::on_server(server()?, ""))
    }

    /// A database on the test server as it is after `insomnia-scim migrate`.
    pub fn migrated_postgres() -> Option<Self> {
        let server = server()?;
        let template = template::on_server(&server);
        Some(Self::on_server(server, &format!(" TEMPLATE {template}")))
    }

    fn on_server(server: String, how: &str) -> Self {
        let name = format!("test_{}", uuid::Uuid::new_v4().simple());
        PgConnection::establish(&server)
            .unwrap()
            .batch_execute(&format!("CREATE DATABASE {name}{how}"))
            .unwrap();
        Self { url: on(&server, &name), clean_up: CleanUp::Drop { server, name } }
    }

    /// Its URL as a setting.
    pub fn address(&self) -> String {
        match &self.url {
            DatabaseUrl::Sqlite(path) => format!("sqlite://{path}"),
            DatabaseUrl::Postgres(url) => url.clone(),
        }
    }

    /// Whether it is a file of SQLite.
    pub fn is_file(&self) -> bool {
        matches!(self.url, DatabaseUrl::Sqlite(_))
    }

    /// The path of its file.
    pub fn path(&self) -> &str {
        let DatabaseUrl::Sqlite(path) = &self.url else { panic!("only SQLite is a file") };
        path
    }

    /// How many rows there are, in a table and with a condition as SQL has them.
    pub fn count(&self, rows: &str) -> i64 {
        #[derive(diesel::QueryableByName)]
        struct Count {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            count: i64,
        }
        let query = diesel::sql_query(format!("SELECT count(*) AS count FROM {rows}"));
        let found: Count = match &self.url {
            DatabaseUrl::Sqlite(path) => {
                query.get_result(&mut diesel::SqliteConnection::establish(path).unwrap())
            }
            DatabaseUrl::Postgres(url) => {
                query.get_result(&mut PgConnection::establish(url).unwrap())
            }
        }
        .unwrap();
        found.count
    }

    /// Whether it is a file.
    pub fn is_embedded(&self) -> bool {
        matches!(self.url, DatabaseUrl::Sqlite(_))
    }

    /// How the database runs a query, planned as for the server.
    pub fn plan(&self, query: &str) -> String {
        #[derive(diesel::QueryableByName)]
        struct Step {
            #[diesel(sql_type = diesel::sql_types::Text)]
            detail: String,
        }
        #[derive(diesel::QueryableByName)]
        struct Line {
            #[diesel(sql_type = diesel::sql_types::Text, column_name = "QUERY PLAN")]
            line: String,
        }
        let lines: Vec<String> = match &self.url {
            DatabaseUrl::Sqlite(path) => {
                let mut connection = diesel::SqliteConnection::establish(path).unwrap();
                let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {query}"))
                    .load(&mut connection)
                    .unwrap();
                steps.into_iter().map(|step| step.detail).collect()
            }
            DatabaseUrl::Postgres(url) => {
                let mut connection = PgConnection::establish(url).unwrap();
                let settings = "SET enable_seqscan = off; SET enable_hashjoin = off; \
                    SET enable_mergejoin = off;";
                connection.batch_execute(settings).unwrap();
                let lines: Vec<Line> =
                    diesel::sql_query(format!("EXPLAIN {query}")).load(&mut connection).unwrap();
                lines.into_iter().map(|line| line.line).collect()
            }
        };
        lines.join("\n")
    }

    /// All mail that waits may be sent now, sealed or not.
    pub fn let_mail_be_due(&self) {
        const ERA: &str = "1000000000000000";
        self.execute(&format!(
            "UPDATE mails SET next_attempt_at = \
             CASE WHEN next_attempt_at >= {ERA} THEN {ERA} ELSE 0 END WHERE sent_at IS NULL"
        ));
    }

    /// Runs statements behind the server's back.
    pub fn execute(&self, statements: &str) {
        self.try_execute(statements).unwrap();
    }

    /// The same, with the database's refusal.
    pub fn try_execute(&self, statements: &str) -> Result<(), String> {
        match &self.url {
            DatabaseUrl::Sqlite(path) => diesel::SqliteConnection::establish(path)
                .unwrap()
                // The server may be writing.
                .batch_execute(&format!("PRAGMA busy_timeout = 10000; {statements}")),
            DatabaseUrl::Postgres(url) => {
                PgConnection::establish(url).unwrap().batch_execute(statements)
            }
        }
        .map_err(|error| error.to_string())
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let CleanUp::Drop { server, name } = &self.clean_up
            && let Ok(mut connection) = PgConnection::establish(server)
        {
            // A test that failed has said so already; a database left behind dies with its server.
            let _ = connection.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"));
        }
    }
}
