//! How a database is opened.

/// Whether opening a database may create and migrate it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// Creates the database if it does not exist, and migrates it.
    Create,
    /// Requires the database to exist. Migrates it, unless other servers are running on it.
    Existing,
}
