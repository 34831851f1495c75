//! What goes wrong below the ports, and how it is told above them.

use diesel::result::{DatabaseErrorKind, Error};
use grantor_domain::Fault;
use serde::Serialize;
use serde_json::Value;

/// A unit of work that did not come to an answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The database said no, or nothing.
    Query(Error),
    /// A row is not what it must be.
    Corrupt {
        table: &'static str,
        row: String,
        what: &'static str,
    },
}

impl Failure {
    pub(crate) fn corrupt(table: &'static str, row: &str, what: &'static str) -> Self {
        Self::Corrupt {
            table,
            row: row.to_owned(),
            what,
        }
    }

    /// Whether the connection is gone.
    pub(crate) const fn is_lost_connection(&self) -> bool {
        matches!(
            self,
            Self::Query(Error::DatabaseError(
                DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
                _
            ))
        )
    }
}

/// What a row holds as a document.
pub(crate) fn json(
    table: &'static str,
    row: &str,
    document: &impl Serialize,
) -> Result<Value, Failure> {
    serde_json::to_value(document)
        .map_err(|_| Failure::corrupt(table, row, "it cannot be written as JSON"))
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Query(error)
    }
}

impl From<Failure> for Fault {
    /// The texts name tables and constraints, never values of rows.
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Corrupt { table, row, what } => {
                Self::Corrupt(format!("{table} {row}: {what}"))
            }
            Failure::Query(Error::DeserializationError(_)) => {
                Self::Corrupt("a column does not hold its type".to_owned())
            }
            Failure::Query(Error::DatabaseError(kind, information)) => {
                Self::Unavailable(format!("database: {kind:?}: {}", information.message()))
            }
            Failure::Query(error) => Self::Unavailable(format!("database: {error}")),
        }
    }
}

/// Why a transaction is rolled back.
#[derive(Debug)]
pub(crate) enum Abort<T> {
    /// It has an answer, and nothing may be written.
    With(T),
    /// It has none.
    Failed(Failure),
}

impl<T> Abort<T> {
    /// What the rolled-back transaction answers.
    pub(crate) fn answer(self) -> Result<T, Failure> {
        match self {
            Self::With(answer) => Ok(answer),
            Self::Failed(failure) => Err(failure),
        }
    }
}

impl<T> From<Error> for Abort<T> {
    fn from(error: Error) -> Self {
        Self::Failed(error.into())
    }
}

impl<T> From<Failure> for Abort<T> {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}
