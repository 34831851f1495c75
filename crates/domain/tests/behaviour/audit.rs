//! The chain tells each way of tampering, and only whom a policy permits sees events.

use std::sync::Arc;

use grantor_domain::access::Link as Linked;
use grantor_domain::audit::{Break, Chain, EventId, EventQuery, RecordedEvent, Verified, Wrong};
use grantor_domain::event::EventKind;
use grantor_domain::window::Window;
use grantor_testkit::{PlainSealer, World};

use crate::ask::{caller, client_caller, user_id, world};

const IDS: [i64; 3] = [2, 4, 6];

/// A world with six sealed events or more, and its chain.
fn sealed() -> (World, Chain) {
    let world = world();
    for _ in 0..3 {
        world.log_in("user", "password").unwrap();
    }
    let chain = Chain::new(Arc::new(world.memory.clone()), Arc::new(PlainSealer));
    while chain.seal(4).unwrap() > 0 {}
    assert!(world.memory.events().len() > 6);
    (world, chain)
}

fn id(number: i64) -> EventId {
    EventId::from_row(number)
}

fn recorded(world: &World, wanted: EventId) -> RecordedEvent {
    let query = EventQuery {
        ids: vec![wanted],
        ..EventQuery::all(Window::first(1))
    };
    let found = world.server.ports().events.search(&query).unwrap();
    found.items.into_iter().next().unwrap()
}

#[track_caller]
fn breaks(chain: &Chain, at: i64, wrong: Wrong) {
    let broken = chain.verify().unwrap().broken;
    assert_eq!(broken, Some(Break { id: id(at), wrong }));
}

#[test]
fn an_untouched_chain_is_whole() {
    let (world, chain) = sealed();
    let verified = chain.verify().unwrap();
    let all = world.memory.events().len() as u64;
    assert_eq!((verified.events, verified.broken), (all, None));
    assert!(chain.holds(&verified.head.unwrap()).unwrap());
}

#[test]
fn nothing_recorded_is_whole() {
    let world = World::empty(grantor_domain::policy::Policy::new("https://auth.example"));
    let chain = Chain::new(Arc::new(world.memory.clone()), Arc::new(PlainSealer));
    assert_eq!(chain.seal(10), Ok(0));
    assert_eq!(chain.verify(), Ok(Verified::default()));
}

#[test]
fn every_altered_member_is_noticed() {
    let alterations: [fn(&mut RecordedEvent); 14] = [
        |event| event.at = grantor_domain::time::Timestamp::from_seconds(1),
        |event| event.kind = "login.failed".to_owned(),
        |event| event.reason = Some("other".to_owned()),
        |event| event.actor_kind = Some("User".to_owned()),
        |event| event.actor_id = Some("mallory".to_owned()),
        |event| event.client = Some("mallory".to_owned()),
        |event| event.user = Some("mallory".to_owned()),
        |event| event.session = Some("mallory".to_owned()),
        |event| event.target_kind = Some("Role".to_owned()),
        |event| event.target_id = Some("mallory".to_owned()),
        |event| event.network = Some("::1".to_owned()),
        |event| event.request_id = Some("other".to_owned()),
        |event| event.detail = Some("other".to_owned()),
        |event| event.changes.push("name".to_owned()),
    ];
    for alter in alterations {
        let (world, chain) = sealed();
        let mut event = recorded(&world, id(4));
        alter(&mut event);
        world.memory.tamper_with_event(id(4), Some(event));
        breaks(&chain, 4, Wrong::Altered);
    }
}

#[test]
fn a_removed_event_is_noticed() {
    for at in IDS {
        let (world, chain) = sealed();
        world.memory.tamper_with_event(id(at), None);
        breaks(&chain, at, Wrong::EventMissing);
    }
}

#[test]
fn a_removed_link_is_noticed() {
    for at in IDS {
        let (world, chain) = sealed();
        world.memory.tamper_with_link(id(at), None);
        breaks(&chain, at, Wrong::LinkMissing);
    }
}

#[test]
fn an_event_removed_with_its_link_is_noticed_at_the_next() {
    for at in IDS {
        let (world, chain) = sealed();
        world.memory.tamper_with_event(id(at), None);
        world.memory.tamper_with_link(id(at), None);
        breaks(&chain, at + 1, Wrong::Altered);
    }
}

#[test]
fn a_link_that_somebody_else_made_is_noticed() {
    let (world, chain) = sealed();
    world.memory.tamper_with_link(id(4), Some([7; 32]));
    breaks(&chain, 4, Wrong::Altered);
}

#[test]
fn exchanged_events_are_noticed() {
    let (world, chain) = sealed();
    let (mut second, mut third) = (recorded(&world, id(2)), recorded(&world, id(3)));
    (second.id, third.id) = (third.id, second.id);
    world.memory.tamper_with_event(third.id, Some(third));
    world.memory.tamper_with_event(second.id, Some(second));
    breaks(&chain, 2, Wrong::Altered);
}

#[test]
fn what_was_forgotten_up_to_a_link_leaves_the_rest_whole() {
    let (world, chain) = sealed();
    for number in 1..=3 {
        world.memory.tamper_with_event(id(number), None);
    }
    for number in 1..=2 {
        world.memory.tamper_with_link(id(number), None);
    }
    let left = world.memory.events().len() as u64 - 3;
    let verified = chain.verify().unwrap();
    assert_eq!((verified.events, verified.broken), (left, None));
}

#[test]
fn an_end_that_was_cut_off_no_longer_holds_the_head() {
    let (world, chain) = sealed();
    let head = chain.verify().unwrap().head.unwrap();
    world.memory.tamper_with_event(head.id, None);
    world.memory.tamper_with_link(head.id, None);
    assert_eq!(chain.verify().unwrap().broken, None);
    assert!(!chain.holds(&head).unwrap());
}

#[test]
fn sealing_goes_on_where_it_stopped() {
    let (world, chain) = sealed();
    world.log_in("user", "password").unwrap();
    assert_eq!(chain.seal(1), Ok(1));
    assert_eq!(chain.seal(10), Ok(1));
    assert_eq!(chain.seal(10), Ok(0));
    assert_eq!(chain.verify().unwrap().broken, None);
}

#[test]
fn nobody_sees_events_without_a_policy() {
    let world = world();
    let query = EventQuery::all(Window::first(10));
    for stranger in [caller(&world, "user", "password"), client_caller(&world)] {
        let searched = world.server.search_events(&stranger, &query).map(drop);
        let read = world.server.read_event(&stranger, "1").map(drop);
        for answer in [searched, read] {
            assert!(matches!(answer, Err(grantor_domain::Error::Refused(_))));
        }
    }
    world.allow(vec![Linked::User(user_id("user"))]);
    let permitted = caller(&world, "user", "password");
    let page = world.server.search_events(&permitted, &query).unwrap();
    let newest = page.items.first().unwrap();
    assert_eq!(newest.kind, EventKind::SessionCreated.name());
    let read = world.server.read_event(&permitted, &newest.id.to_string());
    assert_eq!(read.unwrap().as_ref(), Some(newest));
    for unknown in ["0", "99999", "x"] {
        assert_eq!(world.server.read_event(&permitted, unknown).unwrap(), None);
    }
}
