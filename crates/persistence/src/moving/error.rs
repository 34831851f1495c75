//! Why a store cannot be moved.

use diesel::result::Error;

use crate::migrate::MigrateError;
use crate::options::ConnectError;

/// Why a store cannot be moved, or not further.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MoveError {
    /// A URL names no database.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The schema of one of them cannot be read or made.
    #[error(transparent)]
    Schema(#[from] MigrateError),
    /// A store is moved from `SQLite` to Postgres.
    #[error("a store is moved from sqlite: to postgres://, and not between these")]
    WrongKinds,
    /// The source's schema is not this program's.
    #[error("the SQLite store's schema is not this program's: run `grantor migrate` on it first")]
    SourceSchema,
    /// The target's schema is newer than this program.
    #[error("the target's schema is newer than this program")]
    TargetSchema,
    /// A program has the source open.
    #[error("a program has the SQLite store open: stop the server first")]
    InUse,
    /// Another move into the same target is running.
    #[error("another move into this database is running")]
    AnotherMove,
    /// There is something in the target.
    #[error("the target is not empty: {0}. Nothing was written")]
    Foreign(String),
    /// The target holds a part of another store.
    #[error(
        "an unfinished move of another store, or of this one before it changed, is in the target: \
         --restart empties it and begins anew"
    )]
    OtherSource,
    /// The two schemas are not the same.
    #[error("{0} is not the same in both stores")]
    Shape(String),
    /// A copy is not what it was copied from.
    #[error(
        "the copy of {table} differs: {source_rows} rows in SQLite, {target_rows} in Postgres. \
         The target serves nobody; --restart begins anew"
    )]
    Differs {
        /// The table.
        table: String,
        /// Rows of the source.
        source_rows: u64,
        /// Rows of the target.
        target_rows: u64,
    },
    /// A database refused.
    #[error("{what}: {reason}")]
    Refused {
        /// What was asked of it.
        what: String,
        /// What it said.
        reason: String,
    },
    /// Whoever was told of the progress wants no more.
    #[error("it was stopped: {0}")]
    Stopped(String),
}

impl MoveError {
    /// A refusal of a database. Its text names tables and constraints, never values.
    pub(crate) fn refused(what: &str) -> impl FnOnce(Error) -> Self + use<'_> {
        move |error| Self::Refused {
            what: what.to_owned(),
            reason: match error {
                Error::DatabaseError(_, information) => information.message().to_owned(),
                other => other.to_string(),
            },
        }
    }
}
