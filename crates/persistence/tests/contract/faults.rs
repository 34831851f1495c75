//! What cannot be known is a fault, and which one it is says why.

use std::thread;
use std::time::{Duration, Instant};

use grantor_domain::Fault;
use grantor_domain::ports::{Expect, SessionKey};
use grantor_domain::time::Timestamp;
use grantor_persistence::{ConnectError, DatabaseOptions, Persistence};
use grantor_testkit::contracts::samples::{client, session, session_id, user};

use crate::database::Database;
use crate::on_every_database;

fn is_corrupt<T: std::fmt::Debug>(outcome: Result<T, Fault>, told: &str) {
    match outcome {
        Err(Fault::Corrupt(text)) => assert!(text.contains(told), "{text}"),
        other => panic!("{other:?} is not corrupt"),
    }
}

on_every_database!(a_row_that_cannot_be_read_is_corrupt);

fn a_row_that_cannot_be_read_is_corrupt(database: &Database) {
    let stores = database.stores();
    stores.sessions.open(&session("s1"), &[]).unwrap();
    stores
        .clients
        .put(&client("app"), Expect::Absent, &[])
        .unwrap();
    stores.users.put(&user("amy"), Expect::Absent, &[]).unwrap();
    for (column, value) in [
        ("kind", "'carrier_pigeon'"),
        ("scope", "'a  b'"),
        ("user_epoch", "NULL"),
        ("refresh_expires", "NULL"),
        ("audience", "'[1]'"),
        ("address", "'nowhere'"),
    ] {
        database.execute(&format!("UPDATE session SET {column} = {value}"));
        let found = stores.sessions.find(&SessionKey::Id(session_id("s1")));
        is_corrupt(found, "session s1: ");
        database.execute("DELETE FROM session");
        stores.sessions.open(&session("s1"), &[]).unwrap();
    }
    database.execute(r#"UPDATE client SET settings = '{"scope": 5}'"#);
    is_corrupt(stores.clients.find(&client("app").id), "client app: ");
    database.execute(r#"UPDATE app_user SET settings = '{"profile": "hunter2"}'"#);
    is_corrupt(stores.users.find(&user("amy").id), "app_user amy: ");
}

#[test]
fn an_unmigrated_database_is_unavailable() {
    for database in [Database::empty_sqlite(), Database::empty_postgres()] {
        let found = database.stores().clients.find(&client("app").id);
        assert!(matches!(found, Err(Fault::Unavailable(_))), "{found:?}");
    }
}

#[test]
fn an_unreachable_postgres_is_unavailable_within_the_connection_timeout() {
    let options = DatabaseOptions {
        url: "postgres://amy:hunter2@127.0.0.1:1/none".to_owned(),
        pool_size: 2,
        connection_timeout: Duration::from_millis(500),
    };
    let persistence = Persistence::connect(&options).unwrap();
    let started = Instant::now();
    let probed = persistence.probe();
    assert!(started.elapsed() < Duration::from_secs(2));
    assert!(matches!(probed, Err(Fault::Unavailable(_))), "{probed:?}");
    let told = format!(
        "{probed:?} {:?} {options:?}",
        persistence.migrate(Timestamp::from_seconds(0))
    );
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn connections_that_died_fail_no_request() {
    let database = Database::postgres();
    let stores = database.stores();
    let use_every_connection = || {
        thread::scope(|scope| {
            for racer in 0..8 {
                let stores = &stores;
                scope.spawn(move || {
                    for _ in 0..20 {
                        stores
                            .clients
                            .find(&client(&format!("c{racer}")).id)
                            .unwrap();
                    }
                });
            }
        });
    };
    let end_every_connection = || {
        database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
             AND pid <> pg_backend_pid()",
        );
    };
    use_every_connection();
    end_every_connection();
    stores.sessions.open(&session("s1"), &[]).unwrap();
    use_every_connection();
    end_every_connection();
    use_every_connection();
    assert_eq!(database.rows("session"), 1);
}

#[test]
fn a_file_that_cannot_be_made_is_named() {
    let options = DatabaseOptions {
        url: "sqlite:/nowhere/at/all/grantor.db".to_owned(),
        pool_size: 1,
        connection_timeout: Duration::from_secs(1),
    };
    let refused = Persistence::connect(&options).err();
    let Some(ConnectError::File { path, .. }) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!(path, "/nowhere/at/all/grantor.db");
}
