//! Errors of the store.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// The result of a query.
pub type StoreResult<T> = Result<T, StoreError>;

/// The unique constraints, as PostgreSQL calls them, of rows that accounts share.
const SHARED: [&str; 2] = ["users_email_key_key", "enterprises_name_key_key"];

/// A failure of the store, as distinct from a refusal by a rule.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A query failed.
    #[error("database: {0}")]
    Query(#[source] DieselError),
    /// No connection could be made in time.
    #[error("no database connection: {0}")]
    Connection(String),
    /// The server is stopping, or its writer has died.
    #[error("the server is stopping")]
    Stopping,
    /// Too many writes are waiting, of this account or of all.
    #[error("too many writes are waiting")]
    Overloaded,
    /// Too many searches of this account are waiting.
    #[error("too many searches of this account are running")]
    TooManySearches,
    /// A search exceeded its time limit.
    #[error("the search took too long and was ended")]
    TooLong,
    /// The caller no longer waits for the result.
    #[error("the caller no longer waits for the result")]
    Unwanted,
    /// The embedded database's file does not exist.
    #[error(
        "there is no database at {0}. Create one with `insomnia-scim migrate`, `bootstrap` or \
         `demo`, or an empty one with `serve --create`. If there should be one, check the path: a \
         relative path starts in the folder in which the command runs."
    )]
    Missing(String),
    /// The path no longer leads to the file that was opened as the embedded database.
    #[error(
        "the database's file {0}. The server has stopped writing, so that nothing is lost. Put the \
         file back, or restart the server to serve the one that is there."
    )]
    Displaced(String),
    /// The file and the write-ahead log beside it do not belong together, or the path is not a
    /// database file.
    #[error("{0}")]
    Strange(String),
    /// Another server serves the embedded database.
    #[error(
        "another server ({by}) already serves {path}. Stop it first; for several servers at once, \
         use PostgreSQL."
    )]
    Claimed {
        /// The path of the database file.
        path: String,
        /// The process that holds the claim.
        by: String,
    },
    /// This release does not serve the database's schema.
    #[error("{0}")]
    Schema(String),
    /// A stored value is invalid: a document that does not parse, an unknown word.
    #[error("stored data is damaged: {0}")]
    Damaged(String),
    /// The migrations failed.
    #[error("migrating the database: {0}")]
    Migration(String),
    /// The database URL is invalid.
    #[error("{0}")]
    Url(String),
    /// The transaction conflicts with another one, or with another node, and has to run again.
    #[error("the transaction has to be tried again")]
    Conflict,
    /// The connection was lost during a commit: it may or may not have taken effect.
    #[error("the connection was lost during a commit; whether it took effect is unknown")]
    OutcomeUnknown,
    /// A use case panicked; its transaction was rolled back.
    #[error("a transaction failed unexpectedly and was rolled back")]
    Panicked,
}

/// Texts by which a lost PostgreSQL connection is recognised.
const LOST: [&str; 4] = [
    "terminating connection",
    "server closed the connection",
    "the database system is",
    "no connection to the server",
];

/// Texts by which a temporary failure is recognised. SQLite reports these failures only as text,
/// and for PostgreSQL's error classes 53, 55, 57 and 58 Diesel exposes nothing but the text.
const UNAVAILABLE: [&str; 18] = [
    // SQLite
    "database is locked",
    "database table is locked",
    "attempt to write a readonly database",
    "database or disk is full",
    "disk I/O error",
    "unable to open database file",
    "out of memory",
    // PostgreSQL
    "canceling statement",
    "No space left on device",
    "too many clients",
    "remaining connection slots",
    "out of shared memory",
    "could not extend file",
    "could not write",
    "could not open",
    "could not read",
    "could not fsync",
    "in a read-only transaction",
];

impl StoreError {
    /// Returns why there is no connection, in one line and without the "no database connection"
    /// prefix.
    pub(in crate::store) fn reason(&self) -> String {
        let reason = match self {
            Self::Connection(reason) => reason.clone(),
            error => error.to_string(),
        };
        reason.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Returns `true` if the same transaction may succeed when it runs again: serialization
    /// failures, deadlocks, and conflicts about people and names of accounts. Only these are shared
    /// by accounts, so another one can insert or delete a row between this transaction's read and
    /// its write.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Conflict => true,
            Self::Query(DieselError::DatabaseError(kind, information)) => {
                matches!(
                    kind,
                    DatabaseErrorKind::SerializationFailure
                        | DatabaseErrorKind::ForeignKeyViolation
                ) || information.constraint_name().is_some_and(|name| SHARED.contains(&name))
                    || information.message().contains("deadlock detected")
                    || information.message().contains("database is locked")
                    || information.message().contains("due to lock timeout")
            }
            _ => false,
        }
    }

    /// Returns `true` if the failure is temporary (connection lost; database starting, stopping,
    /// busy, full or read-only; statement cancelled) rather than caused by the query.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Connection(_)
            | Self::Stopping
            | Self::Conflict
            | Self::OutcomeUnknown
            | Self::Unwanted
            | Self::Missing(_)
            | Self::Displaced(_)
            | Self::Strange(_)
            | Self::Claimed { .. }
            | Self::Schema(_) => true,
            Self::Query(DieselError::DatabaseError(kind, information)) => {
                matches!(
                    kind,
                    DatabaseErrorKind::ReadOnlyTransaction
                        | DatabaseErrorKind::SerializationFailure
                ) || self.is_disconnect()
                    || self.is_retryable()
                    || UNAVAILABLE.iter().any(|text| information.message().contains(text))
            }
            Self::Query(_) => self.is_disconnect(),
            _ => false,
        }
    }

    /// Returns `true` if another transaction holds the lock.
    pub fn is_held(&self) -> bool {
        match self {
            Self::Query(DieselError::DatabaseError(_, information)) => {
                let text = information.message();
                text.contains("due to lock timeout") || text.contains("database is locked")
            }
            _ => false,
        }
    }

    /// Returns `true` if the database, or the right one, could not be reached at all. Trying the
    /// remaining jobs one by one is then pointless.
    pub fn is_out_of_reach(&self) -> bool {
        matches!(self, Self::Connection(_) | Self::Displaced(_) | Self::Schema(_))
            || self.is_disconnect()
    }

    /// Returns a copy of this failure for another caller that met it.
    #[must_use]
    pub fn again(&self) -> Self {
        match self {
            Self::Displaced(text) => Self::Displaced(text.clone()),
            Self::Schema(text) => Self::Schema(text.clone()),
            other => Self::Connection(other.to_string()),
        }
    }

    /// Returns `true` if the connection is lost and a new one may work.
    pub fn is_disconnect(&self) -> bool {
        match self {
            Self::Query(DieselError::DatabaseError(kind, information)) => {
                matches!(
                    kind,
                    DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand
                ) || LOST.iter().any(|text| information.message().contains(text))
            }
            Self::Query(DieselError::BrokenTransactionManager) => true,
            _ => false,
        }
    }

    /// Returns the unique index or constraint that refused a row, by the name that the database
    /// gives it.
    pub fn violated(&self) -> Option<&str> {
        match self {
            Self::Query(DieselError::DatabaseError(
                DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::CheckViolation,
                information,
            )) => Some(information.constraint_name().unwrap_or_else(|| information.message())),
            _ => None,
        }
    }
}

/// A value that does not fit its column's type is damaged data, not a failure of the database.
impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DeserializationError(reason) => Self::Damaged(in_full(&*reason)),
            error => Self::Query(error),
        }
    }
}

/// Returns the error with its causes. Diesel's own text names only the column; the cause says what
/// is wrong with the value.
fn in_full(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

impl From<r2d2::Error> for StoreError {
    fn from(error: r2d2::Error) -> Self {
        Self::Connection(error.to_string())
    }
}

/// The error of a transaction: either a refusal by a rule or a failure of the store.
pub trait TransactionError: From<StoreError> + Send + 'static {
    /// Returns the store's failure, if the error is one.
    fn store_error(&self) -> Option<&StoreError>;
}

impl TransactionError for StoreError {
    fn store_error(&self) -> Option<&StoreError> {
        Some(self)
    }
}
