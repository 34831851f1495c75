//! What backing up and restoring can come to.

use std::io;
use std::path::{Path, PathBuf};

use crate::migrate::MigrateError;

/// Why a backup was not taken, or not put back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Nothing is overwritten.
    #[error("{} is there already", .0.display())]
    Exists(PathBuf),
    /// A program has the store open.
    #[error("{} is in use: stop the server first", .0.display())]
    InUse(PathBuf),
    /// A file cannot be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It is not a whole store.
    #[error("{} is not a whole store: {says}", path.display())]
    NotWhole {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        says: String,
    },
    /// Its schema has migrations that this program does not know.
    #[error("{} was made by a newer program (it has {unknown}): restore it with that, or newer", path.display())]
    TooNew {
        /// The file.
        path: PathBuf,
        /// The versions.
        unknown: String,
    },
    /// The store does not answer, or refuses.
    #[error("the store: {0}")]
    Store(String),
    /// Postgres has tools of its own for this.
    #[error("a store in Postgres is backed up by pg_dump and restored by pg_restore")]
    HasToolsOfItsOwn,
}

impl BackupError {
    /// What a file answered.
    pub(crate) fn of(path: &Path) -> impl Fn(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::File {
            path: path.clone(),
            source,
        }
    }

    /// The same, told of the file that was copied.
    pub(crate) fn about(self, original: &Path) -> Self {
        let path = original.to_owned();
        match self {
            Self::NotWhole { says, .. } => Self::NotWhole { path, says },
            Self::TooNew { unknown, .. } => Self::TooNew { path, unknown },
            other => other,
        }
    }

    pub(crate) fn not_whole(path: &Path, says: &(impl ToString + ?Sized)) -> Self {
        Self::NotWhole {
            path: path.to_owned(),
            says: says.to_string(),
        }
    }
}

impl From<diesel::result::Error> for BackupError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.to_string())
    }
}

impl From<diesel::ConnectionError> for BackupError {
    fn from(error: diesel::ConnectionError) -> Self {
        Self::Store(error.to_string())
    }
}

impl From<MigrateError> for BackupError {
    fn from(error: MigrateError) -> Self {
        Self::Store(error.to_string())
    }
}
