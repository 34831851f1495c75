//! Files that hold one secret.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

const LONGEST: u64 = 64 * 1024;

/// Why a secret file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SecretFileError {
    /// It cannot be read or written.
    #[error("cannot use {path}: {source}")]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Others may read or change it.
    #[error("{path} can be read by everyone or changed by others: run chmod 600 {path}")]
    Exposed {
        /// The file.
        path: PathBuf,
    },
    /// There is nothing in it.
    #[error("{path} is empty")]
    Empty {
        /// The file.
        path: PathBuf,
    },
}

/// Reads a secret without its line end. A file that others can read is refused.
///
/// # Errors
/// [`SecretFileError`].
pub fn read(path: &Path) -> Result<Zeroizing<String>, SecretFileError> {
    let unusable = |source| SecretFileError::Unusable {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(unusable)?;
    let mode = file.metadata().map_err(unusable)?.mode();
    if mode & 0o027 != 0 {
        return Err(SecretFileError::Exposed {
            path: path.to_owned(),
        });
    }
    let mut text = Zeroizing::new(String::new());
    file.take(LONGEST)
        .read_to_string(&mut text)
        .map_err(unusable)?;
    let end = text.trim_end_matches(['\r', '\n']).len();
    text.truncate(end);
    if text.is_empty() {
        return Err(SecretFileError::Empty {
            path: path.to_owned(),
        });
    }
    Ok(text)
}

/// Writes a new secret for its owner alone, durably. An existing file is left as it is.
///
/// # Errors
/// [`SecretFileError::Unusable`], also when the file exists.
pub fn create(path: &Path, secret: &str) -> Result<(), SecretFileError> {
    let unusable = |source| SecretFileError::Unusable {
        path: path.to_owned(),
        source,
    };
    let mut options = OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(unusable)?;
    file.write_all(secret.as_bytes())
        .and_then(|()| file.write_all(b"\n"))
        .map_err(unusable)?;
    file.sync_all().map_err(unusable)
}
