//! Selects the keys with which a command seals and opens secrets.

use std::sync::Arc;

use super::error::CommandError;
use crate::config::KeySettings;
use crate::enterprise::secret::Keyring;
use crate::store::{DatabaseUrl, key_file};

/// Returns the keys from the settings, or else the one next to the SQLite database. If the settings
/// have another key, the one next to the database still opens what it has sealed.
pub fn keyring(
    settings: &KeySettings,
    database: &DatabaseUrl,
) -> Result<Option<Arc<Keyring>>, CommandError> {
    let given = settings.keyring().map_err(CommandError::Argument)?;
    let keys = match given {
        Some(keys) if keys.is_changing() => Some(keys),
        Some(keys) => Some(match key_file::existing(database)? {
            Some(beside) => keys.after(beside),
            None => keys,
        }),
        None => key_file::get(database)?.map(Keyring::from),
    };
    Ok(keys.map(Arc::new))
}
