//! What a [`SessionStore`](grantor_domain::ports::SessionStore) owes to many at once.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a claim that does not hold panics"
)]

use std::sync::Barrier;
use std::thread;

use grantor_domain::ports::{Change, Committed, SessionKey};
use grantor_domain::sessions::{SessionState, liveness};

use super::Stores;
use super::samples::{NOW, after, event, refreshed, token};
use super::session_store::{find, knows_refresh_token, opened, stored, with_owners};

/// Eight threads commit on the generation they all have seen: one is done, and what it wrote is there.
pub fn only_one_of_many_commits_wins(stores: &Stores) {
    const THREADS: usize = 8;
    with_owners(stores);
    let mut current = opened(stores, "s1");
    for round in 0..10 {
        let barrier = Barrier::new(THREADS);
        let outcomes: Vec<(String, Committed)> = thread::scope(|scope| {
            let (barrier, current) = (&barrier, &current);
            let racers: Vec<_> = (0..THREADS)
                .map(|racer| {
                    scope.spawn(move || {
                        let name = format!("{round}-{racer}");
                        let change = Change {
                            session: refreshed(current, &name),
                            seen: current.generation,
                            minted: Some(token(&format!("refresh-{name}"))),
                        };
                        barrier.wait();
                        let committed = stores.sessions.commit(&change, &[event()]).unwrap();
                        (name, committed)
                    })
                })
                .collect();
            racers
                .into_iter()
                .map(|racer| racer.join().unwrap())
                .collect()
        });
        let won = |name: &String| {
            outcomes
                .iter()
                .any(|(other, committed)| other == name && *committed == Committed::Done)
        };
        let winners: Vec<&String> = outcomes
            .iter()
            .map(|(name, _)| name)
            .filter(|name| won(name))
            .collect();
        assert_eq!(winners.len(), 1, "{outcomes:?}");
        let next = stored(stores, &current.id);
        for (name, _) in &outcomes {
            let is_live = next.access.hash == token(&format!("access-{name}"));
            assert_eq!(is_live, won(name));
            assert_eq!(
                knows_refresh_token(stores, &format!("refresh-{name}")),
                won(name)
            );
        }
        current = next;
    }
}

/// One thread refreshes and one closes, each until it has had its way or the session is closed.
pub fn refresh_against_close_leaves_nothing_alive(stores: &Stores) {
    with_owners(stores);
    for round in 0..20 {
        let id = opened(stores, &format!("s{round}")).id;
        let barrier = Barrier::new(2);
        thread::scope(|scope| {
            scope.spawn(|| {
                barrier.wait();
                for attempt in 0.. {
                    let seen = stored(stores, &id);
                    if seen.state != SessionState::Open || attempt > 200 {
                        break;
                    }
                    let name = format!("{round}-{attempt}");
                    let change = Change {
                        session: refreshed(&seen, &name),
                        seen: seen.generation,
                        minted: Some(token(&format!("refresh-{name}"))),
                    };
                    stores.sessions.commit(&change, &[]).unwrap();
                }
            });
            scope.spawn(|| {
                barrier.wait();
                loop {
                    let seen = stored(stores, &id);
                    let change = Change {
                        session: seen.close(after(5)),
                        seen: seen.generation,
                        minted: None,
                    };
                    if stores.sessions.commit(&change, &[event()]).unwrap() == Committed::Done {
                        break;
                    }
                }
            });
        });
        let end = stored(stores, &id);
        assert_eq!(end.state, SessionState::Closed { at: after(5) });
        let by_access = find(stores, &SessionKey::Access(end.access.hash)).unwrap();
        assert!(liveness(&by_access, NOW).is_err());
    }
}
