//! What a [`Registry`](grantor_domain::ports::Registry) of clients owes.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a claim that does not hold panics"
)]

use std::sync::Barrier;
use std::thread;

use grantor_domain::clients::{Client, ClientSettings};
use grantor_domain::ports::{Expect, Removed, Written};
use grantor_domain::revision::{Epoch, Stamp, Version};

use super::Stores;
use super::samples::{NOW, after, client, client_id, event};

/// Every member, and the least client too.
pub fn a_written_client_comes_back_whole(stores: &Stores) {
    let full = client("app");
    let least = Client {
        id: client_id("the least /app%"),
        stamp: Stamp::first(after(1)),
        secret: None,
        secrets: Vec::new(),
        settings: ClientSettings {
            active: false,
            ..ClientSettings::default()
        },
    };
    for client in [full, least] {
        assert_eq!(stores.clients.find(&client.id), Ok(None));
        let written = stores.clients.put(&client, Expect::Absent, &[event()]);
        assert_eq!(written, Ok(Written::Done(client.stamp)));
        assert_eq!(stores.clients.find(&client.id), Ok(Some(client)));
    }
}

/// And changes nothing.
pub fn an_expectation_that_does_not_hold_is_stale(stores: &Stores) {
    let first = client("app");
    let at = |stamp: Stamp| Expect::Version(stamp.version);
    let put = |client: &Client, expect| stores.clients.put(client, expect, &[event()]);
    assert_eq!(put(&first, at(first.stamp)), Ok(Written::Stale));
    put(&first, Expect::Absent).unwrap();
    assert_eq!(put(&first, Expect::Absent), Ok(Written::Stale));
    let mut second = client("app");
    second.stamp = first.stamp.touched(after(1)).in_next_epoch();
    second.settings.name = None;
    second.secret = None;
    assert_eq!(put(&second, at(second.stamp)), Ok(Written::Stale));
    assert_eq!(stores.clients.find(&first.id), Ok(Some(first.clone())));
    assert_eq!(
        put(&second, at(first.stamp)),
        Ok(Written::Done(second.stamp))
    );
    assert_eq!(stores.clients.find(&first.id), Ok(Some(second.clone())));
    let removed = stores
        .clients
        .remove(&first.id, first.stamp.version, after(2), &[event()]);
    assert_eq!(removed, Ok(Removed::Stale));
    assert_eq!(stores.clients.find(&first.id), Ok(Some(second)));
}

/// Its epoch is raised by the removal, so that no session of the old one lives under the new one.
pub fn a_removed_client_is_absent_and_goes_on_counting(stores: &Stores) {
    let first = client("app");
    let (id, version) = (&first.id, first.stamp.version);
    stores.clients.put(&first, Expect::Absent, &[]).unwrap();
    let remove = || stores.clients.remove(id, version, after(1), &[event()]);
    assert_eq!(remove(), Ok(Removed::Done));
    assert_eq!(remove(), Ok(Removed::Stale));
    assert_eq!(stores.clients.find(id), Ok(None));
    let expect = Expect::Version(version.next());
    assert_eq!(stores.clients.put(&first, expect, &[]), Ok(Written::Stale));
    let mut again = client("app");
    again.secret = None;
    again.stamp = Stamp::first(after(2));
    let stamp = Stamp {
        version: Version::FIRST.next().next(),
        epoch: Epoch::FIRST.next(),
        ..again.stamp
    };
    let written = stores.clients.put(&again, Expect::Absent, &[]);
    assert_eq!(written, Ok(Written::Done(stamp)));
    assert_eq!(stores.clients.find(id), Ok(Some(Client { stamp, ..again })));
}

/// Whether they create it or change it.
pub fn only_one_of_many_writers_wins(stores: &Stores) {
    const THREADS: usize = 8;
    let race = |expect: Expect, stamp: Stamp| {
        let barrier = Barrier::new(THREADS);
        thread::scope(|scope| {
            let barrier = &barrier;
            let racers: Vec<_> = (0..THREADS)
                .map(|racer| {
                    scope.spawn(move || {
                        let mut client = client("app");
                        client.stamp = stamp;
                        client.settings.name = Some(racer.to_string());
                        barrier.wait();
                        stores.clients.put(&client, expect, &[event()]).unwrap()
                    })
                })
                .collect();
            let outcomes = racers.into_iter().map(|racer| racer.join().unwrap());
            outcomes
                .filter(|written| *written == Written::Done(stamp))
                .count()
        })
    };
    let mut stamp = Stamp::first(NOW);
    assert_eq!(race(Expect::Absent, stamp), 1);
    for _ in 0..5 {
        let before = stamp.version;
        stamp = stamp.touched(after(1));
        assert_eq!(race(Expect::Version(before), stamp), 1);
    }
}
