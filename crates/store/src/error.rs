//! What can go wrong in the store, in the words its callers decide by.

use tokio_postgres::error::SqlState;

/// A failure of the store. The message is for the log, never for a client.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Too much waits already, or waited too long. Try again shortly.
    #[error("the store is busy: {0}")]
    Busy(&'static str),
    /// The database cannot be reached, or went away. Whether a commit under way took place is unknown.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// Two transactions stood in each other's way more often than the store retries.
    #[error("the transaction lost against others: {0}")]
    Conflict(String),
    /// A row like this exists already.
    #[error("not unique: {0}")]
    NotUnique(String),
    /// The disk has no room left.
    #[error("the disk is full: {0}")]
    Full(String),
    /// A query for exactly one row found none.
    #[error("no such row")]
    NoRow,
    /// A write closure ended well but recorded no event and did not say that this is meant.
    #[error("the transaction changed something but recorded no event")]
    Unrecorded,
    /// A write closure waited for something that is not the store.
    #[error("a transaction waited for something outside the store")]
    ForeignAwait,
    /// A closure panicked; its transaction was rolled back.
    #[error("a transaction panicked")]
    Panicked,
    /// A column does not hold what the code expects.
    #[error("column {column}: {problem}")]
    Column {
        /// Position in the row, from 0.
        column: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// The schema does not fit this program.
    #[error("migration: {0}")]
    Migration(String),
    /// Another program that this needs is missing, too old, or failed: a sentence.
    #[error("{0}")]
    Program(String),
    /// Anything else that the database refused: a mistake in this program.
    #[error("database: {0}")]
    Database(String),
}

impl StoreError {
    /// Whether running the whole transaction again may succeed.
    pub(crate) const fn retries(&self) -> bool {
        matches!(self, Self::Conflict(_))
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        let text = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy("another process writes"),
            Some(ErrorCode::DiskFull) => Self::Full(text),
            // SQLite says of a page that the disk does not give (EIO), too, that it is malformed; which it is, is not this
            // program's mistake, and may be over with the next read.
            Some(
                ErrorCode::CannotOpen
                | ErrorCode::SystemIoFailure
                | ErrorCode::ReadOnly
                | ErrorCode::DatabaseCorrupt,
            ) => Self::Unavailable(text),
            Some(ErrorCode::ConstraintViolation) if text.contains("UNIQUE") => Self::NotUnique(text),
            _ => Self::Database(text),
        }
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(db) = error.as_db_error() else {
            return if error.is_closed()
                || std::error::Error::source(&error)
                    .is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
            {
                Self::Unavailable(describe(&error))
            } else {
                Self::Database(describe(&error))
            };
        };
        let text = format!("{} ({})", db.message(), db.code().code());
        let code = db.code();
        if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED {
            Self::Conflict(text)
        } else if *code == SqlState::UNIQUE_VIOLATION {
            Self::NotUnique(db.constraint().unwrap_or_default().to_owned())
        } else if *code == SqlState::QUERY_CANCELED || *code == SqlState::LOCK_NOT_AVAILABLE {
            Self::Busy("a statement took too long")
        } else if *code == SqlState::DISK_FULL {
            Self::Full(text)
        } else if matches!(code.code().get(..2), Some("08" | "53" | "57")) {
            Self::Unavailable(text)
        } else {
            Self::Database(text)
        }
    }
}

/// An error with its causes: tokio-postgres keeps what matters in the source.
fn describe(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

impl From<deadpool_postgres::PoolError> for StoreError {
    fn from(error: deadpool_postgres::PoolError) -> Self {
        use deadpool_postgres::PoolError;
        match error {
            PoolError::Timeout(_) => Self::Busy("no free database connection"),
            PoolError::Backend(inner) => match Self::from(inner) {
                // A connection that cannot be opened is an outage whatever the reason.
                Self::Database(text) => Self::Unavailable(text),
                other => other,
            },
            other => Self::Unavailable(other.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::ffi;

    #[test]
    fn a_disk_that_errs_is_no_mistake_of_this_program() {
        let of = |code| StoreError::from(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None));
        for code in
            [ffi::SQLITE_IOERR_READ, ffi::SQLITE_IOERR_FSYNC, ffi::SQLITE_CORRUPT, ffi::SQLITE_CANTOPEN]
        {
            assert!(matches!(of(code), StoreError::Unavailable(_)), "{code}");
        }
        assert!(matches!(of(ffi::SQLITE_ERROR), StoreError::Database(_)));
    }
}
