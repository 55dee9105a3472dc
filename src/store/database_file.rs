//! The file of the embedded database: made on purpose only, readable by its owner only, served by
//! one server, and looked after while it is.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::connection::DatabaseUrl;
use super::error::{StoreError, StoreResult};
use super::opening::Opening;

/// Nobody but who runs the server reads what is in it.
const MODE: u32 = 0o600;

/// What ends the names of the files that belong to a database: its log, its key, and the claim of the
/// server that serves it.
pub const BESIDE: [&str; 4] = ["-wal", "-shm", "-key", CLAIM];

/// What ends the name of the claim.
const CLAIM: &str = "-server";

/// What means something in the path of a URI.
const IN_URI: &AsciiSet = &CONTROLS.add(b' ').add(b'#').add(b'%').add(b'?');

/// How SQLite is told to open the file, `ro` or `rw`, and not to make it.
pub fn uri(path: &str, mode: &str) -> String {
    format!("file:{}?mode={mode}", utf8_percent_encode(path, IN_URI))
}

/// Makes the file if it is not there; whether it was made.
///
/// # Errors
/// [`StoreError::Connection`] where it cannot be made; [`StoreError::Strange`].
pub fn create(path: &str) -> StoreResult<bool> {
    refuse_strange(path)?;
    match OpenOptions::new().write(true).create_new(true).mode(MODE).open(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(StoreError::Connection(format!("{path} cannot be made: {error}"))),
    }
}

/// Says what to do where there is no file, unless one is made, or where it is a strange one. On
/// PostgreSQL there is nothing to say.
///
/// # Errors
/// [`StoreError::Missing`]; [`StoreError::Strange`].
pub fn require(url: &DatabaseUrl, opening: Opening) -> StoreResult<()> {
    let DatabaseUrl::Sqlite(path) = url else { return Ok(()) };
    refuse_strange(path)?;
    if opening == Opening::Existing && !Path::new(path).exists() {
        return Err(StoreError::Missing(path.to_owned()));
    }
    Ok(())
}

/// Refuses a file that SQLite would take for the one that a log belongs to, or whose log it would not
/// find. The log goes by the name of the file: where it is another's, what is in it is lost.
fn refuse_strange(path: &str) -> StoreResult<()> {
    let strange = |what: String| Err(StoreError::Strange(what));
    let file = std::fs::canonicalize(path).unwrap_or_else(|_| PathBuf::from(path));
    let found = std::fs::metadata(&file).ok();
    let log = beside(&file, "-wal");
    let log_is_left = std::fs::metadata(&log).is_ok_and(|log| log.len() > 0);
    match &found {
        None if log_is_left => {
            return strange(format!(
                "{path} is not there, but its log {} is: the file was moved or deleted. Put it back; \
                 or, if it is to be given up, move the log away, too.",
                log.display()
            ));
        }
        Some(file) if file.len() == 0 && log_is_left => {
            return strange(format!(
                "{path} is empty, but its log {} is not: the file was replaced. Put the right one \
                 back; or, if it is to be given up, move the log away, too.",
                log.display()
            ));
        }
        Some(file) if file.is_dir() => return strange(format!("{path} is a folder")),
        Some(file) if file.nlink() > 1 => {
            return strange(format!(
                "{path} has another name, too (a hard link). The log goes by the name, so that each \
                 name would have one of its own. Remove the other name; to copy a database, use \
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

/// The file that lies beside a database under its name and this ending.
pub fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The server that serves a database of this name, and the file that it has open.
fn served(file: &Path) -> Option<(String, Identity)> {
    let mut claimed = File::open(beside(file, CLAIM)).ok()?;
    // Whoever serves holds the lock. Shared, so that looking is in nobody's way.
    if !matches!(claimed.try_lock_shared(), Err(TryLockError::WouldBlock)) {
        return None;
    }
    let mut text = String::new();
    claimed.read_to_string(&mut text).ok()?;
    let (by, identity) = text.trim().rsplit_once(", file ")?;
    let (device, number) = identity.split_once(':')?;
    Some((by.to_owned(), (device.parse().ok()?, number.parse().ok()?)))
}

/// Which file it is: device and number.
type Identity = (u64, u64);

fn identity(path: &Path) -> Option<Identity> {
    std::fs::metadata(path).ok().map(|file| (file.dev(), file.ino()))
}

/// Whether both names lead to one file, by whatever links.
pub fn are_one(one: &Path, other: &Path) -> bool {
    identity(one).is_some_and(|file| identity(other) == Some(file))
}

/// The file and its log, as they were when they were opened.
#[derive(Debug)]
pub struct Watched {
    path: PathBuf,
    log: PathBuf,
    was: Option<Identity>,
    /// The log is there from the first change on, as long as anybody has the file open.
    log_was: OnceLock<Identity>,
}

impl Watched {
    /// The file behind open connections.
    pub fn new(path: &str) -> Self {
        let (path, log) = (PathBuf::from(path), PathBuf::from(format!("{path}-wal")));
        let was = identity(&path);
        Self { path, log, was, log_was: OnceLock::new() }
    }

    /// Whether the path still leads to what is open. What would be written into another file, or
    /// into one without a name, would be gone.
    ///
    /// # Errors
    /// [`StoreError::Displaced`].
    pub fn check(&self) -> StoreResult<()> {
        let displaced =
            |path: &Path, what| Err(StoreError::Displaced(format!("{} {what}", path.display())));
        let (gone, replaced) = ("is not there any more", "is another file now");
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

/// A server's claim on the file. It ends with the value, or with the process.
#[derive(Debug)]
pub struct Claim {
    lock: Option<(File, PathBuf)>,
}

impl Claim {
    /// Notes whose it is and, once it is there, which file: a command that finds another one under
    /// its name leaves it alone.
    ///
    /// # Errors
    /// [`StoreError::Connection`] where that cannot be written.
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

/// Claims the database for this server. PostgreSQL is served by any number.
///
/// The lock is on a file beside it: SQLite's own locks would go if anybody closed the database's.
///
/// # Errors
/// [`StoreError::Claimed`] by name, where another server has it.
pub fn claim(url: &DatabaseUrl) -> StoreResult<Claim> {
    let DatabaseUrl::Sqlite(path) = url else { return Ok(Claim { lock: None }) };
    // However the path is spelled, and whatever links lead to it.
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
            // What it is called is a help only.
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
        assert!(watched.check().unwrap_err().to_string().contains("is not there any more"));
        std::fs::write(&path, "two").unwrap();
        assert!(watched.check().unwrap_err().to_string().contains("is another file now"));
        std::fs::rename(&aside, &path).unwrap();
        watched.check().unwrap();
        std::fs::remove_file(format!("{name}-wal")).unwrap();
        assert!(watched.check().unwrap_err().to_string().contains("-wal is not there any more"));
    }

    fn refusal(path: &str) -> String {
        create(path).unwrap_err().to_string()
    }

    #[test]
    fn a_log_without_its_file_keeps_another_one_from_being_made() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db").display().to_string();
        std::fs::write(format!("{path}-wal"), "log").unwrap();
        assert!(refusal(&path).contains("is not there, but its log"));
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
        assert!(refusal(&path).contains("has another name"));
        assert!(refusal(&other).contains("has another name"));
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
