//! Putting a backup in the place of the store: all of it, or nothing.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::backup::BackupError;

use super::Conn;
use super::backup::{beside, check, flush_folder, text};
use super::file::Held;

/// How often a name is looked for under which the store of before can be kept.
const NAMES: u32 = 1000;

/// A backup on its way into the place of a store. It is a copy in a folder beside that place, where
/// it can be changed before anybody serves it; the folder goes away with this value.
pub struct Restore {
    target: PathBuf,
    folder: PathBuf,
    _alone: Held,
}

#[derive(QueryableByName)]
struct Checkpoint {
    #[diesel(sql_type = BigInt)]
    busy: i64,
}

impl Restore {
    /// Takes the place of a store for itself alone, and copies and checks a backup.
    ///
    /// # Errors
    /// [`BackupError`] when there is a store and it is not to be replaced, when somebody has it open,
    /// or when the backup is not a whole store that this program knows. Nothing was changed then.
    pub fn prepare(backup: &Path, target: &Path, replace: bool) -> Result<Self, BackupError> {
        let target = std::path::absolute(target).map_err(BackupError::of(target))?;
        let alone = Held::alone(&target).map_err(BackupError::of(&target))?;
        let alone = alone.ok_or_else(|| BackupError::InUse(target.clone()))?;
        if target.exists() && !replace {
            return Err(BackupError::Exists(target));
        }
        let log = beside(backup, "-wal");
        if fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
            let says = format!("{} is beside it: it is a store in use", log.display());
            return Err(BackupError::not_whole(backup, &says));
        }
        let folder = beside(&target, ".restoring");
        // Of a restore that was killed: nobody else is at it.
        let _usually_not_there = fs::remove_dir_all(&folder);
        DirBuilder::new()
            .mode(0o700)
            .create(&folder)
            .map_err(BackupError::of(&folder))?;
        let restore = Self {
            target,
            folder,
            _alone: alone,
        };
        copy(backup, &restore.copy()).map_err(BackupError::of(backup))?;
        check(&restore.copy()).map_err(|error| error.about(backup))?;
        if restore.target.exists() {
            let_go(&restore.target)?;
        }
        Ok(restore)
    }

    /// The copy.
    #[must_use]
    pub fn copy(&self) -> PathBuf {
        self.folder.join("copy.db")
    }

    /// Puts the copy in place, durably. There is no moment without a store. Answers where the store
    /// of before is kept, when there was one.
    ///
    /// # Errors
    /// [`BackupError`] when a file cannot be written. The store of before is in its place then, unless
    /// only the last flush of the folder failed.
    pub fn put_in_place(self) -> Result<Option<PathBuf>, BackupError> {
        let copy = self.copy();
        settle(&copy)?;
        File::open(&copy)
            .and_then(|file| file.sync_all())
            .map_err(BackupError::of(&copy))?;
        let kept = if self.target.exists() {
            Some(self.keep_the_old()?)
        } else {
            None
        };
        for suffix in ["-wal", "-shm"] {
            let stale = beside(&self.target, suffix);
            match fs::remove_file(&stale) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(BackupError::of(&stale)(error));
                }
                _ => {}
            }
        }
        fs::rename(&copy, &self.target).map_err(BackupError::of(&self.target))?;
        flush_folder(&self.target)?;
        Ok(kept)
    }

    /// Gives the store of before a second name, and its log with it when it could not be emptied.
    fn keep_the_old(&self) -> Result<PathBuf, BackupError> {
        let log = beside(&self.target, "-wal");
        for number in 1..=NAMES {
            let kept = beside(&self.target, &format!(".replaced-{number}"));
            match fs::hard_link(&self.target, &kept) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(BackupError::of(&kept)(error)),
                Ok(()) => {
                    if log.exists() {
                        fs::rename(&log, beside(&kept, "-wal")).map_err(BackupError::of(&log))?;
                    }
                    return Ok(kept);
                }
            }
        }
        Err(BackupError::Exists(beside(&self.target, ".replaced")))
    }
}

impl Drop for Restore {
    fn drop(&mut self) {
        let _removed_by_the_next_restore = fs::remove_dir_all(&self.folder);
    }
}

/// Moves what the log holds into the file, which nobody else may have open. A file that is damaged is
/// left as it is.
fn let_go(target: &Path) -> Result<(), BackupError> {
    let left = Conn::establish(&text(target)?).map_err(|error| error.to_string());
    let left = left.and_then(|mut conn| {
        let mode = diesel::dsl::sql::<Text>("PRAGMA journal_mode = DELETE");
        let mode: QueryResult<String> = mode.get_result(&mut conn);
        mode.map_err(|error| error.to_string())
    });
    match left {
        Err(says) if says.contains("locked") => Err(BackupError::InUse(target.to_owned())),
        _ => Ok(()),
    }
}

/// Moves what the log of the copy holds into the copy.
fn settle(copy: &Path) -> Result<(), BackupError> {
    let mut conn = Conn::establish(&text(copy)?)?;
    conn.batch_execute("PRAGMA busy_timeout = 5000")?;
    let checkpoint: Checkpoint =
        diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(&mut conn)?;
    if checkpoint.busy == 0 {
        Ok(())
    } else {
        Err(BackupError::InUse(copy.to_owned()))
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let mut source = File::open(from)?;
    let mut options = OpenOptions::new();
    let mut target = options.write(true).create_new(true).mode(0o600).open(to)?;
    io::copy(&mut source, &mut target).map(drop)
}
