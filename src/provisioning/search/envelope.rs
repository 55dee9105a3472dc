//! Encryption of cursors: only a server of this database can read or create one, and a cursor of
//! one account is invalid in another.

use std::sync::Arc;

use crate::enterprise::secret::SecretKey;
use crate::provisioning::Directory;
use crate::scim::cursor::Envelope;

/// The envelope of the cursors of one account.
pub struct Sealed {
    key: Arc<SecretKey>,
    owner: String,
}

impl Sealed {
    /// Creates the envelope of this account, if there is a key.
    pub fn of(directory: &Directory) -> Option<Self> {
        let key = directory.cursor_key.clone()?;
        Some(Self { key, owner: format!("cursor of account {}", directory.enterprise.0) })
    }
}

impl Envelope for Sealed {
    fn close(&self, inside: &[u8]) -> Option<Vec<u8>> {
        self.key.seal_bytes(inside, &self.owner).ok()
    }

    fn open(&self, sent: &[u8]) -> Option<Vec<u8>> {
        self.key.open_bytes(sent, &self.owner).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scim::cursor::{Cursor, MAX_LENGTH, Position};
    use crate::scim::sort::{self, SortKey};

    fn sealed(byte: u8, enterprise: i64) -> Sealed {
        let key = Arc::new(SecretKey::from_bytes(&[byte; 32]).unwrap());
        Sealed { key, owner: format!("cursor of account {enterprise}") }
    }

    #[test]
    fn a_sealed_cursor_is_read_by_its_own_account_only_and_tells_nothing() {
        let position = Position::Row { section: 0, row: 987_654_321, given: 10 };
        let cursor = Cursor { query: 1, position, issued_at: 1 };
        let text = cursor.encode(&sealed(1, 1));
        assert_eq!(Cursor::decode(&text, &sealed(1, 1), 1, 1, 600), Ok(cursor.clone()));
        assert!(Cursor::decode(&text, &sealed(1, 2), 1, 1, 600).is_err());
        assert!(Cursor::decode(&text, &sealed(2, 1), 1, 1, 600).is_err());
        assert_ne!(cursor.encode(&sealed(1, 1)), text, "nor whether two are of one place");
    }

    #[test]
    fn the_longest_is_read() {
        let key = Some(SortKey::Text("\u{1}".repeat(sort::MAX_TEXT)));
        let position = Position::Sorted { key, section: 255, row: i64::MIN, given: u64::MAX };
        let cursor = Cursor { query: u64::MAX, position, issued_at: i64::MIN };
        let text = cursor.encode(&sealed(1, 1));
        assert!(text.len() <= MAX_LENGTH, "{}", text.len());
        assert!(Cursor::decode(&text, &sealed(1, 1), u64::MAX, i64::MIN, 0).is_ok());
    }
}
