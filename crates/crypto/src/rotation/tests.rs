use std::sync::Arc;

use grantor_domain::keys::{KeyState, key_state};
use grantor_domain::ports::{SigningKeyStore as _, TokenSigner as _};
use grantor_domain::secret::TokenValue;
use grantor_domain::tokens::TokenKind;

use super::*;
use crate::fakes::{MemoryKeys, SetClock};
use crate::key_ring::tests::{at, claims, kid_of, open};

struct World {
    ring: KeyRing,
    store: Arc<MemoryKeys>,
    clock: Arc<SetClock>,
    first: String,
}

impl World {
    fn new() -> Self {
        let store = Arc::new(MemoryKeys::default());
        let clock = Arc::new(SetClock::default());
        let ring = open(Arc::clone(&store) as _, &clock).unwrap();
        let first = ring.lives()[0].kid.clone();
        Self {
            ring,
            store,
            clock,
            first,
        }
    }

    /// Signs at `second`, for 1000 seconds: the longest lifetime.
    fn sign_at(&self, second: i64) -> TokenValue {
        self.clock.set(second);
        self.ring
            .sign(TokenKind::Access, &claims(second, second + 1000))
            .unwrap()
    }

    fn signer_at(&self, second: i64) -> String {
        kid_of(&self.sign_at(second))
    }

    fn verifies_at(&self, token: &TokenValue, second: i64) -> bool {
        self.ring.verify(token, at(second)).unwrap().is_some()
    }

    fn published_at(&self, second: i64) -> Vec<String> {
        self.ring
            .public_keys(at(second))
            .unwrap()
            .into_iter()
            .map(|key| key.kid)
            .collect()
    }

    fn state_at(&self, kid: &str, second: i64) -> KeyState {
        let lives = self.ring.lives();
        let life = lives.iter().find(|life| life.kid == kid).unwrap();
        key_state(life, &lives, at(second))
    }

    fn ends(&self, kid: &str) -> Option<Timestamp> {
        self.ring
            .lives()
            .into_iter()
            .find(|life| life.kid == kid)
            .unwrap()
            .ends
    }
}

#[test]
fn each_key_tells_that_it_was_made_and_told_to_end() {
    let world = World::new();
    let second = world.ring.rotate(true).unwrap().kid;
    world.clock.set(20);
    world.ring.retire(&world.first).unwrap();
    let first = || world.first.clone();
    assert_eq!(
        world.store.events(),
        [
            ("key.created", first()),
            ("key.created", second),
            ("key.retired", first()),
            ("key.retired", first()),
        ]
    );
}

#[test]
fn a_rotation_from_its_plan_to_its_end() {
    let world = World::new();
    world.clock.set(10);
    let second = world.ring.rotate(false).unwrap();
    assert_eq!(
        (second.created, second.sign_from, second.ends),
        (at(10), at(110), None)
    );
    assert_eq!(world.ends(&world.first), Some(at(1110)));
    assert_eq!(
        world.published_at(10),
        [world.first.clone(), second.kid.clone()]
    );
    assert_eq!(world.state_at(&second.kid, 10), KeyState::Next);

    let last_of_first = world.sign_at(109);
    assert_eq!(kid_of(&last_of_first), world.first);
    assert_eq!(world.signer_at(110), second.kid);
    assert_eq!(world.state_at(&world.first, 110), KeyState::Retiring);
    assert!(world.verifies_at(&last_of_first, 1108), "until its own end");

    assert_eq!(world.published_at(1109).len(), 2);
    assert_eq!(world.published_at(1110), std::slice::from_ref(&second.kid));
    world.clock.set(1109);
    assert_eq!(world.ring.forget_ended(), Ok(0));
    world.clock.set(1110);
    assert_eq!(world.ring.forget_ended(), Ok(1));
    let stored: Vec<_> = world
        .store
        .all()
        .unwrap()
        .into_iter()
        .map(|key| key.life.kid)
        .collect();
    assert_eq!(stored, [second.kid]);
}

#[test]
fn an_immediate_rotation_signs_at_once() {
    let world = World::new();
    let before = world.sign_at(10);
    let second = world.ring.rotate(true).unwrap();
    assert_eq!(second.sign_from, at(10));
    assert_eq!(world.signer_at(10), second.kid);
    assert_eq!(world.ends(&world.first), Some(at(1010)));
    assert!(world.verifies_at(&before, 1009));
}

#[test]
fn even_in_the_instant_of_the_first_key() {
    let world = World::new();
    let second = world.ring.rotate(true).unwrap();
    assert!(second.sign_from > at(0));
    assert_eq!(world.signer_at(1), second.kid);
}

#[test]
fn an_immediate_rotation_overtakes_a_planned_one() {
    let world = World::new();
    let planned = world.ring.rotate(false).unwrap();
    world.clock.set(10);
    let now = world.ring.rotate(true).unwrap();
    assert_eq!(world.ends(&planned.kid), Some(at(10)), "it never signed");
    assert_eq!(
        world.ends(&world.first),
        Some(at(1100)),
        "as planned, which is later than needed"
    );
    for second in [10, 100, 5000] {
        assert_eq!(world.signer_at(second), now.kid, "at {second}");
    }
}

#[test]
fn an_immediate_rotation_overtakes_every_planned_one() {
    let world = World::new();
    let second = world.ring.rotate(false).unwrap();
    world.clock.set(5);
    let third = world.ring.rotate(false).unwrap();
    world.clock.set(10);
    let now = world.ring.rotate(true).unwrap();
    for planned in [second, third] {
        assert_eq!(world.ends(&planned.kid), Some(at(10)));
    }
    assert_eq!(world.signer_at(200), now.kid);
}

#[test]
fn two_planned_rotations_take_turns() {
    let world = World::new();
    let second = world.ring.rotate(false).unwrap();
    world.clock.set(50);
    let third = world.ring.rotate(false).unwrap();
    assert_eq!(world.ends(&second.kid), Some(at(1150)));
    assert_eq!(world.signer_at(99), world.first);
    assert_eq!(world.signer_at(100), second.kid);
    assert_eq!(world.signer_at(150), third.kid);
}

#[test]
fn rotations_of_one_instant_take_turns_too() {
    let world = World::new();
    let second = world.ring.rotate(false).unwrap();
    let third = world.ring.rotate(false).unwrap();
    assert!(second.sign_from < third.sign_from);
    assert_eq!(world.signer_at(101), third.kid);
    assert!(world.ends(&second.kid).is_some());
    assert_eq!(world.ends(&third.kid), None);
}

#[test]
fn the_only_key_that_can_sign_is_not_retired() {
    let world = World::new();
    let refused = KeyRingError::OnlySigningKey {
        kid: world.first.clone(),
    };
    assert_eq!(world.ring.retire(&world.first), Err(refused.clone()));
    assert!(refused.to_string().contains("rotate first"));
    world.ring.rotate(false).unwrap();
    assert_eq!(
        world.ring.retire(&world.first),
        Err(refused),
        "the next one cannot sign yet"
    );
    assert_eq!(world.signer_at(1), world.first);
    let unknown = KeyRingError::Unknown { kid: "x".into() };
    assert_eq!(world.ring.retire("x"), Err(unknown));
}

#[test]
fn a_retired_key_verifies_nothing_from_then_on() {
    let world = World::new();
    let before = world.sign_at(10);
    world.ring.rotate(true).unwrap();
    world.clock.set(20);
    world.ring.retire(&world.first).unwrap();
    assert_eq!(world.ends(&world.first), Some(at(20)));
    assert!(!world.verifies_at(&before, 20));
    world.clock.set(30);
    assert_eq!(world.ring.retire(&world.first), Ok(()), "again");
    assert_eq!(world.ends(&world.first), Some(at(20)));
}

#[test]
fn without_the_planned_key_the_present_one_goes_on() {
    let world = World::new();
    let planned = world.ring.rotate(false).unwrap();
    world.clock.set(10);
    world.ring.retire(&planned.kid).unwrap();
    assert_eq!(world.ends(&world.first), None);
    assert_eq!(world.signer_at(100_000), world.first);
}

#[test]
fn a_key_that_signs_again_stays_until_its_tokens_end() {
    let world = World::new();
    world.clock.set(10);
    let second = world.ring.rotate(true).unwrap();
    world.clock.set(950);
    let third = world.ring.rotate(false).unwrap();
    world.ring.retire(&second.kid).unwrap();
    assert_eq!(world.signer_at(1049), world.first);
    assert_eq!(world.signer_at(1050), third.kid);
    assert_eq!(world.ends(&world.first), Some(at(2050)));
    assert_eq!(world.ends(&third.kid), None);
}
