//! What somebody with the database alone does to the audit trail is seen, and forgetting old events is
//! not taken for it.

use std::sync::Arc;

use grantor_domain::audit::{Break, Chain, EventId, Wrong};
use grantor_domain::hour::Hour;
use grantor_testkit::PlainSealer;
use grantor_testkit::contracts::samples::{NOW, after, event};

use crate::database::Database;
use crate::on_every_database;

/// A database with so many sealed events, a second apart.
fn sealed(database: &Database, count: u32) -> Chain {
    let stores = database.stores();
    for seconds in 0..count {
        let mut event = event();
        event.at = after(seconds);
        stores.events.append(&[event]).unwrap();
    }
    let chain = Chain::new(stores.events, Arc::new(PlainSealer));
    assert_eq!(chain.seal(100), Ok(count));
    chain
}

on_every_database!(statements_against_the_trail_are_named);

fn statements_against_the_trail_are_named(database: &Database) {
    let chain = sealed(database, 6);
    assert_eq!(chain.verify().unwrap().broken, None);
    for (statement, undo, wrong, at) in [
        (
            "UPDATE event SET user_id = 'eve' WHERE id = 3",
            "UPDATE event SET user_id = 'amy' WHERE id = 3",
            Wrong::Altered,
            3,
        ),
        (
            "UPDATE event SET changes = '{\"a\": 1}' WHERE id = 4",
            "UPDATE event SET changes = '[\"name\",\"secret\"]' WHERE id = 4",
            Wrong::Altered,
            4,
        ),
        (
            "UPDATE audit_link SET event_id = 99 WHERE event_id = 5",
            "UPDATE audit_link SET event_id = 5 WHERE event_id = 99",
            Wrong::LinkMissing,
            5,
        ),
        (
            "DELETE FROM audit_link WHERE event_id = 2",
            "SELECT 1",
            Wrong::LinkMissing,
            2,
        ),
        (
            "DELETE FROM event WHERE id = 2",
            "SELECT 1",
            Wrong::Altered,
            3,
        ),
    ] {
        database.execute(statement);
        let id = EventId::from_row(at);
        let broken = chain.verify().unwrap().broken;
        assert_eq!(broken, Some(Break { id, wrong }), "{statement}");
        database.execute(undo);
    }
}

on_every_database!(a_removed_row_is_named);

fn a_removed_row_is_named(database: &Database) {
    let chain = sealed(database, 4);
    database.execute("DELETE FROM event WHERE id = 3");
    let broken = Break {
        id: EventId::from_row(3),
        wrong: Wrong::EventMissing,
    };
    assert_eq!(chain.verify().unwrap().broken, Some(broken));
}

on_every_database!(forgetting_old_events_leaves_the_rest_verifiable);

fn forgetting_old_events_leaves_the_rest_verifiable(database: &Database) {
    let chain = sealed(database, 6);
    for (before, left) in [(2, 4), (4, 2), (99, 1)] {
        database.persistence.reap(after(before), 100).unwrap();
        let verified = chain.verify().unwrap();
        assert_eq!((verified.events, verified.broken), (left, None));
        let links = database.rows("audit_link");
        assert_eq!(links as u64, left + 1);
    }
    database.stores().events.append(&[event()]).unwrap();
    assert_eq!(chain.seal(100), Ok(1));
    assert_eq!(chain.verify().unwrap().broken, None);
}

on_every_database!(counts_are_forgotten_with_their_events);

fn counts_are_forgotten_with_their_events(database: &Database) {
    let stores = database.stores();
    let first = Hour::of(NOW);
    for hours in 0..4 {
        let mut event = event();
        event.at = first.plus(hours).start();
        stores.events.append(&[event]).unwrap();
    }
    let chain = Chain::new(stores.events.clone(), Arc::new(PlainSealer));
    chain.seal(100).unwrap();
    let before = first.plus(2).start();
    database.persistence.reap(before, 100).unwrap();
    let counts = stores.events.counts(first, first.plus(9)).unwrap();
    let hours: Vec<Hour> = counts.into_iter().map(|count| count.hour).collect();
    assert_eq!(hours, [first.plus(2), first.plus(3)]);
}

on_every_database!(a_chain_that_is_begun_anew_counts_nothing_twice);

fn a_chain_that_is_begun_anew_counts_nothing_twice(database: &Database) {
    let chain = sealed(database, 6);
    database.execute("DELETE FROM audit_link");
    let stores = database.stores();
    let hour = Hour::of(NOW);
    let count = || {
        let counts = stores.events.counts(hour, hour.plus(1)).unwrap();
        counts.iter().map(|count| count.events).sum::<u64>()
    };
    assert_eq!(count(), 6);
    assert_eq!(chain.seal(100), Ok(6));
    assert_eq!(count(), 6);
}

on_every_database!(an_older_time_behind_a_newer_one_leaves_no_gap);

fn an_older_time_behind_a_newer_one_leaves_no_gap(database: &Database) {
    let stores = database.stores();
    for seconds in [0, 9, 1, 9] {
        let mut event = event();
        event.at = after(seconds);
        stores.events.append(&[event]).unwrap();
    }
    let chain = Chain::new(stores.events, Arc::new(PlainSealer));
    chain.seal(100).unwrap();
    database.persistence.reap(after(5), 100).unwrap();
    let verified = chain.verify().unwrap();
    assert_eq!((verified.events, verified.broken), (3, None));
}
