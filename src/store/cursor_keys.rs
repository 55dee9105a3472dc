//! The key that seals cursors: generated with the database, and the same for every node.

use std::sync::Arc;

use diesel::prelude::*;

use super::connection::{Conn, on};
use super::error::{StoreError, StoreResult};
use super::tables::cursor_keys;
use crate::enterprise::secret::SecretKey;

/// Returns the key.
///
/// # Errors
/// Returns [`StoreError::Damaged`] if the stored key is invalid.
pub fn get(conn: &mut Conn) -> StoreResult<Arc<SecretKey>> {
    let secret: Vec<u8> = on!(conn, connection => cursor_keys::table
        .order(cursor_keys::pk)
        .select(cursor_keys::secret)
        .first(connection))?;
    let key = SecretKey::from_bytes(&secret)
        .map_err(|_| StoreError::Damaged("the key of cursors has not 32 bytes".to_owned()))?;
    Ok(Arc::new(key))
}
