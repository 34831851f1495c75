//! Files that hold one secret.

use std::fs::{File, Metadata, OpenOptions};
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
    #[error("{path} can be read or changed by others than its owner: run chmod 600 {path}")]
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

/// Whether others than its owner can do something with a file that holds secrets. The group may read
/// a file of somebody else: so mounts of Kubernetes (`fsGroup`) and of systemd hand secrets to an
/// account that does not own them, and without that it could not read them.
#[must_use]
pub const fn is_exposed(mode: u32, is_own: bool) -> bool {
    let forbidden = if is_own { 0o077 } else { 0o037 };
    mode & forbidden != 0
}

/// Whether the account this program runs as owns a file.
#[must_use]
pub fn is_own(file: &Metadata) -> bool {
    file.uid() == rustix::process::geteuid().as_raw()
}

/// Passes a file that holds secrets and is private.
///
/// # Errors
/// [`SecretFileError::Exposed`]; [`SecretFileError::Unusable`] when it is not there.
pub fn check(path: &Path) -> Result<(), SecretFileError> {
    let found = std::fs::metadata(path);
    private(path, found).map(drop)
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
    private(path, file.metadata())?;
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

fn private(path: &Path, found: io::Result<Metadata>) -> Result<Metadata, SecretFileError> {
    let path = path.to_owned();
    match found {
        Ok(file) if is_exposed(file.mode(), is_own(&file)) => {
            Err(SecretFileError::Exposed { path })
        }
        Ok(file) => Ok(file),
        Err(source) => Err(SecretFileError::Unusable { path, source }),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_but_the_owner_reads_a_file_of_ours() {
        for mode in [0o600, 0o400, 0o100_600] {
            assert!(!is_exposed(mode, true), "{mode:o}");
        }
        for mode in [0o640, 0o440, 0o604, 0o660, 0o620, 0o601] {
            assert!(is_exposed(mode, true), "{mode:o}");
        }
    }

    #[test]
    fn a_group_reads_what_was_handed_over_to_it_and_no_more() {
        for mode in [0o600, 0o440, 0o640] {
            assert!(!is_exposed(mode, false), "{mode:o}");
        }
        for mode in [0o644, 0o444, 0o660, 0o642, 0o650] {
            assert!(is_exposed(mode, false), "{mode:o}");
        }
    }
}
