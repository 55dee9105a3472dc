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

/// Nobody but who runs the server reads what is in it.
const MODE: u32 = 0o600;

/// What means something in the path of a URI.
const IN_URI: &AsciiSet = &CONTROLS.add(b' ').add(b'#').add(b'%').add(b'?');

/// How SQLite is told to open the file, `ro` or `rw`, and not to make it.
pub fn uri(path: &str, mode: &str) -> String {
    format!("file:{}?mode={mode}", utf8_percent_encode(path, IN_URI))
}

/// Makes the file if it is not there; whether it was made.
///
/// # Errors
/// [`StoreError::Connection`] where it cannot be made.
pub fn create(path: &str) -> StoreResult<bool> {
    match OpenOptions::new().write(true).create_new(true).mode(MODE).open(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(StoreError::Connection(format!("{path} cannot be made: {error}"))),
    }
}

/// Says what to do where there is no file.
///
/// # Errors
/// [`StoreError::Missing`].
pub fn require(path: &str) -> StoreResult<()> {
    match Path::new(path).exists() {
        true => Ok(()),
        false => Err(StoreError::Missing(path.to_owned())),
    }
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
    _lock: Option<File>,
}

/// Claims the database for this server. PostgreSQL is served by any number.
///
/// The lock is on a file beside it: SQLite's own locks would go if anybody closed the database's.
///
/// # Errors
/// [`StoreError::Claimed`] by name, where another server has it.
pub fn claim(url: &DatabaseUrl) -> StoreResult<Claim> {
    let DatabaseUrl::Sqlite(path) = url else { return Ok(Claim { _lock: None }) };
    // However the path is spelled, and whatever links lead to it.
    let file = std::fs::canonicalize(path).unwrap_or_else(|_| PathBuf::from(path));
    let beside = format!("{}-server", file.display());
    let failed =
        |error: std::io::Error| StoreError::Connection(format!("{beside} cannot be used: {error}"));
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(MODE)
        .open(&beside)
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut by = String::new();
            // What it is called is a help only.
            let _ = file.read_to_string(&mut by);
            return Err(StoreError::Claimed { path: path.clone(), by: by.trim().to_owned() });
        }
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    let name = format!("process {}\n", std::process::id());
    file.set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| file.write_all(name.as_bytes()))
        .map_err(failed)?;
    Ok(Claim { _lock: Some(file) })
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
        assert!(matches!(require(&path), Err(StoreError::Missing(_))));
        assert!(create(&path).unwrap());
        assert!(!create(&path).unwrap());
        require(&path).unwrap();
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
