//! Events are written with the change that carries them, or not at all.

use grantor_domain::ports::{Applied, Change, ChangeOf, Expect, ResourceChange};
use grantor_domain::revision::Version;
use grantor_domain::time::Timestamp;
use grantor_testkit::contracts::samples::{
    NOW, after, client, client_id, event, session, user, user_id,
};

use crate::database::Database;
use crate::on_every_database;

on_every_database!(a_change_carries_its_events);

fn a_change_carries_its_events(database: &Database) {
    let stores = database.stores();
    let session = session("s1");
    stores.sessions.open(&session, &[event()]).unwrap();
    let closing = Change {
        session: session.close(after(1)),
        seen: session.generation,
        minted: None,
    };
    stores
        .sessions
        .commit(&closing, &[event(), event()])
        .unwrap();
    stores
        .clients
        .put(&client("app"), Expect::Absent, &[event()])
        .unwrap();
    stores
        .users
        .put(&user("amy"), Expect::Absent, &[event()])
        .unwrap();
    stores
        .clients
        .remove(&client_id("app"), Version::FIRST, NOW, &[event()])
        .unwrap();
    stores
        .users
        .remove(&user_id("amy"), Version::FIRST, NOW, &[event()])
        .unwrap();
    let change = ResourceChange::User(ChangeOf::Put(Box::new(user("bob")), Expect::Absent));
    stores.resources.apply(&[change], &[event()]).unwrap();
    stores.events.append(&[event()]).unwrap();
    assert_eq!(database.rows("event"), 9);
}

on_every_database!(a_change_that_is_not_made_leaves_no_event);

fn a_change_that_is_not_made_leaves_no_event(database: &Database) {
    let stores = database.stores();
    stores
        .clients
        .put(&client("app"), Expect::Absent, &[])
        .unwrap();
    stores.users.put(&user("amy"), Expect::Absent, &[]).unwrap();
    let session = session("s1");
    let stale = Change {
        seen: session.generation,
        session,
        minted: None,
    };
    let events = [event()];
    let mut bob = user("bob");
    bob.settings.email = Some("amy".to_owned());
    stores.sessions.commit(&stale, &events).unwrap();
    stores
        .clients
        .put(&client("app"), Expect::Absent, &events)
        .unwrap();
    stores.users.put(&bob, Expect::Absent, &events).unwrap();
    let version = Version::FIRST.next();
    stores
        .clients
        .remove(&client_id("app"), version, NOW, &events)
        .unwrap();
    stores
        .users
        .remove(&user_id("amy"), version, NOW, &events)
        .unwrap();
    let change = ResourceChange::User(ChangeOf::Put(Box::new(bob), Expect::Absent));
    stores.resources.apply(&[change], &events).unwrap();
    assert_eq!(database.rows("event"), 0);
    assert_eq!(database.rows("app_user"), 1);
}

on_every_database!(more_events_than_a_statement_binds_are_written);

fn more_events_than_a_statement_binds_are_written(database: &Database) {
    let events = vec![event(); 10_000];
    let applied = database.stores().resources.apply(&[], &events);
    assert_eq!(applied, Ok(Applied::Done(Vec::new())));
    assert_eq!(database.rows("event"), events.len());
}

on_every_database!(an_event_says_what_happened);

fn an_event_says_what_happened(database: &Database) {
    database.stores().events.append(&[event()]).unwrap();
    let told = database.column(
        "SELECT kind || ' ' || reason || ' ' || client_id || ' ' || user_id || ' ' || session_id || ' ' \
         || network || ' ' || at AS cell FROM event",
    );
    let at = NOW.as_micros();
    assert_eq!(
        told,
        [format!("session.ended session_closed app amy s1 :: {at}")]
    );
}

on_every_database!(reaping_forgets_old_events_and_full_budgets);

fn reaping_forgets_old_events_and_full_budgets(database: &Database) {
    let stores = database.stores();
    for seconds in [0, 10, 20] {
        let mut event = event();
        event.at = after(seconds);
        stores.events.append(&[event]).unwrap();
    }
    let budget = grantor_domain::policy::Budget::per_minute(9, 6);
    let scope = grantor_domain::policy::BudgetScope::Account;
    for (key, tries) in [("a", 1), ("b", 2)] {
        let key = key.to_owned();
        let debit = [grantor_domain::ports::Debit { key, scope, budget }];
        for _ in 0..tries {
            stores.throttle.debit(&debit, NOW).unwrap();
        }
    }
    let reap = |before: Timestamp, limit| database.persistence.reap(before, limit).unwrap();
    let left = |database: &Database| (database.rows("event"), database.rows("throttle"));
    assert_eq!(reap(NOW, 10), 0);
    assert_eq!((reap(after(11), 1), left(database)), (2, (2, 1)));
    assert_eq!((reap(after(11), 10), left(database)), (1, (1, 1)));
}
