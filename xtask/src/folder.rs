//! Folders below cargo's: of tools, of servers, and of what tests make.

use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use crate::failure::{Context as _, Failure};
use crate::workspace;

/// A folder below cargo's, which one run at a time may use.
pub(crate) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    /// Makes the folder when it is not there, and waits until no other run uses it.
    pub(crate) fn open(name: &str) -> Result<Self, Failure> {
        let path = workspace::target_directory()?.join(name);
        fs::create_dir_all(&path).context(format_args!("cannot make {}", path.display()))?;
        let lock = File::create(path.join("lock"))
            .context(format_args!("cannot open the lock of {}", path.display()))?;
        lock.lock()
            .context(format_args!("cannot lock {}", path.display()))?;
        Ok(Self { path, _lock: lock })
    }

    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

/// Makes the folder an empty one that nobody else may read.
pub(crate) fn empty(path: &Path) -> Result<(), Failure> {
    remove(path)?;
    DirBuilder::new()
        .mode(0o700)
        .create(path)
        .context(format_args!("cannot make {}", path.display()))
}

/// Copies files of one folder to another.
pub(crate) fn copy(names: &[&str], from: &Path, to: &Path) -> Result<(), Failure> {
    for name in names {
        fs::copy(from.join(name), to.join(name)).context(format_args!("cannot copy {name}"))?;
    }
    Ok(())
}

/// Removes a folder with everything in it, if it is there.
pub(crate) fn remove(folder: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Failure::new(format!(
            "cannot remove {}: {error}",
            folder.display()
        ))),
        _ => Ok(()),
    }
}
