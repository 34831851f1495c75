//! An `SQLite` store that is moved into Postgres is there as a whole, or nobody serves from it.

use std::fmt::Write as _;

use grantor_domain::event::{Event, EventKind};
use grantor_domain::time::Timestamp;
use grantor_persistence::{Move, MoveError, Progress, TargetState};

use crate::database::{Database, options};

const NOW: Timestamp = Timestamp::from_micros(7_000_000);

/// What no table of ours needs, and no store may alter.
const ODD: &str = "a\ttab, a \\ and \\N, 'quotes', \"more\", {braces}, NULL\nand ünïcödé \u{1F511}";

/// The columns of all tables, as (table, column, type), in the words of Postgres.
fn columns(target: &Database) -> Vec<[String; 3]> {
    let rows = target.column(
        "SELECT table_name || ' ' || column_name || ' ' || data_type AS cell FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name NOT IN ('__diesel_schema_migrations', 'schema_change') \
         ORDER BY table_name, ordinal_position",
    );
    let parts = rows.iter().map(|row| {
        let parts: Vec<String> = row.splitn(3, ' ').map(str::to_owned).collect();
        parts.try_into().unwrap()
    });
    parts.collect()
}

/// One row in every table, with a value in every column.
fn filled(shape: &Database) -> Database {
    let source = Database::sqlite();
    let columns = columns(shape);
    let mut sql = "PRAGMA foreign_keys = OFF;".to_owned();
    for table in columns.chunk_by(|one, next| one[0] == next[0]) {
        let [name, ..] = table.first().unwrap();
        let names: Vec<&str> = table.iter().map(|[_, column, _]| column.as_str()).collect();
        let values: Vec<String> = table
            .iter()
            .enumerate()
            .map(|(at, [_, column, kind])| value(at, column, kind))
            .collect();
        let (names, values) = (names.join(", "), values.join(", "));
        write!(
            sql,
            "DELETE FROM {name}; INSERT INTO {name} ({names}) VALUES ({values});"
        )
        .unwrap();
    }
    source.execute(&sql);
    source
}

fn value(at: usize, column: &str, kind: &str) -> String {
    match kind {
        _ if column.ends_with("id") && kind == "text" => "'one'".to_owned(),
        // Numbers that the database gives are positive, and the set of policies is one row, with this id.
        "bigint" if at == 0 => "1".to_owned(),
        "bigint" => format!("-900719925474099{at:02}"),
        "boolean" => (at % 2).to_string(),
        "bytea" => format!("x'00ff27{at:04}'"),
        "json" => format!("'[ \"{column}\", 1.50, \"\\u0000\" ]'"),
        "text" => format!("'{column} {}'", ODD.replace('\'', "''")),
        other => panic!("a value of type {other} is wanted here"),
    }
}

/// What each database says is in a column, asked without the program.
fn cells(database: &Database, [table, column, kind]: &[String; 3], sqlite: bool) -> Vec<String> {
    let cell = match (kind.as_str(), sqlite) {
        ("bytea", true) => format!("lower(hex({column}))"),
        ("bytea", false) => format!("encode({column}, 'hex')"),
        ("boolean", false) => format!("{column}::int::text"),
        (_, true) => format!("CAST({column} AS TEXT)"),
        (_, false) => format!("{column}::text"),
    };
    let mut cells = database.column(&format!(
        "SELECT coalesce({cell}, '(null)') AS cell FROM {table}"
    ));
    cells.sort();
    cells
}

fn begin(source: &Database, target: &Database) -> Result<Move, MoveError> {
    Move::begin(&options(&source.url()), &options(&target.url()))
}

fn copy(moving: &mut Move) -> Result<(), MoveError> {
    moving.copy(NOW, 3, false, &mut |_| Ok(()))
}

/// All of it, without interruption.
fn move_all(source: &Database, target: &Database) {
    let mut moving = begin(source, target).unwrap();
    copy(&mut moving).unwrap();
    moving.verify(&mut |_| ()).unwrap();
    let moved = Event::new(EventKind::StoreMoved, NOW);
    moving.finish(&[moved]).unwrap();
}

#[test]
fn no_table_and_no_column_is_left_behind() {
    let target = Database::postgres();
    let source = filled(&target);
    let columns = columns(&target);
    move_all(&source, &target);
    assert!(columns.len() > 100, "{columns:?}");
    // The move has written an event of its own.
    target.execute("DELETE FROM event WHERE kind = 'store.moved'");
    for column in &columns {
        let there = cells(&target, column, false);
        assert_eq!(there, cells(&source, column, true), "{column:?}");
        assert_eq!(there.len(), 1, "{column:?}");
        assert_ne!(there, ["(null)"], "the test fills every column: {column:?}");
    }
}

#[test]
fn an_empty_database_is_migrated_first() {
    let (source, target) = (Database::sqlite(), Database::empty_postgres());
    let moving = begin(&source, &target).unwrap();
    assert_eq!(*moving.target(), TargetState::Empty);
    drop(moving);
    move_all(&source, &target);
    assert!(target.persistence.schema().unwrap().is_in_order());
}

fn with_budgets(count: usize) -> Database {
    let source = Database::sqlite();
    for at in 0..count {
        source.execute(&format!(
            "INSERT INTO throttle (key, tat) VALUES ('key {at:03}', {at})"
        ));
    }
    source
}

#[test]
fn what_was_interrupted_goes_on_where_it_stood() {
    let (source, target) = (with_budgets(20), Database::postgres());
    let mut moving = begin(&source, &target).unwrap();
    let mut seen = 0;
    let mut stop = |progress: &Progress<'_>| {
        if progress.table == "throttle" && progress.copied >= 9 {
            return Err(MoveError::Stopped("by the test".to_owned()));
        }
        Ok(())
    };
    let stopped = moving.copy(NOW, 3, false, &mut stop);
    assert_eq!(stopped, Err(MoveError::Stopped("by the test".to_owned())));
    drop(moving);
    assert!(target.persistence.schema().unwrap().unfinished_move);
    assert_eq!(target.rows("throttle"), 9);
    let mut moving = begin(&source, &target).unwrap();
    assert_eq!(*moving.target(), TargetState::Begun);
    let first = &mut |progress: &Progress<'_>| {
        if progress.table == "throttle" && seen == 0 {
            seen = progress.copied;
        }
        Ok(())
    };
    moving.copy(NOW, 3, false, first).unwrap();
    assert_eq!(seen, 12, "three more than before");
    moving.verify(&mut |_| ()).unwrap();
    moving.finish(&[]).unwrap();
    assert_eq!(target.rows("throttle"), 20);
    assert!(target.persistence.schema().unwrap().is_in_order());
}

#[test]
fn a_store_that_changed_meanwhile_is_copied_anew_or_not_at_all() {
    let (source, target) = (with_budgets(5), Database::postgres());
    let mut moving = begin(&source, &target).unwrap();
    copy(&mut moving).unwrap();
    drop(moving);
    let started = Event::new(EventKind::ConfigLoaded, NOW);
    source.reconnect().events().append(&[started]).unwrap();
    let mut moving = begin(&source, &target).unwrap();
    assert_eq!(*moving.target(), TargetState::BegunOtherwise);
    assert_eq!(copy(&mut moving), Err(MoveError::OtherSource));
    moving.copy(NOW, 100, true, &mut |_| Ok(())).unwrap();
    moving.verify(&mut |_| ()).unwrap();
    moving.finish(&[]).unwrap();
    assert_eq!((target.rows("throttle"), target.rows("event")), (5, 1));
}

#[test]
fn a_copy_that_was_altered_is_found_to_differ() {
    for altered in [
        "UPDATE throttle SET tat = tat + 1 WHERE key = 'key 003'",
        "DELETE FROM throttle WHERE key = 'key 003'",
        "INSERT INTO throttle (key, tat) VALUES ('more', 1)",
    ] {
        let (source, target) = (with_budgets(5), Database::postgres());
        let mut moving = begin(&source, &target).unwrap();
        copy(&mut moving).unwrap();
        target.execute(altered);
        let verified = moving.verify(&mut |_| ());
        assert!(
            matches!(&verified, Err(MoveError::Differs { table, .. }) if table == "throttle"),
            "{altered}: {verified:?}"
        );
    }
}

#[test]
fn a_store_that_somebody_has_open_is_not_moved() {
    let (source, target) = (Database::sqlite(), Database::postgres());
    // An idle connection of its pool is enough.
    source.persistence.probe().unwrap();
    let begun = begin(&source, &target).map(drop);
    assert_eq!(begun, Err(MoveError::InUse));
    let looked = Move::look(&options(&source.url()), &options(&target.url()));
    assert!(looked.is_ok(), "looking takes nothing");
}

#[test]
fn while_it_is_moved_nobody_else_opens_the_store() {
    let (source, target) = (Database::sqlite(), Database::postgres());
    let moving = begin(&source, &target).unwrap();
    let second = begin(&source, &target).map(drop);
    assert_eq!(second, Err(MoveError::InUse));
    drop(moving);
    begin(&source, &target).map(drop).unwrap();
}

#[test]
fn a_target_with_something_in_it_is_left_alone() {
    let source = Database::sqlite();
    for (target, foreign) in [
        (
            Database::postgres(),
            "INSERT INTO throttle (key, tat) VALUES ('a', 1)",
        ),
        (
            Database::postgres(),
            "INSERT INTO event (at, kind) VALUES (1, 'login.ok')",
        ),
        (
            Database::postgres(),
            "CREATE TABLE theirs (a text); INSERT INTO theirs VALUES ('a')",
        ),
        (Database::empty_postgres(), "CREATE TABLE theirs (a text)"),
    ] {
        target.execute(foreign);
        let begun = begin(&source, &target).map(drop);
        assert!(
            matches!(begun, Err(MoveError::Foreign(_))),
            "{foreign}: {begun:?}"
        );
    }
}

#[test]
fn what_was_moved_is_not_moved_again() {
    let (source, target) = (with_budgets(2), Database::postgres());
    move_all(&source, &target);
    let again = begin(&source, &target).map(drop);
    assert!(matches!(again, Err(MoveError::Foreign(_))), "{again:?}");
}

#[test]
fn numbers_go_on_after_those_that_came_along() {
    let (source, target) = (Database::sqlite(), Database::postgres());
    let event = Event::new(EventKind::ConfigLoaded, NOW);
    source
        .reconnect()
        .events()
        .append(&[event.clone(), event.clone()])
        .unwrap();
    source.execute("UPDATE event SET id = id + 1000");
    move_all(&source, &target);
    target.persistence.events().append(&[event]).unwrap();
    let ids = target.column("SELECT id::text AS cell FROM event ORDER BY id");
    assert_eq!(ids, ["1001", "1002", "1003", "1004"]);
}
