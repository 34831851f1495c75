//! What [`FamiliarNetworks`](grantor_domain::ports::FamiliarNetworks) owe.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a claim that does not hold panics"
)]

use std::sync::Barrier;
use std::thread;

use grantor_domain::ports::Place;
use grantor_domain::time::Timestamp;

use super::Stores;
use super::samples::{NOW, after};

fn place(account: u8, network: u8) -> Place {
    Place {
        account: [account; 32],
        network: [network; 32],
    }
}

fn last(stores: &Stores, place: &Place) -> Option<Timestamp> {
    stores.familiar.last_success(place).unwrap()
}

/// For that account and that network, and for no other.
pub fn a_success_is_remembered_where_it_was(stores: &Stores) {
    assert_eq!(last(stores, &place(1, 1)), None);
    stores.familiar.remember(&place(1, 1), NOW, 4).unwrap();
    assert_eq!(last(stores, &place(1, 1)), Some(NOW));
    assert_eq!(last(stores, &place(1, 2)), None);
    assert_eq!(last(stores, &place(2, 1)), None);
}

/// Also when it is written before an earlier one.
pub fn the_latest_success_counts(stores: &Stores) {
    for seconds in [0, 20, 10] {
        let at = after(seconds);
        stores.familiar.remember(&place(1, 1), at, 4).unwrap();
    }
    assert_eq!(last(stores, &place(1, 1)), Some(after(20)));
}

/// Those with the latest successes stay; another account's are its own.
pub fn an_account_has_so_many_networks_and_no_more(stores: &Stores) {
    stores.familiar.remember(&place(2, 1), NOW, 3).unwrap();
    for network in 1..=5_u8 {
        let at = after(network.into());
        stores.familiar.remember(&place(1, network), at, 3).unwrap();
    }
    let known = |network| last(stores, &place(1, network)).is_some();
    assert_eq!([1, 2, 3, 4, 5].map(known), [false, false, true, true, true]);
    stores.familiar.remember(&place(1, 3), after(9), 3).unwrap();
    stores
        .familiar
        .remember(&place(1, 6), after(10), 3)
        .unwrap();
    assert_eq!([3, 4, 5, 6].map(known), [true, false, true, true]);
    assert_eq!(last(stores, &place(2, 1)), Some(NOW));
}

/// No more than it is told at once.
pub fn old_ones_are_forgotten(stores: &Stores) {
    for network in 0..3_u8 {
        let at = after(u32::from(network) * 10);
        stores.familiar.remember(&place(1, network), at, 9).unwrap();
    }
    let forget = |before, limit| stores.familiar.forget(before, limit).unwrap();
    assert_eq!(forget(NOW, 9), 0);
    assert_eq!(forget(after(11), 1), 1);
    assert_eq!(forget(after(11), 9), 1);
    assert_eq!(forget(after(11), 9), 0);
    assert_eq!(last(stores, &place(1, 2)), Some(after(20)));
}

/// Of one account, from many networks and several times from each: none fails for another.
pub fn many_at_once_are_remembered(stores: &Stores) {
    const THREADS: u8 = 16;
    let barrier = Barrier::new(THREADS.into());
    thread::scope(|scope| {
        for racer in 0..THREADS {
            let barrier = &barrier;
            scope.spawn(move || {
                barrier.wait();
                let place = place(1, racer / 2);
                stores.familiar.remember(&place, NOW, 4).unwrap();
            });
        }
    });
    let known = (0..THREADS).filter(|network| last(stores, &place(1, *network)).is_some());
    assert!((1..=8).contains(&known.count()));
    stores
        .familiar
        .remember(&place(1, 99), after(1), 4)
        .unwrap();
    let known = (0..=99).filter(|network| last(stores, &place(1, *network)).is_some());
    assert_eq!(known.count(), 4);
}
