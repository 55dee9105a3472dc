//! The key file beside the embedded database. Without it, a copy of the database alone reveals no
//! secrets.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

use super::connection::DatabaseUrl;
use super::error::{StoreError, StoreResult};
use crate::enterprise::secret::SecretKey;
use crate::enterprise::token;

const KEY: usize = 32;

/// Returns the key from the file beside the database. Creates the file, readable by its owner only,
/// if it does not exist. Returns `None` for PostgreSQL, whose nodes share no files.
///
/// # Errors
/// Returns [`StoreError::Connection`] if the file cannot be created or read.
pub fn get(url: &DatabaseUrl) -> StoreResult<Option<SecretKey>> {
    let DatabaseUrl::Sqlite(path) = url else { return Ok(None) };
    in_file(&format!("{path}-key")).map(Some)
}

/// Returns the key from a file. Creates the file, readable by its owner only, if it does not exist.
///
/// # Errors
/// Returns [`StoreError::Connection`] if the file cannot be created or read.
pub fn in_file(file: &str) -> StoreResult<SecretKey> {
    if !Path::new(file).exists() {
        make(file).map_err(|error| {
            StoreError::Connection(format!("{file} cannot be created: {error}"))
        })?;
    }
    read(file)
}

/// Returns the key from the file beside the database, if the file exists.
///
/// # Errors
/// Returns [`StoreError::Connection`] if the file cannot be read.
pub fn existing(url: &DatabaseUrl) -> StoreResult<Option<SecretKey>> {
    let DatabaseUrl::Sqlite(path) = url else { return Ok(None) };
    let file = format!("{path}-key");
    if Path::new(&file).exists() { read(&file).map(Some) } else { Ok(None) }
}

fn read(file: &str) -> StoreResult<SecretKey> {
    let failed = |what: String| StoreError::Connection(format!("{file} {what}"));
    let text =
        fs::read_to_string(file).map_err(|error| failed(format!("cannot be read: {error}")))?;
    SecretKey::parse(&text).map_err(|error| failed(format!("contains no valid key: {error}")))
}

/// Writes the new key into the file if it contains the old one, so that a server without a
/// configured key uses the right one. Returns `true` if it was replaced.
///
/// # Errors
/// Returns [`StoreError::Connection`] if the file cannot be read or written.
pub fn replace(url: &DatabaseUrl, old: &str, new: &str) -> StoreResult<bool> {
    let DatabaseUrl::Sqlite(path) = url else { return Ok(false) };
    let file = format!("{path}-key");
    let failed = |error| StoreError::Connection(format!("{file} cannot be replaced: {error}"));
    let is_old = match fs::read_to_string(&file) {
        Ok(text) => STANDARD.decode(text.trim()).ok() == STANDARD.decode(old.trim()).ok(),
        Err(error) if error.kind() == ErrorKind::NotFound => false,
        Err(error) => return Err(failed(error)),
    };
    if is_old {
        let partial = write_partial(&file, new.trim()).map_err(failed)?;
        fs::rename(&partial, &file).map_err(failed)?;
    }
    Ok(is_old)
}

/// Writes a new file beside this one and returns its name.
fn write_partial(file: &str, text: &str) -> std::io::Result<String> {
    let partial = format!("{file}.{}.partial", Uuid::new_v4().simple());
    let mut new = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&partial)?;
    writeln!(new, "{text}")?;
    new.sync_all()?;
    Ok(partial)
}

/// Creates the file atomically: another process may be creating it, too.
fn make(file: &str) -> std::io::Result<()> {
    let bytes: [u8; KEY] = token::random().map_err(std::io::Error::other)?;
    let partial = write_partial(file, &STANDARD.encode(bytes))?;
    let linked = fs::hard_link(&partial, file);
    fs::remove_file(&partial)?;
    match linked {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_key_is_made_once_and_for_its_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db").display().to_string();
        let url = DatabaseUrl::Sqlite(path.clone());
        let sealed = get(&url).unwrap().unwrap().seal("hush", "x").unwrap();
        assert_eq!(get(&url).unwrap().unwrap().open(&sealed, "x").as_deref(), Ok("hush"));
        let mode = fs::metadata(format!("{path}-key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::write(format!("{path}-key"), "nothing").unwrap();
        assert!(get(&url).unwrap_err().to_string().contains("contains no valid key"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
