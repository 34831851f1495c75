//! The database file.

use std::fs::OpenOptions;
use std::path::Path;

use crate::options::ConnectError;

/// Makes the file when there is none, for its owner alone, and answers its name for `SQLite`, which
/// gives the files beside it the same permissions.
pub(super) fn prepare(path: &Path) -> Result<String, ConnectError> {
    let refused = |reason: String| ConnectError::File {
        path: path.display().to_string(),
        reason,
    };
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .map_err(|error| refused(error.to_string()))?;
    path.to_str()
        .map(str::to_owned)
        .ok_or_else(|| refused("its name is not UTF-8".to_owned()))
}
