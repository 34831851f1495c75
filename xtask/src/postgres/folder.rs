//! The cluster's folder, private to its account, and the folders crashed runs left behind.

use std::fs::{self, DirBuilder, File};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use crate::failure::{Context as _, Failure};
use crate::report;

use super::Durability;
use super::account::Account;
use super::watchdog;

const PREFIX: &str = "grantor-postgres-";
const LOCK: &str = "lock";

/// A folder that exists as long as this value. The lock in it is held by this process and ends with it, so whoever
/// can take the lock knows that the folder's owner is gone.
pub(crate) struct Folder {
    path: PathBuf,
    _lock: File,
}

impl Folder {
    pub(crate) fn create(durability: Durability, account: &Account) -> Result<Self, Failure> {
        let path = parent(durability).join(format!("{PREFIX}{}", std::process::id()));
        DirBuilder::new()
            .mode(0o700)
            .create(&path)
            .context(format_args!("cannot make {}", path.display()))?;
        let lock = take_new_lock(&path).context(format_args!("cannot lock {}", path.display()))?;
        account
            .take_over(&path)
            .context(format_args!("cannot give away {}", path.display()))?;
        Ok(Self { path, _lock: lock })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Stops and removes what earlier runs of the same account left when nothing could clean up after them.
    pub(crate) fn remove_leftovers(durability: Durability, account: &Account) {
        for entry in fs::read_dir(parent(durability))
            .into_iter()
            .flatten()
            .flatten()
        {
            let named_like_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
            let owned = entry
                .metadata()
                .is_ok_and(|metadata| metadata.is_dir() && metadata.uid() == account.uid());
            if named_like_ours && owned && is_abandoned(&entry.path()) {
                report::say(format_args!(
                    "postgres: removing {}, left by a crashed run",
                    entry.path().display()
                ));
                watchdog::clean_now(&entry.path(), account);
            }
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // The watchdog has usually been here first.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// `/var/tmp` is a disk where `/tmp` may be memory, and a bench must wait for a disk. Both are short enough for a
/// socket's name and open to every account, which `TMPDIR` need not be.
fn parent(durability: Durability) -> &'static Path {
    match durability {
        Durability::Off => Path::new("/tmp"),
        Durability::Full => Path::new("/var/tmp"),
    }
}

/// The lock appears under its name only once it is held, so that nobody mistakes a new folder for an abandoned one.
fn take_new_lock(folder: &Path) -> std::io::Result<File> {
    let unnamed = folder.join("new-lock");
    let lock = File::create(&unnamed)?;
    lock.lock()?;
    fs::rename(unnamed, folder.join(LOCK))?;
    Ok(lock)
}

fn is_abandoned(folder: &Path) -> bool {
    let Ok(lock) = File::open(folder.join(LOCK)) else {
        return false;
    };
    lock.try_lock().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_abandoned_once_its_owner_is_gone() {
        let path = std::env::temp_dir().join(format!("grantor-lock-{}", std::process::id()));
        fs::create_dir(&path).unwrap();
        assert!(
            !is_abandoned(&path),
            "its owner has not come to the lock yet"
        );
        let lock = take_new_lock(&path).unwrap();
        assert!(!is_abandoned(&path), "its owner holds the lock");
        // Not only dropped: a process that another test is starting holds a copy until its `exec`.
        lock.unlock().unwrap();
        assert!(is_abandoned(&path));
        fs::remove_dir_all(path).unwrap();
    }
}
