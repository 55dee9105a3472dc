//! How a database is opened.

/// Whether a database is made, and brought to this release's schema, when it is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// It is made if it is not there, and migrated.
    Create,
    /// It has to be there, and is migrated; but not under the feet of other servers.
    Existing,
}
