//! What a [`UserDirectory`](grantor_domain::ports::UserDirectory) that can be written owes.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a claim that does not hold panics"
)]

use std::sync::Barrier;
use std::thread;

use grantor_domain::ports::{Expect, Removed, Written};
use grantor_domain::revision::{Epoch, Stamp, Version};
use grantor_domain::users::{LoginName, User, UserSettings};

use super::Stores;
use super::samples::{after, event, user, user_id};

fn put(stores: &Stores, user: &User, expect: Expect) -> Written {
    stores.users.put(user, expect, &[event()]).unwrap()
}

fn named(stores: &Stores, name: &str) -> Option<String> {
    let name = LoginName::parse(name).unwrap();
    let user = stores.users.find_by_name(&name).unwrap();
    user.map(|user| user.id.as_str().to_owned())
}

/// Every member, and the least user too.
pub fn a_written_user_comes_back_whole(stores: &Stores) {
    let full = user("amy");
    let least = User {
        id: user_id("least"),
        stamp: Stamp::first(after(1)),
        password: None,
        reset: None,
        settings: UserSettings {
            inactive: true,
            ..UserSettings::default()
        },
    };
    for user in [full, least] {
        assert_eq!(stores.users.find(&user.id), Ok(None));
        assert_eq!(
            put(stores, &user, Expect::Absent),
            Written::Done(user.stamp)
        );
        assert_eq!(stores.users.find(&user.id), Ok(Some(user)));
    }
}

/// In any spelling.
pub fn each_of_its_names_finds_the_user(stores: &Stores) {
    put(stores, &user("amy"), Expect::Absent);
    put(stores, &user("bob"), Expect::Absent);
    for name in ["amy", "AMY", "amy-name", "Amy@Example.COM"] {
        assert_eq!(named(stores, name).as_deref(), Some("amy"), "{name}");
    }
    assert_eq!(named(stores, "carol"), None);
    let name = LoginName::parse("bob").unwrap();
    assert_eq!(stores.users.find_by_name(&name), Ok(Some(user("bob"))));
}

/// And changes nothing.
pub fn an_expectation_that_does_not_hold_is_stale(stores: &Stores) {
    let first = user("amy");
    let at = |stamp: Stamp| Expect::Version(stamp.version);
    assert_eq!(put(stores, &first, at(first.stamp)), Written::Stale);
    assert_eq!(named(stores, "amy"), None);
    put(stores, &first, Expect::Absent);
    let mut second = user("amy");
    second.stamp = first.stamp.touched(after(1)).in_next_epoch();
    second.password = None;
    second.settings.email = Some("new@example.com".to_owned());
    assert_eq!(put(stores, &second, Expect::Absent), Written::Stale);
    assert_eq!(put(stores, &second, at(second.stamp)), Written::Stale);
    assert_eq!(stores.users.find(&first.id), Ok(Some(first.clone())));
    assert_eq!(named(stores, "new@example.com"), None);
    assert_eq!(
        put(stores, &second, at(first.stamp)),
        Written::Done(second.stamp)
    );
    let removed = stores
        .users
        .remove(&first.id, first.stamp.version, after(2), &[event()]);
    assert_eq!(removed, Ok(Removed::Stale));
    assert_eq!(stores.users.find(&first.id), Ok(Some(second)));
}

/// Whichever of its names it is, and nothing is written then.
pub fn a_name_of_another_user_is_taken(stores: &Stores) {
    put(stores, &user("amy"), Expect::Absent);
    let bob = user("bob");
    for taken in ["amy", "AMY-NAME", "amy@example.com"] {
        let mut bob = bob.clone();
        bob.settings.user_name = Some(taken.to_owned());
        assert_eq!(
            put(stores, &bob, Expect::Absent),
            Written::NameTaken,
            "{taken}"
        );
        assert_eq!(stores.users.find(&bob.id), Ok(None));
    }
    put(stores, &bob, Expect::Absent);
    let mut next = bob.clone();
    next.stamp = bob.stamp.touched(after(1));
    next.settings.email = Some("amy".to_owned());
    let expect = Expect::Version(bob.stamp.version);
    assert_eq!(put(stores, &next, expect), Written::NameTaken);
    assert_eq!(stores.users.find(&bob.id), Ok(Some(bob)));
    assert_eq!(named(stores, "bob@example.com").as_deref(), Some("bob"));
}

/// At once, to anybody.
pub fn names_given_up_are_free(stores: &Stores) {
    let amy = user("amy");
    put(stores, &amy, Expect::Absent);
    let mut renamed = amy.clone();
    renamed.stamp = amy.stamp.touched(after(1));
    renamed.settings.user_name = Some("amelia".to_owned());
    let expect = Expect::Version(amy.stamp.version);
    assert_eq!(put(stores, &renamed, expect), Written::Done(renamed.stamp));
    assert_eq!(named(stores, "amy-name"), None);
    assert_eq!(named(stores, "amelia").as_deref(), Some("amy"));
    let mut bob = user("bob");
    bob.settings.user_name = Some("amy-name".to_owned());
    assert_eq!(put(stores, &bob, Expect::Absent), Written::Done(bob.stamp));
}

/// Its epoch is raised by the removal, so that no session of the old one lives under the new one.
pub fn a_removed_user_is_absent_frees_its_names_and_goes_on_counting(stores: &Stores) {
    let first = user("amy");
    let (id, version) = (&first.id, first.stamp.version);
    put(stores, &first, Expect::Absent);
    let remove = || stores.users.remove(id, version, after(1), &[event()]);
    assert_eq!(remove(), Ok(Removed::Done));
    assert_eq!(remove(), Ok(Removed::Stale));
    assert_eq!(stores.users.find(id), Ok(None));
    for name in ["amy", "amy-name", "amy@example.com"] {
        assert_eq!(named(stores, name), None);
    }
    let mut bob = user("bob");
    bob.settings.email = Some("amy@example.com".to_owned());
    assert_eq!(put(stores, &bob, Expect::Absent), Written::Done(bob.stamp));
    let mut again = user("amy");
    again.settings.email = None;
    again.stamp = Stamp::first(after(2));
    let stamp = Stamp {
        version: Version::FIRST.next().next(),
        epoch: Epoch::FIRST.next(),
        ..again.stamp
    };
    assert_eq!(put(stores, &again, Expect::Absent), Written::Done(stamp));
    assert_eq!(stores.users.find(id), Ok(Some(User { stamp, ..again })));
    assert_eq!(named(stores, "amy").as_deref(), Some("amy"));
}

/// The others are told that it is taken.
pub fn only_one_of_many_users_gets_a_name(stores: &Stores) {
    const THREADS: usize = 8;
    let barrier = Barrier::new(THREADS);
    let outcomes: Vec<Written> = thread::scope(|scope| {
        let barrier = &barrier;
        let racers: Vec<_> = (0..THREADS)
            .map(|racer| {
                scope.spawn(move || {
                    let mut user = user(&format!("u{racer}"));
                    user.settings.email = Some("wanted@example.com".to_owned());
                    barrier.wait();
                    put(stores, &user, Expect::Absent)
                })
            })
            .collect();
        racers
            .into_iter()
            .map(|racer| racer.join().unwrap())
            .collect()
    });
    let taken = outcomes
        .iter()
        .filter(|written| **written == Written::NameTaken)
        .count();
    assert_eq!(taken, THREADS - 1, "{outcomes:?}");
    assert!(named(stores, "wanted@example.com").is_some());
}
