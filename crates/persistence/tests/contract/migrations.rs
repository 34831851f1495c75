//! Migrations run once, whoever runs them, and can be undone.

use std::sync::Barrier;
use std::thread;

use diesel::backend::Backend;
use diesel::connection::SimpleConnection as _;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use grantor_domain::access::{Link, PolicySettings, Rule};
use grantor_domain::document::Document;
use grantor_domain::ports::Expect;
use grantor_domain::time::Timestamp;
use grantor_persistence::{MigrateError, Persistence, SchemaStatus};
use grantor_testkit::contracts::samples::{client, policy, user};

use crate::database::{Database, Place};
use crate::on_every_database;

const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");

fn migrate(persistence: &Persistence) -> Vec<String> {
    persistence.migrate(Timestamp::from_seconds(0)).unwrap()
}

fn status_goes_from_pending_to_settled(database: &Database) {
    let before = database.persistence.schema().unwrap();
    assert!(!before.pending.is_empty() && before.unknown.is_empty());
    assert_eq!(migrate(&database.persistence), before.pending);
    assert_eq!(
        database.persistence.schema().unwrap(),
        SchemaStatus::default()
    );
    assert_eq!(migrate(&database.persistence), Vec::<String>::new());
    let told = database.column("SELECT detail AS cell FROM event ORDER BY id");
    assert_eq!(told, before.pending, "the trail tells of each, once");
}

fn one_that_fails_leaves_none(database: &Database) {
    let before = database.persistence.schema().unwrap();
    database.execute("CREATE TABLE audit_link (in_the_way integer)");
    let outcome = database.persistence.migrate(Timestamp::from_seconds(0));
    assert!(
        matches!(&outcome, Err(MigrateError::Failed { name, .. }) if name.contains("_audit, statement 2")),
        "{outcome:?}"
    );
    assert_eq!(database.persistence.schema().unwrap(), before);
}

#[test]
fn one_that_fails_leaves_none_on_sqlite() {
    one_that_fails_leaves_none(&Database::empty_sqlite());
}

#[test]
fn one_that_fails_leaves_none_on_postgres() {
    one_that_fails_leaves_none(&Database::empty_postgres());
}

#[test]
fn a_new_sqlite_is_pending_until_it_is_migrated() {
    status_goes_from_pending_to_settled(&Database::empty_sqlite());
}

#[test]
fn a_new_postgres_is_pending_until_it_is_migrated() {
    status_goes_from_pending_to_settled(&Database::empty_postgres());
}

on_every_database!(a_later_version_of_the_schema_is_told);

fn a_later_version_of_the_schema_is_told(database: &Database) {
    database.execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000001')");
    let status = database.persistence.schema().unwrap();
    assert_eq!(status.unknown, ["29991231000001"]);
    assert!(status.pending.is_empty());
}

on_every_database!(a_later_version_that_only_adds_is_one_to_work_on);

fn a_later_version_that_only_adds_is_one_to_work_on(database: &Database) {
    database.execute(
        "INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000001'), ('29991231000002'); \
         INSERT INTO schema_change (version, name, kind) \
         VALUES ('29991231000001', 'more', 'expand'), ('29991231000002', 'less', 'contract')",
    );
    let status = database.persistence.schema().unwrap();
    assert_eq!(status.ahead, ["29991231000001"]);
    assert_eq!(status.unknown, ["29991231000002"]);
    database.execute("DELETE FROM __diesel_schema_migrations WHERE version = '29991231000002'");
    assert!(database.persistence.schema().unwrap().is_in_order());
}

on_every_database!(the_schema_remembers_what_each_migration_is);

fn the_schema_remembers_what_each_migration_is(database: &Database) {
    let kinds =
        database.column("SELECT name || ' ' || kind AS cell FROM schema_change ORDER BY name");
    assert!(
        kinds.contains(&"2026-11-23-000001_foundation expand".to_owned()),
        "{kinds:?}"
    );
    assert!(
        kinds.contains(&"2026-11-28-000001_resources contract".to_owned()),
        "{kinds:?}"
    );
    assert_eq!(kinds.len(), database.rows("__diesel_schema_migrations"));
}

/// `CREATE INDEX CONCURRENTLY` waits for every statement that is running. Those who wait for their turn to
/// migrate must not be among them.
#[test]
fn an_index_is_made_beside_replicas_that_wait_for_their_turn() {
    let database = Database::postgres();
    let mut migrating = database.postgres_connection();
    migrating
        .batch_execute("SELECT pg_advisory_lock(29117685391716210); SET lock_timeout = '20s'")
        .unwrap();
    let waiting = [database.reconnect(), database.reconnect()];
    thread::scope(|scope| {
        for replica in &waiting {
            scope.spawn(|| assert_eq!(migrate(replica), Vec::<String>::new()));
        }
        let there = "SELECT '' AS cell FROM pg_stat_activity WHERE application_name = 'grantor migrate' \
                     AND datname = current_database()";
        while database.column(there).len() < waiting.len() {}
        let made = migrating.batch_execute("CREATE INDEX CONCURRENTLY of_kind ON session (kind)");
        migrating
            .batch_execute("SELECT pg_advisory_unlock(29117685391716210)")
            .unwrap();
        made.unwrap();
    });
}

#[test]
fn a_migration_waits_two_seconds_for_a_lock_and_leaves_nothing() {
    let database = Database::empty_postgres();
    let before = database.persistence.schema().unwrap();
    let mut working = database.postgres_connection();
    // Making a table waits for who is making one of its name.
    working
        .batch_execute("BEGIN; CREATE TABLE audit_link (in_the_way integer)")
        .unwrap();
    let outcome = database.persistence.migrate(Timestamp::from_seconds(0));
    let text = format!("{outcome:?}");
    assert!(text.contains("lock timeout"), "{text}");
    working.batch_execute("ROLLBACK").unwrap();
    assert_eq!(database.persistence.schema().unwrap(), before);
    assert_eq!(migrate(&database.persistence), before.pending);
}

fn replicas_migrate_once(database: &Database) {
    const REPLICAS: usize = 4;
    let pending = database.persistence.schema().unwrap().pending;
    let replicas: Vec<_> = (0..REPLICAS).map(|_| database.reconnect()).collect();
    let barrier = Barrier::new(REPLICAS);
    let mut applied: Vec<Vec<String>> = thread::scope(|scope| {
        let racers: Vec<_> = replicas
            .iter()
            .map(|replica| {
                scope.spawn(|| {
                    barrier.wait();
                    migrate(replica)
                })
            })
            .collect();
        racers
            .into_iter()
            .map(|racer| racer.join().unwrap())
            .collect()
    });
    applied.retain(|names| !names.is_empty());
    assert_eq!(applied, [pending]);
}

#[test]
fn replicas_that_start_together_migrate_sqlite_once() {
    replicas_migrate_once(&Database::empty_sqlite());
}

#[test]
fn replicas_that_start_together_migrate_postgres_once() {
    replicas_migrate_once(&Database::empty_postgres());
}

const TABLES: &str = "SELECT count(*) || '' AS cell FROM";

on_every_database!(every_migration_can_be_undone_and_redone);

fn every_migration_can_be_undone_and_redone(database: &Database) {
    let tables = match &database.place {
        Place::Sqlite(_) => format!("{TABLES} sqlite_master WHERE type = 'table'"),
        Place::Postgres(_) => {
            format!("{TABLES} information_schema.tables WHERE table_schema = 'public'")
        }
    };
    let full = database.column(&tables);
    match &database.place {
        Place::Sqlite(_) => drop(
            database
                .sqlite_connection()
                .revert_all_migrations(SQLITE)
                .unwrap(),
        ),
        Place::Postgres(_) => {
            drop(
                database
                    .postgres_connection()
                    .revert_all_migrations(POSTGRES)
                    .unwrap(),
            );
        }
    }
    assert_eq!(database.column(&tables), ["1"], "only the history is left");
    assert!(!migrate(&database.persistence).is_empty());
    assert_eq!(database.column(&tables), full);
}

/// Leaves what the first migration made.
fn to_the_first<D: Backend>(
    harness: &mut impl MigrationHarness<D>,
    source: fn() -> EmbeddedMigrations,
) {
    while harness.applied_migrations().unwrap().len() > 1 {
        harness.revert_last_migration(source()).unwrap();
    }
}

on_every_database!(what_an_older_store_holds_is_found);

fn what_an_older_store_holds_is_found(database: &Database) {
    let stores = database.stores();
    let (mut app, mut amy, mut all) = (client("app"), user("amy"), policy("administrators"));
    app.settings.allowed_origins.clear();
    app.settings.details = Document::default();
    amy.settings.roles.clear();
    amy.settings.names.clear();
    amy.settings.identifiers.clear();
    all.settings = PolicySettings {
        description: Some("Whoever administers this server may do everything".to_owned()),
        links: vec![Link::Client(app.id.clone()), Link::User(amy.id.clone())],
        role_name: None,
        rule: Rule::Allow,
    };
    for written in [&app, &client("unreadable")] {
        stores.clients.put(written, Expect::Absent, &[]).unwrap();
    }
    stores.users.put(&amy, Expect::Absent, &[]).unwrap();
    stores.policies.put(&all, Expect::Absent, &[]).unwrap();
    let index = || {
        let row = "source || ' ' || kind || ' ' || id || ' ' || parameter || ' ' || value || ' ' || folded";
        let mut rows = database.column(&format!(
            "SELECT {row} AS cell FROM resource_index WHERE id <> 'unreadable'"
        ));
        rows.sort();
        rows
    };
    let written = index();
    match &database.place {
        Place::Sqlite(_) => to_the_first(&mut database.sqlite_connection(), || SQLITE),
        Place::Postgres(_) => to_the_first(&mut database.postgres_connection(), || POSTGRES),
    }
    migrate(&database.persistence);
    assert_eq!(index(), written);
}
