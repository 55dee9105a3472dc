//! Copies of the embedded database: made while it is served, and put back while it is not.

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

/// What ends the names of the files that belong to a database.
const LOGS: [&str; 2] = ["-wal", "-shm"];

/// What is in a copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Its length, in bytes.
    pub bytes: u64,
    /// Accounts in it.
    pub accounts: i64,
    /// Members of all accounts.
    pub members: i64,
}

/// What was put back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What is in it.
    pub summary: Summary,
    /// Where the database is now that was there before.
    pub aside: Option<PathBuf>,
    /// Whether it has to be migrated before this release serves it.
    pub has_to_be_migrated: bool,
}

/// Why a copy was not made, or not put back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database's.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// PostgreSQL has programs for this.
    #[error(
        "the database is PostgreSQL: use `pg_dump --format=custom --file=FILE \"$DATABASE_URL\"` to \
         back up, and `pg_restore --dbname=\"$DATABASE_URL\" FILE` to restore into an empty database"
    )]
    Postgres,
    /// There is a file of that name.
    #[error("{} is there already. Choose another name, or say --force to replace it.", .0.display())]
    Exists(PathBuf),
    /// The file would replace itself, and with it what servers are writing.
    #[error("{} belongs to the database itself. Name another file for the copy.", .0.display())]
    Itself(PathBuf),
    /// Somebody has the database open.
    #[error("{} is open in another program. Close that first.", .0.display())]
    InUse(PathBuf),
    /// The copy is none, or not whole.
    #[error("{} {what}", file.display())]
    Unusable {
        /// The copy.
        file: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The file system's.
    #[error("{}: {error}", path.display())]
    Io {
        /// What was worked at.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
}

type Result<T> = std::result::Result<T, BackupError>;

fn at(path: &Path) -> impl Fn(io::Error) -> BackupError {
    let path = path.to_owned();
    move |error| BackupError::Io { path: path.clone(), error }
}

/// Writes what the database holds at this moment into a new file, which is on the disk and checked
/// when this returns. Servers go on writing meanwhile.
///
/// # Errors
/// [`BackupError::Exists`] unless `replace`; [`BackupError::Itself`] even then; where the database
/// cannot be read or the file not be
/// written.
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

/// Puts a copy into the place of the database, of which nothing is lost: it is kept under another
/// name.
///
/// # Errors
/// [`StoreError::Claimed`] while a server serves the database, [`BackupError::InUse`] while another
/// program has it open; [`BackupError::Unusable`] where the
/// copy is none, is damaged, or is of a newer release.
pub fn restore(url: &DatabaseUrl, source: &Path) -> Result<Restored> {
    let DatabaseUrl::Sqlite(path) = url else { return Err(BackupError::Postgres) };
    let path = Path::new(path);
    let _claim = database_file::claim(url)?;
    refuse_itself(path, source)?;
    let unusable =
        |what: &str| BackupError::Unusable { file: source.to_owned(), what: what.to_owned() };
    if !source.is_file() {
        return Err(unusable("is no file"));
    }
    let (_, schema) = inspect(source)?;
    if let Schema::Newer(version) = &schema {
        return Err(unusable(&format!(
            "was made by a newer release, which knows the migration {version}. Run that release."
        )));
    }
    // A copy of a copy: the source may have a log of its own, and stays where it is.
    let copy = Partial::beside(path)?;
    copy_into(&mut Conn::look_at(&source.display().to_string())?, &copy)?;
    let (summary, _) = inspect(&copy.0)?;
    let aside = keep_aside(path)?;
    copy.become_file(path)?;
    Ok(Restored { summary, aside, has_to_be_migrated: schema != Schema::Current })
}

/// Refuses the database, by whatever name, and what lies beside it: its log, its key, its claim.
fn refuse_itself(database: &Path, file: &Path) -> Result<()> {
    // By the name that links lead to, too: that is the one that the others go by.
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

/// `VACUUM INTO` reads one snapshot: it neither keeps writers waiting nor begins anew when they
/// write, as SQLite's backup of pages does.
fn copy_into(conn: &mut Conn, copy: &Partial) -> Result<()> {
    let name = copy.0.display().to_string().replace('\'', "''");
    conn.execute(&format!("VACUUM INTO '{name}'"))?;
    Ok(())
}

/// Gives the database, which nobody may have open, one more name, and takes its log from under the
/// first: at no time is there no database, or one with a log that is another's. Its other name.
fn keep_aside(path: &Path) -> Result<Option<PathBuf>> {
    if !path.exists() {
        // What is left of one that was deleted goes with it.
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
            log::warn!("the database that is replaced could not be opened: {error}");
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

/// A name beside the database that neither a database nor the log of one has.
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

/// A file that is not whole yet; gone with the value unless it becomes one.
struct Partial(PathBuf);

impl Partial {
    /// An empty one in the folder of another, and its owner's only.
    fn beside(path: &Path) -> Result<Self> {
        let partial = database_file::beside(path, &format!(".{}.partial", Uuid::new_v4().simple()));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        options.open(&partial).map_err(at(&partial))?;
        Ok(Self(partial))
    }

    /// It takes its name when all of it is on the disk.
    fn become_file(self, path: &Path) -> Result<()> {
        File::open(&self.0).and_then(|file| file.sync_all()).map_err(at(&self.0))?;
        fs::rename(&self.0, path).map_err(at(path))?;
        sync_folder(path)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Where it has become a file there is none.
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

/// Looks whether it is a whole database of ours, and what is in it.
fn inspect(file: &Path) -> Result<(Summary, Schema)> {
    let unusable = |what: String| BackupError::Unusable { file: file.to_owned(), what };
    let no_database = |error: StoreError| unusable(format!("is no database of ours: {error}"));
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
