//! Copies of the embedded database: backup while it is served, and restore while it is not.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use uuid::Uuid;

use super::connection::{Conn, DatabaseUrl, Purpose, on};
use super::database_file;
use super::error::StoreError;
use super::opening::Opening;
use super::schema::{self, Schema};

/// The suffixes of the log files that belong to a database.
const LOGS: [&str; 2] = ["-wal", "-shm"];

/// What a copy contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The size of the file in bytes.
    pub bytes: u64,
    /// The number of accounts.
    pub accounts: i64,
    /// The number of members of all accounts.
    pub members: i64,
}

/// The result of a restore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What the restored copy contains.
    pub summary: Summary,
    /// Where the previous database was moved to, if there was one.
    pub aside: Option<PathBuf>,
    /// Whether the database has to be migrated before this release serves it.
    pub has_to_be_migrated: bool,
}

/// Why a backup or a restore failed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database is PostgreSQL, which brings its own tools for this.
    #[error(
        "the database is PostgreSQL: use `pg_dump --format=custom --file=FILE \"$DATABASE_URL\"` to \
         back up, and `pg_restore --dbname=\"$DATABASE_URL\" FILE` to restore into an empty database"
    )]
    Postgres,
    /// A file with this name already exists.
    #[error("{} already exists. Choose another name, or use --force to replace it.", .0.display())]
    Exists(PathBuf),
    /// The target is the database itself, or one of its files that servers write to.
    #[error("{} belongs to the database itself. Name another file for the copy.", .0.display())]
    Itself(PathBuf),
    /// Another program has the database open.
    #[error("{} is open in another program. Close that first.", .0.display())]
    InUse(PathBuf),
    /// The file is not a usable copy: not a database of this server, damaged, or from a newer
    /// release.
    #[error("{} {what}", file.display())]
    Unusable {
        /// The copy.
        file: PathBuf,
        /// What is wrong with the copy, as the rest of a sentence.
        what: String,
    },
    /// An operation on the file system failed.
    #[error("{}: {error}", path.display())]
    Io {
        /// The path of the operation.
        path: PathBuf,
        /// The error of the operating system.
        error: io::Error,
    },
}

type Result<T> = std::result::Result<T, BackupError>;

fn at(path: &Path) -> impl Fn(io::Error) -> BackupError {
    let path = path.to_owned();
    move |error| BackupError::Io { path: path.clone(), error }
}

/// Writes a consistent copy of the database to a new file. The copy is checked and on disk when
/// this returns. Servers can write to the database meanwhile.
///
/// # Errors
/// Returns [`BackupError::Exists`] if the target exists, unless `replace` is set, and
/// [`BackupError::Itself`] in any case if the target belongs to the database. Fails if the database
/// cannot be read or the file cannot be written.
pub fn backup(url: &DatabaseUrl, target: &Path, replace: bool) -> Result<Summary> {
    let DatabaseUrl::Sqlite(path) = url else { return Err(BackupError::Postgres) };
    database_file::require(url, Opening::Existing)?;
    refuse_itself(Path::new(path), target)?;
    if target.exists() && !replace {
        return Err(BackupError::Exists(target.to_owned()));
    }
    let mut conn = Conn::open(url, Purpose::Migrate, None)?;
    schema::require(&mut conn)?;
    let copy = Partial::beside(target)?;
    copy_into(&mut conn, &copy)?;
    let (summary, _) = inspect(&copy.0)?;
    copy.become_file(target)?;
    Ok(summary)
}

/// Replaces the database with a copy. The previous database is kept under another name.
///
/// # Errors
/// Returns [`StoreError::Claimed`] while a server serves the database, [`BackupError::InUse`] while
/// another program has it open, and [`BackupError::Unusable`] if the copy is not a database, is
/// damaged, or is from a newer release.
pub fn restore(url: &DatabaseUrl, source: &Path) -> Result<Restored> {
    let DatabaseUrl::Sqlite(path) = url else { return Err(BackupError::Postgres) };
    let path = Path::new(path);
    let _claim = database_file::claim(url)?;
    refuse_itself(path, source)?;
    let unusable =
        |what: &str| BackupError::Unusable { file: source.to_owned(), what: what.to_owned() };
    if !source.is_file() {
        return Err(unusable("is not a file"));
    }
    let (_, schema) = inspect(source)?;
    if let Schema::Newer(version) = &schema {
        return Err(unusable(&format!(
            "was made by a newer release, which knows the migration {version}. Run that release."
        )));
    }
    // Copy the copy instead of renaming it: it may have a log of its own, and stays where it is.
    let copy = Partial::beside(path)?;
    copy_into(&mut Conn::look_at(&source.display().to_string())?, &copy)?;
    let (summary, _) = inspect(&copy.0)?;
    let aside = keep_aside(path)?;
    copy.become_file(path)?;
    Ok(Restored { summary, aside, has_to_be_migrated: schema != Schema::Current })
}

/// Refuses a file that is the database, under any of its names, or one of the files beside it: the
/// log, the key, the claim.
fn refuse_itself(database: &Path, file: &Path) -> Result<()> {
    // Also compare with the name that links resolve to: the files beside it are named after that.
    let real = fs::canonicalize(database).unwrap_or_else(|_| database.to_owned());
    let mut names = [database, &real].into_iter().flat_map(|name| {
        let beside = database_file::BESIDE.iter().map(|end| database_file::beside(name, end));
        beside.chain([name.to_owned()])
    });
    if names.any(|name| name == file || database_file::are_one(&name, file)) {
        Err(BackupError::Itself(file.to_owned()))
    } else {
        Ok(())
    }
}

/// Copies the database with `VACUUM INTO`, which reads a single snapshot. It neither blocks writers
/// nor starts again when they write, as SQLite's backup API does.
fn copy_into(conn: &mut Conn, copy: &Partial) -> Result<()> {
    let name = copy.0.display().to_string().replace('\'', "''");
    conn.execute(&format!("VACUUM INTO '{name}'"))?;
    Ok(())
}

/// Adds a hard link to the database and moves its logs to that name. Returns the link's path. At no
/// time is there no database, or one beside a log that belongs to another. The database must not be
/// open.
fn keep_aside(path: &Path) -> Result<Option<PathBuf>> {
    if !path.exists() {
        // Only logs are left of a database that was deleted: move them aside, too.
        return set_logs_aside(path, &free_name(path)).map(|()| None);
    }
    end_log(path)?;
    let aside = free_name(path);
    fs::hard_link(path, &aside).map_err(at(&aside))?;
    set_logs_aside(path, &aside)?;
    Ok(Some(aside))
}

/// Writes the log into the database and removes it. A damaged database stays as it is.
fn end_log(path: &Path) -> Result<()> {
    let url = DatabaseUrl::Sqlite(path.display().to_string());
    let mut conn = match Conn::open(&url, Purpose::Watch, None) {
        Ok(conn) => conn,
        Err(error) => {
            log::warn!("the database to be replaced could not be opened: {error}");
            return Ok(());
        }
    };
    let query = diesel::sql_query("PRAGMA journal_mode = DELETE");
    let mode: QueryResult<Mode> = on!(conn, connection => query.get_result(connection));
    match mode.map_err(StoreError::from) {
        Ok(Mode { journal_mode }) if journal_mode == "delete" => Ok(()),
        Ok(_) => Err(BackupError::InUse(path.to_owned())),
        Err(error) if error.is_held() => Err(BackupError::InUse(path.to_owned())),
        Err(_) => Ok(()),
    }
}

#[derive(QueryableByName)]
struct Mode {
    #[diesel(sql_type = Text)]
    journal_mode: String,
}

/// Returns a name beside the database that neither a database nor one of its logs uses.
fn free_name(path: &Path) -> PathBuf {
    let is_free = |aside: &Path| {
        !aside.exists() && LOGS.iter().all(|end| !database_file::beside(aside, end).exists())
    };
    let names = (0_u64..).map(|number| database_file::beside(path, &format!(".replaced-{number}")));
    names.into_iter().find(|aside| is_free(aside)).unwrap_or_default()
}

fn set_logs_aside(path: &Path, aside: &Path) -> Result<()> {
    for end in LOGS {
        let log = database_file::beside(path, end);
        if log.exists() {
            fs::rename(&log, database_file::beside(aside, end)).map_err(at(&log))?;
        }
    }
    sync_folder(path)
}

fn sync_folder(path: &Path) -> Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))
}

/// An incomplete file. It is deleted on drop unless it was renamed to its final name.
struct Partial(PathBuf);

impl Partial {
    /// Creates an empty file in the folder of another one, readable by its owner only.
    fn beside(path: &Path) -> Result<Self> {
        let partial = database_file::beside(path, &format!(".{}.partial", Uuid::new_v4().simple()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        options.open(&partial).map_err(at(&partial))?;
        Ok(Self(partial))
    }

    /// Flushes the file to disk and gives it its final name.
    fn become_file(self, path: &Path) -> Result<()> {
        File::open(&self.0).and_then(|file| file.sync_all()).map_err(at(&self.0))?;
        fs::rename(&self.0, path).map_err(at(path))?;
        sync_folder(path)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // After `become_file` there is nothing left to remove.
        let _ = fs::remove_file(&self.0);
    }
}

#[derive(QueryableByName)]
struct Check {
    #[diesel(sql_type = Text)]
    quick_check: String,
}

#[derive(QueryableByName)]
struct Counts {
    #[diesel(sql_type = BigInt)]
    accounts: i64,
    #[diesel(sql_type = BigInt)]
    members: i64,
}

/// Checks that the file is an intact database of this server and returns what it contains.
fn inspect(file: &Path) -> Result<(Summary, Schema)> {
    let unusable = |what: String| BackupError::Unusable { file: file.to_owned(), what };
    let no_database =
        |error: StoreError| unusable(format!("is not a database of this server: {error}"));
    let mut conn = Conn::look_at(&file.display().to_string()).map_err(no_database)?;
    let schema = schema::of(&mut conn).map_err(no_database)?;
    let checks: Vec<Check> =
        on!(conn, connection => diesel::sql_query("PRAGMA quick_check").load(connection))
            .map_err(|error| unusable(format!("is damaged: {error}")))?;
    if let Some(found) = checks.iter().find(|check| check.quick_check != "ok") {
        return Err(unusable(format!("is damaged: {}", found.quick_check)));
    }
    let counts = diesel::sql_query(
        "SELECT (SELECT count(*) FROM enterprises) AS accounts, \
         (SELECT count(*) FROM members) AS members",
    );
    let counts: QueryResult<Counts> = on!(conn, connection => counts.get_result(connection));
    let Counts { accounts, members } = counts.map_err(|error| no_database(error.into()))?;
    let bytes = fs::metadata(file).map_err(at(file))?.len();
    Ok((Summary { bytes, accounts, members }, schema))
}
