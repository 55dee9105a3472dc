//! What can go wrong between us and the database.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// The result of a query.
pub type StoreResult<T> = Result<T, StoreError>;

/// A failure of the store, as distinct from a refusal by a rule.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A query failed.
    #[error("database: {0}")]
    Query(#[from] DieselError),
    /// No connection could be had in time.
    #[error("no database connection: {0}")]
    Connection(String),
    /// The server is stopping, or its writer has died.
    #[error("the server is stopping")]
    Stopping,
    /// More writes are waiting than the server takes on.
    #[error("too many writes are waiting")]
    Overloaded,
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

impl StoreError {
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
            }
            _ => false,
        }
    }

    /// Whether the connection is gone and a new one may work.
    pub fn is_disconnect(&self) -> bool {
        match self {
            Self::Query(DieselError::DatabaseError(kind, information)) => {
                matches!(
                    kind,
                    DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand
                ) || information.message().contains("terminating connection")
                    || information.message().contains("server closed the connection")
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
