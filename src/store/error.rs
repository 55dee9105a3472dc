//! What can go wrong between us and the database.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// The result of a query.
pub type StoreResult<T> = Result<T, StoreError>;

/// A failure of the store, as distinct from a refusal by a rule.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A query failed.
    #[error("database: {0}")]
    Query(#[source] DieselError),
    /// No connection could be had in time.
    #[error("no database connection: {0}")]
    Connection(String),
    /// The server is stopping, or its writer has died.
    #[error("the server is stopping")]
    Stopping,
    /// More writes are waiting than the server takes on, of this account or of all.
    #[error("too many writes are waiting")]
    Overloaded,
    /// More searches of this account are waiting than the server takes on.
    #[error("too many searches of this account are running")]
    TooManySearches,
    /// A search has taken longer than it may.
    #[error("the search took too long and was ended")]
    TooLong,
    /// Nobody waits for the result any more.
    #[error("nobody waits for the result any more")]
    Unwanted,
    /// The embedded database's file does not exist.
    #[error(
        "there is no database at {0}. `insomnia-scim migrate` makes one, so do `bootstrap` and \
         `demo`; `serve --create` makes an empty one. If there should be one, look whether the path \
         is right: a relative one begins in the folder in which the command runs."
    )]
    Missing(String),
    /// The embedded database's file is not any more what was opened.
    #[error(
        "the database's file {0}. Nothing is written any more, so that nothing is lost. Put the file \
         back, or restart the server to serve the one that is there."
    )]
    Displaced(String),
    /// The embedded database's file is not one that its log belongs to.
    #[error("{0}")]
    Strange(String),
    /// Another server serves the embedded database.
    #[error(
        "another server ({by}) serves {path} already. Stop it first; for several servers at once, \
         use PostgreSQL."
    )]
    Claimed {
        /// The file.
        path: String,
        /// The server, by its process.
        by: String,
    },
    /// The schema is not one that this release serves.
    #[error("{0}")]
    Schema(String),
    /// What is stored is not what was written: a document that does not parse, an unknown word.
    #[error("stored data is damaged: {0}")]
    Damaged(String),
    /// The migrations failed.
    #[error("migrating the database: {0}")]
    Migration(String),
    /// The database URL is none that we know.
    #[error("{0}")]
    Url(String),
    /// Another node or transaction was in the way; the transaction has to run again.
    #[error("the transaction has to be tried again")]
    Conflict,
    /// The connection was lost while committing: it may or may not have happened.
    #[error("the connection was lost during a commit; whether it took effect is unknown")]
    OutcomeUnknown,
    /// A use case panicked; its transaction was rolled back.
    #[error("a transaction failed unexpectedly and was rolled back")]
    Panicked,
}

/// What PostgreSQL says of a connection that is gone.
const LOST: [&str; 4] = [
    "terminating connection",
    "server closed the connection",
    "the database system is",
    "no connection to the server",
];

/// What the databases say when they cannot do something now. SQLite has no other way to say it, and
/// of PostgreSQL's classes 53, 55, 57 and 58 Diesel tells the text only.
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
    /// Why there is no connection, in one line, without saying that there is none.
    pub(in crate::store) fn reason(&self) -> String {
        let reason = match self {
            Self::Connection(reason) => reason.clone(),
            error => error.to_string(),
        };
        reason.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Whether running the same transaction again can succeed: serialisation failures, deadlocks,
    /// and people. Their rows are the only ones that accounts share, so another account can take or
    /// remove one between our reading and our writing.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Conflict => true,
            Self::Query(DieselError::DatabaseError(kind, information)) => {
                matches!(
                    kind,
                    DatabaseErrorKind::SerializationFailure
                        | DatabaseErrorKind::ForeignKeyViolation
                ) || information.constraint_name() == Some("users_email_key_key")
                    || information.message().contains("deadlock detected")
                    || information.message().contains("database is locked")
                    || information.message().contains("due to lock timeout")
            }
            _ => false,
        }
    }

    /// Whether the database could not do it now, rather than that we asked for something wrong:
    /// lost, starting, stopping, busy, full, read-only, or called off. It may do it later.
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

    /// Whether somebody else holds what was to be locked.
    pub fn is_held(&self) -> bool {
        match self {
            Self::Query(DieselError::DatabaseError(_, information)) => {
                let text = information.message();
                text.contains("due to lock timeout") || text.contains("database is locked")
            }
            _ => false,
        }
    }

    /// Whether no database was reached, or not the one that is meant: then there is no use in trying
    /// each of several things.
    pub fn is_out_of_reach(&self) -> bool {
        matches!(self, Self::Connection(_) | Self::Displaced(_) | Self::Schema(_))
            || self.is_disconnect()
    }

    /// The same failure for somebody else who met it, too.
    #[must_use]
    pub fn again(&self) -> Self {
        match self {
            Self::Displaced(text) => Self::Displaced(text.clone()),
            Self::Schema(text) => Self::Schema(text.clone()),
            other => Self::Connection(other.to_string()),
        }
    }

    /// Whether the connection is gone and a new one may work.
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

    /// The unique index or constraint that refused a row, by whichever name the database gives.
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

/// A value that does not fit its column's type is damaged data, and no failure of the database.
impl From<DieselError> for StoreError {
    fn from(error: DieselError) -> Self {
        match error {
            DieselError::DeserializationError(reason) => Self::Damaged(in_full(&*reason)),
            error => Self::Query(error),
        }
    }
}

/// The error with its causes: Diesel's names the column, what is wrong there is the cause.
fn in_full(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

impl From<r2d2::Error> for StoreError {
    fn from(error: r2d2::Error) -> Self {
        Self::Connection(error.to_string())
    }
}

/// The error of a transaction: a refusal of its own, or the store's.
pub trait TransactionError: From<StoreError> + Send + 'static {
    /// The store's failure, if it is one.
    fn store_error(&self) -> Option<&StoreError>;
}

impl TransactionError for StoreError {
    fn store_error(&self) -> Option<&StoreError> {
        Some(self)
    }
}
