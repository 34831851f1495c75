//! The database file, and the one beside it that shows who uses it.

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use crate::options::ConnectError;

/// Makes the file when there is none, for its owner alone, and answers its name for `SQLite`, which
/// gives the files beside it the same permissions.
pub(super) fn prepare(path: &Path) -> Result<String, ConnectError> {
    let refused = |reason: String| ConnectError::File {
        path: path.display().to_string(),
        reason,
    };
    private()
        .open(path)
        .map_err(|error| refused(error.to_string()))?;
    path.to_str()
        .map(str::to_owned)
        .ok_or_else(|| refused("its name is not UTF-8".to_owned()))
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Having the database open, by a lock on a file beside it. `SQLite`'s own locks say nothing while no
/// connection is open, and closing any other handle of its file would drop them.
#[derive(Debug)]
pub(crate) struct Held {
    _until_it_is_closed: File,
}

impl Held {
    /// With others. Where files cannot be locked, nothing is shown.
    pub(super) fn shared(path: &Path) -> Result<Option<Self>, ConnectError> {
        let refused = |reason: String| ConnectError::File {
            path: path.display().to_string(),
            reason,
        };
        let file = open(path).map_err(|error| refused(error.to_string()))?;
        match file.try_lock_shared() {
            Ok(()) => Ok(Some(Self {
                _until_it_is_closed: file,
            })),
            Err(TryLockError::WouldBlock) => Err(refused("a backup is being restored".to_owned())),
            Err(TryLockError::Error(_)) => Ok(None),
        }
    }

    /// Without anybody else; `None` when somebody has it open.
    pub(super) fn alone(path: &Path) -> io::Result<Option<Self>> {
        let file = open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self {
                _until_it_is_closed: file,
            })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut name = OsString::from(path);
    name.push(".lock");
    private().open(name)
}
