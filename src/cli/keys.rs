//! Which keys a command seals and opens with.

use std::sync::Arc;

use super::error::CommandError;
use crate::config::KeySettings;
use crate::enterprise::secret::Keyring;
use crate::store::{DatabaseUrl, key_file};

/// The keys of the settings, else the one beside the embedded database; what that has sealed is
/// still opened when the settings name another.
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
