//! Taking a backup of a file in use, and telling whether one is whole.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection as _;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::backup::BackupError;

use super::connection::SETTINGS;
use super::{Conn, migrations};

/// Writes one consistent state of the store into a new file, for its owner alone. Readers and writers
/// of the store go on meanwhile. What stands under the name of the backup is never half of one: that
/// is written beside it, verified, flushed, and renamed.
pub(super) fn take(location: &str, to: &Path) -> Result<(), BackupError> {
    let to = std::path::absolute(to).map_err(BackupError::of(to))?;
    // Nobody else takes the name meanwhile.
    let place = Made::empty(to.clone())?;
    let copy = Made::empty(beside(&to, ".partial"))?;
    let mut conn = Conn::establish(location)?;
    conn.batch_execute(SETTINGS)?;
    diesel::sql_query("VACUUM INTO ?")
        .bind::<Text, _>(text(&copy.path)?)
        .execute(&mut conn)?;
    check(&copy.path)?;
    let in_the_way = BackupError::of(&copy.path);
    File::open(&copy.path)
        .and_then(|file| file.sync_all())
        .map_err(&in_the_way)?;
    fs::rename(&copy.path, &place.path).map_err(&in_the_way)?;
    place.keep();
    copy.keep();
    flush_folder(&to)
}

/// Passes a file that is a whole store of this program, or of an older one.
pub(super) fn check(path: &Path) -> Result<(), BackupError> {
    let not_whole = |error: diesel::result::Error| BackupError::not_whole(path, &error);
    let mut conn = Conn::establish(&text(path)?)?;
    conn.batch_execute("PRAGMA query_only = ON")
        .map_err(not_whole)?;
    let says: String = sql::<Text>("PRAGMA integrity_check(1)")
        .get_result(&mut conn)
        .map_err(not_whole)?;
    if says != "ok" {
        return Err(BackupError::not_whole(path, &says));
    }
    let dangling: Vec<String> =
        sql::<Text>("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1")
            .load(&mut conn)
            .map_err(not_whole)?;
    if let Some(table) = dangling.first() {
        let says = format!("a row of {table} refers to one that is not there");
        return Err(BackupError::not_whole(path, &says));
    }
    if !migrations::has_history(&mut conn).map_err(not_whole)? {
        return Err(BackupError::not_whole(
            path,
            "it was not made by this program",
        ));
    }
    let unknown = migrations::status_of(&mut conn)?.unknown;
    if unknown.is_empty() {
        Ok(())
    } else {
        Err(BackupError::TooNew {
            path: path.to_owned(),
            unknown: unknown.join(", "),
        })
    }
}

/// A file that was made now and is removed again unless it is kept.
pub(super) struct Made {
    pub(super) path: PathBuf,
    is_kept: bool,
}

impl Made {
    /// An empty file for its owner alone. Never one that exists.
    pub(super) fn empty(path: PathBuf) -> Result<Self, BackupError> {
        let mut options = OpenOptions::new();
        let made = options.write(true).create_new(true).mode(0o600).open(&path);
        match made {
            Ok(_) => Ok(Self {
                path,
                is_kept: false,
            }),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                Err(BackupError::Exists(path))
            }
            Err(error) => Err(BackupError::of(&path)(error)),
        }
    }

    fn keep(mut self) {
        self.is_kept = true;
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        if !self.is_kept {
            let _nothing_is_lost_when_it_stays = fs::remove_file(&self.path);
        }
    }
}

/// The name of a file beside another.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// A name as `SQLite` takes it.
pub(super) fn text(path: &Path) -> Result<String, BackupError> {
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| BackupError::not_whole(path, "its name is not UTF-8"))
}

/// Makes the names in the folder of a file durable.
pub(super) fn flush_folder(of: &Path) -> Result<(), BackupError> {
    let folder = of.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(BackupError::of(folder))
}
