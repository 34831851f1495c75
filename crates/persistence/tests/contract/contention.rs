//! Many writers wait for one another and are all served.

use std::sync::Barrier;
use std::thread;

use grantor_domain::policy::{Budget, BudgetScope};
use grantor_domain::ports::{Change, Committed, Debit, Debited, Expect, SessionKey};
use grantor_testkit::contracts::samples::{NOW, client, event, refreshed, session, token, user};

use crate::database::Database;
use crate::on_every_database;

const THREADS: usize = 32;
const LOGINS: usize = 6;

fn debit(racer: usize) -> Vec<Debit> {
    let budget = Budget::per_minute(1000, 60);
    let keys = [format!("account-{}", racer % 4), "network".to_owned()];
    let scope = BudgetScope::Account;
    keys.map(|key| Debit { key, scope, budget }).to_vec()
}

on_every_database!(thirty_two_writers_are_all_served);

fn thirty_two_writers_are_all_served(database: &Database) {
    let stores = database.stores();
    stores
        .clients
        .put(&client("app"), Expect::Absent, &[])
        .unwrap();
    stores.users.put(&user("amy"), Expect::Absent, &[]).unwrap();
    let barrier = Barrier::new(THREADS);
    thread::scope(|scope| {
        for racer in 0..THREADS {
            let (stores, barrier) = (&stores, &barrier);
            scope.spawn(move || {
                barrier.wait();
                for login in 0..LOGINS {
                    let debits = debit(racer);
                    assert_eq!(stores.throttle.debit(&debits, NOW), Ok(Debited::Granted));
                    let opened = session(&format!("s{racer}-{login}"));
                    stores.sessions.open(&opened, &[event()]).unwrap();
                    stores.throttle.refund(&debits, NOW).unwrap();
                    let key = SessionKey::Refresh(opened.refresh.as_ref().unwrap().hash);
                    let seen = stores.sessions.find(&key).unwrap().unwrap().session;
                    let name = format!("{racer}-{login}-next");
                    let change = Change {
                        session: refreshed(&seen, &name),
                        seen: seen.generation,
                        minted: Some(token(&format!("refresh-{name}"))),
                    };
                    let committed = stores.sessions.commit(&change, &[event()]);
                    assert_eq!(committed, Ok(Committed::Done));
                }
            });
        }
    });
    assert_eq!(database.rows("session"), THREADS * LOGINS);
    assert_eq!(database.rows("refresh_token"), THREADS * LOGINS * 2);
    assert_eq!(database.rows("event"), THREADS * LOGINS * 2);
}
