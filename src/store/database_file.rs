//! The file of the embedded database: created only on request, readable by its owner only, served
//! by one server, and checked while it is served.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::connection::DatabaseUrl;
use super::error::{StoreError, StoreResult};
use super::opening::Opening;

/// Only the user that runs the server may read the database.
const MODE: u32 = 0o600;

/// The suffixes of the files beside a database: its log, its key, and the claim of the server that
/// serves it.
pub const BESIDE: [&str; 4] = ["-wal", "-shm", "-key", CLAIM];

/// The suffix of the claim file.
const CLAIM: &str = "-server";

/// The characters that have a meaning in the path of a URI.
const IN_URI: &AsciiSet = &CONTROLS.add(b' ').add(b'#').add(b'%').add(b'?');

/// Returns the URI with which SQLite opens the file in this mode, `ro` or `rw`, without creating
/// it.
pub fn uri(path: &str, mode: &str) -> String {
    format!("file:{}?mode={mode}", utf8_percent_encode(path, IN_URI))
}

/// Creates the file if it does not exist. Returns `true` if it was created.
///
/// # Errors
/// Returns [`StoreError::Connection`] if the file cannot be created and [`StoreError::Strange`] if
/// what is there cannot be used safely.
pub fn create(path: &str) -> StoreResult<bool> {
    refuse_strange(path)?;
    match OpenOptions::new().write(true).create_new(true).mode(MODE).open(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(StoreError::Connection(format!("{path} cannot be created: {error}"))),
    }
}

/// Checks that the database file exists, unless `opening` creates it, and that it can be used
/// safely. Does nothing for PostgreSQL.
///
/// # Errors
/// Returns [`StoreError::Missing`] or [`StoreError::Strange`], with what to do.
pub fn require(url: &DatabaseUrl, opening: Opening) -> StoreResult<()> {
    let DatabaseUrl::Sqlite(path) = url else { return Ok(()) };
    refuse_strange(path)?;
    if opening == Opening::Existing && !Path::new(path).exists() {
        return Err(StoreError::Missing(path.to_owned()));
    }
    Ok(())
}

/// Refuses a file that does not belong to the log beside it, or whose log SQLite would not find.
/// SQLite finds the log by the name of the file. If it opens another file under that name, the
/// committed transactions in the log are lost.
fn refuse_strange(path: &str) -> StoreResult<()> {
    let strange = |what: String| Err(StoreError::Strange(what));
    let file = std::fs::canonicalize(path).unwrap_or_else(|_| PathBuf::from(path));
    let found = std::fs::metadata(&file).ok();
    let log = beside(&file, "-wal");
    let log_is_left = std::fs::metadata(&log).is_ok_and(|log| log.len() > 0);
    match &found {
        None if log_is_left => {
            return strange(format!(
                "{path} does not exist, but its log {} does: the file was moved or deleted. Put it \
                 back or, to do without it, move the log away, too.",
                log.display()
            ));
        }
        Some(file) if file.len() == 0 && log_is_left => {
            return strange(format!(
                "{path} is empty, but its log {} is not: the file was replaced. Put the right one \
                 back or, to do without it, move the log away, too.",
                log.display()
            ));
        }
        Some(file) if file.is_dir() => return strange(format!("{path} is a folder")),
        Some(file) if file.nlink() > 1 => {
            return strange(format!(
                "{path} has a second name (a hard link). SQLite names the log after the file, so each \
                 name would get a log of its own. Remove the other name; to copy a database, use \
                 `insomnia-scim backup`."
            ));
        }
        _ => {}
    }
    match served(&file) {
        Some((by, served)) if found.is_none_or(|found| (found.dev(), found.ino()) != served) => {
            strange(format!(
                "{path} is not the file that a server ({by}) has open under this name: it was moved \
                 or replaced. Put that file back, or stop the server."
            ))
        }
        _ => Ok(()),
    }
}

/// Returns the path beside a database with this suffix.
pub fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Returns the server that serves a database under this name, and the file that it has open.
fn served(file: &Path) -> Option<(String, Identity)> {
    let mut claimed = File::open(beside(file, CLAIM)).ok()?;
    // A server holds an exclusive lock. Try a shared one, so that others are not blocked.
    if !matches!(claimed.try_lock_shared(), Err(TryLockError::WouldBlock)) {
        return None;
    }
    let mut text = String::new();
    claimed.read_to_string(&mut text).ok()?;
    let (by, identity) = text.trim().rsplit_once(", file ")?;
    let (device, number) = identity.split_once(':')?;
    Some((by.to_owned(), (device.parse().ok()?, number.parse().ok()?)))
}

/// The identity of a file: device and inode number.
type Identity = (u64, u64);

fn identity(path: &Path) -> Option<Identity> {
    std::fs::metadata(path).ok().map(|file| (file.dev(), file.ino()))
}

/// Returns `true` if both paths lead to the same file, through whatever links.
pub fn are_one(one: &Path, other: &Path) -> bool {
    identity(one).is_some_and(|file| identity(other) == Some(file))
}

/// The file and its log as they were when they were opened.
#[derive(Debug)]
pub struct Watched {
    path: PathBuf,
    log: PathBuf,
    was: Option<Identity>,
    /// The log. It exists from the first change on, for as long as the file is open.
    log_was: OnceLock<Identity>,
}

impl Watched {
    /// Remembers the file behind the open connections.
    pub fn new(path: &str) -> Self {
        let (path, log) = (PathBuf::from(path), PathBuf::from(format!("{path}-wal")));
        let was = identity(&path);
        Self { path, log, was, log_was: OnceLock::new() }
    }

    /// Checks that the path still leads to the open file. Writes to a file that has been moved or
    /// deleted would be lost.
    ///
    /// # Errors
    /// Returns [`StoreError::Displaced`] if the path leads to another file or to none.
    pub fn check(&self) -> StoreResult<()> {
        let displaced =
            |path: &Path, what| Err(StoreError::Displaced(format!("{} {what}", path.display())));
        let (gone, replaced) = ("no longer exists", "has been replaced by another file");
        match identity(&self.path) {
            None => return displaced(&self.path, gone),
            file if file != self.was => return displaced(&self.path, replaced),
            _ => {}
        }
        match (identity(&self.log), self.log_was.get()) {
            (None, Some(_)) => displaced(&self.log, gone),
            (Some(log), _) if *self.log_was.get_or_init(|| log) != log => {
                displaced(&self.log, replaced)
            }
            _ => Ok(()),
        }
    }
}

/// A server's claim on the database file. It ends on drop, or with the process.
#[derive(Debug)]
pub struct Claim {
    lock: Option<(File, PathBuf)>,
}

impl Claim {
    /// Writes the process and, if it exists, the identity of the file into the claim: a command
    /// that finds another file under the name then leaves it alone.
    ///
    /// # Errors
    /// Returns [`StoreError::Connection`] if the claim cannot be written.
    pub fn note(&mut self) -> StoreResult<()> {
        let Some((lock, file)) = &mut self.lock else { return Ok(()) };
        let which = identity(file).map(|(device, number)| format!(", file {device}:{number}"));
        let text = format!("process {}{}\n", std::process::id(), which.unwrap_or_default());
        lock.set_len(0)
            .and_then(|()| lock.rewind())
            .and_then(|()| lock.write_all(text.as_bytes()))
            .map_err(|error| StoreError::Connection(format!("{}{CLAIM}: {error}", file.display())))
    }
}

/// Claims the database for this server. PostgreSQL needs no claim: any number of servers may share
/// it.
///
/// The lock is on a file beside the database: SQLite's own locks would be released as soon as this
/// process closed any handle of the database file.
///
/// # Errors
/// Returns [`StoreError::Claimed`], with the process, if another server holds the claim.
pub fn claim(url: &DatabaseUrl) -> StoreResult<Claim> {
    let DatabaseUrl::Sqlite(path) = url else { return Ok(Claim { lock: None }) };
    // Resolve links first, so that every spelling of the path leads to the same claim.
    let file = std::fs::canonicalize(path).unwrap_or_else(|_| PathBuf::from(path));
    let name = beside(&file, CLAIM);
    let failed = |error: std::io::Error| {
        StoreError::Connection(format!("{} cannot be used: {error}", name.display()))
    };
    let mut lock = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(MODE)
        .open(&name)
        .map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut by = String::new();
            // The process is only named in the message, so failing to read it does no harm.
            let _ = lock.read_to_string(&mut by);
            let by = by.trim().split(',').next().unwrap_or_default().to_owned();
            return Err(StoreError::Claimed { path: path.clone(), by });
        }
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    let mut claim = Claim { lock: Some((lock, file)) };
    claim.note()?;
    Ok(claim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_uri_means_nothing_but_itself() {
        assert_eq!(uri("a b/c?d#e%.db", "rw"), "file:a%20b/c%3Fd%23e%25.db?mode=rw");
    }

    #[test]
    fn a_file_is_made_once_and_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db").display().to_string();
        let url = DatabaseUrl::Sqlite(path.clone());
        assert!(matches!(require(&url, Opening::Existing), Err(StoreError::Missing(_))));
        require(&url, Opening::Create).unwrap();
        assert!(create(&path).unwrap());
        assert!(!create(&path).unwrap());
        require(&url, Opening::Existing).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_went_or_was_replaced_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db");
        let (name, aside) = (path.display().to_string(), folder.path().join("aside"));
        std::fs::write(&path, "one").unwrap();
        std::fs::write(format!("{name}-wal"), "log").unwrap();
        let watched = Watched::new(&name);
        watched.check().unwrap();
        std::fs::rename(&path, &aside).unwrap();
        assert!(watched.check().unwrap_err().to_string().contains("no longer exists"));
        std::fs::write(&path, "two").unwrap();
        assert!(
            watched.check().unwrap_err().to_string().contains("has been replaced by another file")
        );
        std::fs::rename(&aside, &path).unwrap();
        watched.check().unwrap();
        std::fs::remove_file(format!("{name}-wal")).unwrap();
        assert!(watched.check().unwrap_err().to_string().contains("-wal no longer exists"));
    }

    fn refusal(path: &str) -> String {
        create(path).unwrap_err().to_string()
    }

    #[test]
    fn a_log_without_its_file_keeps_another_one_from_being_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db").display().to_string();
        std::fs::write(format!("{path}-wal"), "log").unwrap();
        assert!(refusal(&path).contains("does not exist, but its log"));
        std::fs::write(&path, "").unwrap();
        assert!(refusal(&path).contains("is empty, but its log"));
        std::fs::write(&path, "a database").unwrap();
        create(&path).unwrap();
    }

    #[test]
    fn a_file_with_two_names_is_refused_by_either() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db").display().to_string();
        let other = format!("{path}.other");
        create(&path).unwrap();
        std::fs::hard_link(&path, &other).unwrap();
        assert!(refusal(&path).contains("has a second name"));
        assert!(refusal(&other).contains("has a second name"));
        std::fs::remove_file(&other).unwrap();
        create(&path).unwrap();
    }

    #[test]
    fn what_a_server_has_open_is_not_taken_for_what_lies_in_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("test.db"), folder.path().join("link.db"));
        std::fs::write(&path, "one").unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        let url = DatabaseUrl::Sqlite(path.display().to_string());
        let mut claimed = claim(&url).unwrap();
        claimed.note().unwrap();
        require(&url, Opening::Existing).unwrap();
        let aside = folder.path().join("aside");
        std::fs::rename(&path, &aside).unwrap();
        assert!(refusal(&path.display().to_string()).contains("is not the file that a server"));
        std::fs::write(&path, "two").unwrap();
        assert!(refusal(&link.display().to_string()).contains("is not the file that a server"));
        std::fs::rename(&aside, &path).unwrap();
        require(&url, Opening::Existing).unwrap();
        drop(claimed);
    }

    #[test]
    fn one_server_has_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("test.db").display().to_string());
        let first = claim(&url).unwrap();
        let refused = claim(&url).unwrap_err().to_string();
        assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
        drop(first);
        claim(&url).unwrap();
    }
}
