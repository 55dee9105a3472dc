//! Pooled connections to the embedded database.

use std::sync::Arc;
use std::time::Duration;

use super::connection::{Conn, Purpose};
use super::error::StoreError;
use super::source::Source;

pub struct Manager {
    source: Arc<Source>,
}

impl r2d2::ManageConnection for Manager {
    type Connection = Conn;
    type Error = StoreError;

    fn connect(&self) -> Result<Conn, StoreError> {
        Ok(self.source.connect(Purpose::Read)?.conn)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), StoreError> {
        conn.execute("SELECT 1")
    }

    fn has_broken(&self, _conn: &mut Conn) -> bool {
        false
    }
}

/// Connections to the embedded database for callers that run look-ups on their own threads.
pub type SqlitePool = r2d2::Pool<Manager>;

/// Creates the pool; connections are made on first use.
pub fn pool(source: &Arc<Source>, size: u32) -> SqlitePool {
    r2d2::Pool::builder()
        .max_size(size)
        .min_idle(Some(1))
        .test_on_check_out(false)
        .connection_timeout(Duration::from_secs(1))
        .build_unchecked(Manager { source: Arc::clone(source) })
}
