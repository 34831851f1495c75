//! A backup is one whole state of the store, and nothing else takes a store's place.

use std::fs;
use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use grantor_domain::ports::SessionKey;
use grantor_persistence::{BackupError, Persistence, Restore};
use grantor_testkit::contracts::samples::session;

use crate::database::{Database, Place, options};

fn folder(database: &Database) -> &Path {
    match &database.place {
        Place::Sqlite(folder) => folder.path(),
        Place::Postgres(_) => panic!("not a file"),
    }
}

/// A store with session `s1`, and a backup of it.
fn backed_up() -> (Database, PathBuf) {
    let database = Database::sqlite();
    let sessions = database.stores().sessions;
    sessions.open(&session("s1"), &[]).unwrap();
    let file = folder(&database).join("backup.db");
    database.persistence.back_up(&file).unwrap();
    (database, file)
}

fn change(file: &Path, sql: &str) {
    let mut conn = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    conn.batch_execute(sql).unwrap();
}

fn refusal(file: &Path, target: &Path) -> BackupError {
    match Restore::prepare(file, target, false) {
        Ok(_) => panic!("it was taken"),
        Err(error) => error,
    }
}

#[test]
fn a_restored_backup_holds_what_was_written_before_it_and_nothing_later() {
    let (database, file) = backed_up();
    let sessions = database.stores().sessions;
    sessions.open(&session("s2"), &[]).unwrap();
    let target = folder(&database).join("restored.db");
    let restore = Restore::prepare(&file, &target, false).unwrap();
    assert_eq!(restore.put_in_place().unwrap(), None);
    let url = format!("sqlite:{}", target.display());
    let restored = Persistence::connect(&options(&url)).unwrap().sessions();
    let find = |id: &str| restored.find(&SessionKey::Id(session(id).id)).unwrap();
    assert!(find("s1").is_some() && find("s2").is_none());
}

#[test]
fn a_backup_of_a_newer_program_is_refused() {
    let (database, file) = backed_up();
    change(
        &file,
        "INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000001')",
    );
    let target = folder(&database).join("restored.db");
    let error = refusal(&file, &target);
    assert!(
        matches!(&error, BackupError::TooNew { unknown, .. } if unknown == "29991231000001"),
        "{error}"
    );
    assert!(!target.exists());
}

#[test]
fn what_is_no_store_of_ours_is_refused() {
    let (database, file) = backed_up();
    let target = folder(&database).join("restored.db");
    let other = folder(&database).join("other.db");
    change(&other, "CREATE TABLE a (b integer)");
    change(
        &file,
        "PRAGMA foreign_keys = OFF; INSERT INTO refresh_token (hash, session_id) VALUES (x'01', 'nobody')",
    );
    for broken in [&other, &file] {
        let error = refusal(broken, &target);
        assert!(matches!(error, BackupError::NotWhole { .. }), "{error}");
    }
    assert!(!target.exists());
}

#[test]
fn a_restore_waits_for_nobody_and_nobody_begins_during_one() {
    let (database, file) = backed_up();
    let store = folder(&database).join("test.db");
    let held = Restore::prepare(&file, &store, true);
    assert!(matches!(held, Err(BackupError::InUse(_))));
    let target = folder(&database).join("restored.db");
    let restore = Restore::prepare(&file, &target, false).unwrap();
    let url = format!("sqlite:{}", target.display());
    assert!(Persistence::connect(&options(&url)).is_err());
    drop(restore);
    let left = fs::read_dir(folder(&database)).unwrap();
    let left = left.map(|entry| entry.unwrap().file_name());
    let left: Vec<_> = left
        .filter(|name| name.to_string_lossy().contains("restoring"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
    Persistence::connect(&options(&url)).unwrap();
}

#[test]
fn postgres_has_tools_of_its_own() {
    let database = Database::postgres();
    let error = database.persistence.back_up(Path::new("/nowhere/backup"));
    assert!(matches!(error, Err(BackupError::HasToolsOfItsOwn)));
}
