//! What a [`SigningKeyStore`](grantor_domain::ports::SigningKeyStore) owes.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a claim that does not hold panics"
)]

use std::sync::Barrier;
use std::thread;

use grantor_domain::keys::{KeyLife, SealedKey, SigningAlgorithm, WrappedKey};
use grantor_domain::time::Timestamp;

use super::Stores;
use super::samples::{NOW, after};

fn key(kid: &str, created: Timestamp) -> SealedKey {
    SealedKey {
        life: KeyLife {
            kid: kid.to_owned(),
            algorithm: SigningAlgorithm::EdDsa,
            created,
            sign_from: after(60),
            ends: None,
        },
        sealed: (0..=255).collect(),
    }
}

/// Of every algorithm.
pub fn keys_come_back_whole_and_oldest_first(stores: &Stores) {
    assert_eq!(stores.signing_keys.all(), Ok(Vec::new()));
    let mut expected = Vec::new();
    for (age, algorithm) in (0_u32..).zip(SigningAlgorithm::ALL) {
        let mut key = key(&format!("z-{}", 9 - age), after(age));
        key.life.algorithm = algorithm;
        key.life.ends = (age == 1).then_some(after(1000));
        expected.push(key);
    }
    for key in expected.iter().rev() {
        stores.signing_keys.put(key, &[]).unwrap();
    }
    assert_eq!(stores.signing_keys.all(), Ok(expected));
}

/// Its life is: an end that was taken back is gone. Its seal stays, for the master key may have been
/// changed since whoever writes has read it.
pub fn a_known_key_is_replaced(stores: &Stores) {
    let mut changed = key("a", NOW);
    stores.signing_keys.put(&changed, &[]).unwrap();
    for ends in [Some(after(1000)), None] {
        changed.life.ends = ends;
        let mut stale = changed.clone();
        stale.sealed.push(7);
        stores.signing_keys.put(&stale, &[]).unwrap();
        assert_eq!(stores.signing_keys.all(), Ok(vec![changed.clone()]));
    }
}

fn wrapped(sealed: u8) -> Vec<WrappedKey> {
    let purposes = ["audit chain", "page links"].map(|purpose| WrappedKey {
        purpose: purpose.to_owned(),
        sealed: vec![sealed; 60],
    });
    purposes.to_vec()
}

/// With the wrapped keys, as often as the master key is changed.
pub fn seals_are_replaced_all_at_once(stores: &Stores) {
    let keys = &stores.signing_keys;
    assert_eq!(keys.wrapped(), Ok(Vec::new()));
    for (kid, age) in [("a", 0), ("b", 1)] {
        keys.put(&key(kid, after(age)), &[]).unwrap();
    }
    for byte in [1, 2] {
        let seen = keys.all().unwrap();
        let mut sealed = seen.clone();
        for key in &mut sealed {
            key.sealed = vec![byte; 99];
        }
        assert_eq!(keys.rewrap(&seen, &sealed, &wrapped(byte), &[]), Ok(true));
        assert_eq!(keys.all(), Ok(sealed));
        let mut kept = keys.wrapped().unwrap();
        kept.sort_by(|a, b| a.purpose.cmp(&b.purpose));
        assert_eq!(kept, wrapped(byte));
    }
}

/// A key that another replica has added would be lost, or not open.
pub fn seals_of_keys_that_changed_meanwhile_stay(stores: &Stores) {
    let keys = &stores.signing_keys;
    keys.put(&key("a", NOW), &[]).unwrap();
    let seen = keys.all().unwrap();
    keys.put(&key("b", after(1)), &[]).unwrap();
    let now = keys.all().unwrap();
    assert_eq!(keys.rewrap(&seen, &seen, &wrapped(1), &[]), Ok(false));
    assert_eq!((keys.all(), keys.wrapped()), (Ok(now), Ok(Vec::new())));
}

/// And the others stay; removing it again is no fault.
pub fn a_removed_key_is_gone(stores: &Stores) {
    let (old, new) = (key("a", NOW), key("b", after(1)));
    stores.signing_keys.put(&old, &[]).unwrap();
    stores.signing_keys.put(&new, &[]).unwrap();
    stores.signing_keys.remove("a").unwrap();
    stores.signing_keys.remove("a").unwrap();
    assert_eq!(stores.signing_keys.all(), Ok(vec![new]));
}

/// Eight replicas start at once: one key is there, and one of them knows that it added it.
pub fn the_first_key_is_added_once_among_many(stores: &Stores) {
    const THREADS: usize = 8;
    let barrier = Barrier::new(THREADS);
    let outcomes: Vec<bool> = thread::scope(|scope| {
        let barrier = &barrier;
        let racers: Vec<_> = (0..THREADS)
            .map(|racer| {
                scope.spawn(move || {
                    let key = key(&racer.to_string(), NOW);
                    barrier.wait();
                    stores.signing_keys.add_first(&key, &[]).unwrap()
                })
            })
            .collect();
        racers
            .into_iter()
            .map(|racer| racer.join().unwrap())
            .collect()
    });
    let kids: Vec<String> = stores
        .signing_keys
        .all()
        .unwrap()
        .into_iter()
        .map(|key| key.life.kid)
        .collect();
    let added = outcomes.iter().position(|added| *added).unwrap();
    assert_eq!(outcomes.iter().filter(|added| **added).count(), 1);
    assert_eq!(kids, [added.to_string()]);
}
