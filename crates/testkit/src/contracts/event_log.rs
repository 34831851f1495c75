//! What an [`EventLog`](grantor_domain::ports::EventLog) that can be read owes.

#![expect(
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a claim that does not hold panics"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use grantor_domain::audit::{
    Chain, EventId, EventParty, EventQuery, HourlyCount, Link, Outcome, RecordedEvent, Verified,
};
use grantor_domain::caller::Subject;
use grantor_domain::event::{Event, EventKind};
use grantor_domain::hour::Hour;
use grantor_domain::resources::ResourceKind;
use grantor_domain::time::{Lifetime, Timestamp};
use grantor_domain::window::{Start, Total, Window};

use super::Stores;
use super::samples::{NOW, client_id, event, user_id};
use crate::PlainSealer;

/// Full, bare, several at once, and none.
pub fn events_of_every_shape_are_taken(stores: &Stores) {
    let bare = Event::new(EventKind::TokenRefused, NOW);
    for events in [vec![event(), bare.clone(), bare], vec![event()], Vec::new()] {
        assert_eq!(stores.events.append(&events), Ok(()));
    }
}

/// Every member, of events that have all and of one that has none; ids rise.
pub fn events_come_back_whole(stores: &Stores) {
    let mut operators = Event::new(EventKind::KeyCreated, NOW).detail("key-1");
    operators.actor = Some(Subject::Operator);
    let events = [event(), operators, Event::new(EventKind::LoginOk, NOW)];
    stores.events.append(&events).unwrap();
    let found = search(stores, &ascending());
    let expected: Vec<RecordedEvent> = found
        .iter()
        .zip(&events)
        .map(|(found, event)| RecordedEvent::new(found.id, event))
        .collect();
    assert_eq!(found, expected);
    assert_eq!(found.len(), events.len());
    assert!(found.is_sorted_by(|a, b| a.id < b.id));
}

/// Each member of a query finds what the domain says it matches.
pub fn a_query_finds_what_it_matches(stores: &Stores) {
    stores.events.append(&several()).unwrap();
    let all = search(stores, &ascending());
    for query in queries(&all) {
        let expected: Vec<RecordedEvent> = all
            .iter()
            .filter(|event| query.matches(event))
            .cloned()
            .collect();
        assert_eq!(search(stores, &query), expected, "{query:?}");
    }
}

/// Queries of each member, alone and together.
fn queries(all: &[RecordedEvent]) -> Vec<EventQuery> {
    let second = NOW.plus(Lifetime::from_seconds(1));
    let party = |kind, id: &str| EventParty {
        kind,
        id: id.to_owned(),
    };
    let mut queries = vec![
        EventQuery {
            ids: vec![all[1].id, all[2].id],
            ..ascending()
        },
        EventQuery {
            kinds: vec![EventKind::LoginFailed, EventKind::ClientChanged],
            ..ascending()
        },
        EventQuery {
            dates: vec![(Some(second), None)],
            ..ascending()
        },
        EventQuery {
            dates: vec![(None, Some(second)), (Some(NOW), None)],
            ..ascending()
        },
        EventQuery {
            outcomes: vec![Outcome::Denied],
            entities: vec![party(Some(ResourceKind::User), "amy")],
            ..ascending()
        },
    ];
    for outcomes in [
        vec![Outcome::Ok],
        vec![Outcome::Denied],
        vec![Outcome::Error],
    ] {
        queries.push(EventQuery {
            outcomes,
            ..ascending()
        });
    }
    let outcomes = vec![Outcome::Denied, Outcome::Error];
    queries.push(EventQuery {
        outcomes,
        ..ascending()
    });
    for found_by in [
        party(None, "amy"),
        party(Some(ResourceKind::User), "amy"),
        party(Some(ResourceKind::Client), "app"),
        party(Some(ResourceKind::Client), "amy"),
        party(None, "root"),
        party(Some(ResourceKind::Session), "s1"),
        party(Some(ResourceKind::Role), "r1"),
        party(None, "nobody"),
    ] {
        queries.push(EventQuery {
            agents: vec![found_by.clone()],
            ..ascending()
        });
        queries.push(EventQuery {
            entities: vec![found_by],
            ..ascending()
        });
    }
    queries
}

/// Forwards and backwards, newest first and oldest first, each event on one page.
pub fn pages_follow_the_order_of_ids(stores: &Stores) {
    stores.events.append(&several()).unwrap();
    for ascending in [true, false] {
        let query = |start| EventQuery {
            ascending,
            ..EventQuery::all(Window {
                count: 2,
                start,
                total: Total::Accurate,
            })
        };
        let whole = EventQuery {
            ascending,
            ..EventQuery::all(Window::first(100))
        };
        let all = search(stores, &whole);
        assert_eq!(all.is_sorted_by(|a, b| a.id < b.id), ascending);
        let (mut forwards, mut start) = (Vec::new(), Start::First);
        loop {
            let page = stores.events.search(&query(start)).unwrap();
            assert_eq!(page.total, Some(all.len() as u64));
            forwards.extend(page.items.clone());
            if !page.more {
                break;
            }
            start = Start::After(page.items.last().unwrap().position());
        }
        assert_eq!(forwards, all);
        let before = query(Start::Before(all[3].position()));
        assert_eq!(search(stores, &before), all[1..3]);
        assert_eq!(search(stores, &query(Start::Last)), all[all.len() - 2..]);
        assert_eq!(search(stores, &query(Start::Skip(1))), all[1..3]);
    }
}

/// What is sealed is no longer asked for, and stands beside its event.
pub fn links_stand_beside_their_events(stores: &Stores) {
    let log = &stores.events;
    log.append(&several()).unwrap();
    assert_eq!(log.head(), Ok(None));
    let events = log.settled(None, 2).unwrap();
    assert_eq!(events, search(stores, &ascending())[..2]);
    let links = [link(&events[0], 1), link(&events[1], 2)];
    assert_eq!(log.link(None, &links), Ok(true));
    assert_eq!(log.head(), Ok(Some(links[1].clone())));
    let rest = log.settled(Some(events[1].id), 100).unwrap();
    assert_eq!(rest.len(), several().len() - 2);
    let chain = log.chain(None, 3).unwrap();
    let seals: Vec<_> = chain.iter().map(|linked| linked.seal).collect();
    assert_eq!(seals, [Some([1; 32]), Some([2; 32]), None]);
    assert_eq!(chain[0].event.as_ref(), Some(&events[0]));
    let after = log.chain(Some(chain[2].id), 100).unwrap();
    assert_eq!(after.len(), several().len() - 3);
}

/// A sealer that was overtaken links nothing.
pub fn only_the_next_links_are_taken(stores: &Stores) {
    let log = &stores.events;
    log.append(&several()).unwrap();
    let events = log.settled(None, 100).unwrap();
    assert_eq!(log.link(None, &[link(&events[0], 1)]), Ok(true));
    assert_eq!(log.link(None, &[link(&events[0], 9)]), Ok(false));
    assert_eq!(
        log.link(Some(events[1].id), &[link(&events[2], 9)]),
        Ok(false)
    );
    assert_eq!(log.head(), Ok(Some(link(&events[0], 1))));
    assert_eq!(
        log.link(Some(events[0].id), &[link(&events[1], 2)]),
        Ok(true)
    );
}

/// By hour and kind, within the hours asked for; the same before, while and after they are linked.
pub fn events_are_counted_by_the_hour_linked_or_not(stores: &Stores) {
    let first = Hour::of(NOW);
    let at = |hours: i64, kind| Event::new(kind, first.plus(hours).start());
    let (ok, failed) = (EventKind::LoginOk, EventKind::LoginFailed);
    for event in [at(0, ok), at(1, failed), at(1, ok), at(0, ok), at(2, ok)] {
        stores.events.append(&[event]).unwrap();
    }
    let count = |hours, kind: EventKind, events| HourlyCount {
        hour: first.plus(hours),
        kind: kind.name().to_owned(),
        events,
    };
    let counted = [count(0, ok, 2), count(1, failed, 1), count(1, ok, 1)];
    let chain = Chain::new(Arc::clone(&stores.events), Arc::new(PlainSealer));
    for limit in [0, 2, 1, 10, 10] {
        chain.seal(limit).unwrap();
        let found = stores.events.counts(first, first.plus(2)).unwrap();
        assert_eq!(found, counted, "after sealing {limit}");
    }
    let found = stores.events.counts(first.plus(2), first.plus(9)).unwrap();
    assert_eq!(found, [count(2, ok, 1)]);
    stores.events.append(&[at(2, ok)]).unwrap();
    let found = stores.events.counts(first.plus(2), first.plus(9)).unwrap();
    assert_eq!(found, [count(2, ok, 2)]);
}

/// Whoever counts while others link sees every event once.
pub fn events_are_counted_once_while_they_are_linked(stores: &Stores) {
    const EVENTS: u64 = 200;
    let hour = Hour::of(NOW);
    for _ in 0..EVENTS {
        let event = Event::new(EventKind::LoginOk, NOW);
        stores.events.append(&[event]).unwrap();
    }
    let chain = Chain::new(Arc::clone(&stores.events), Arc::new(PlainSealer));
    std::thread::scope(|scope| {
        scope.spawn(|| while chain.seal(7).unwrap() > 0 {});
        for _ in 0..50 {
            let found = stores.events.counts(hour, hour.plus(1)).unwrap();
            let events: Vec<u64> = found.iter().map(|count| count.events).collect();
            assert_eq!(events, [EVENTS]);
        }
    });
}

/// However many write while others seal: in the end every event is linked, in order.
pub fn writers_lose_no_event_to_sealers(stores: &Stores) {
    const WRITERS: usize = 4;
    const EACH: usize = 25;
    let chain = Chain::new(Arc::clone(&stores.events), Arc::new(PlainSealer));
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::SeqCst) {
                    chain.seal(10).unwrap();
                }
            });
        }
        let write = || {
            for _ in 0..EACH {
                stores.events.append(&[event(), event()]).unwrap();
            }
        };
        let writers: Vec<_> = (0..WRITERS).map(|_| scope.spawn(write)).collect();
        let written: Vec<_> = writers
            .into_iter()
            .map(std::thread::ScopedJoinHandle::join)
            .collect();
        done.store(true, Ordering::SeqCst);
        assert!(written.iter().all(Result::is_ok));
    });
    while chain.seal(1000).unwrap() > 0 {}
    let Verified { events, broken, .. } = chain.verify().unwrap();
    assert_eq!((events, broken), ((WRITERS * EACH * 2) as u64, None));
}

fn search(stores: &Stores, query: &EventQuery) -> Vec<RecordedEvent> {
    stores.events.search(query).unwrap().items
}

fn ascending() -> EventQuery {
    EventQuery {
        ascending: true,
        ..EventQuery::all(Window::first(100))
    }
}

fn link(event: &RecordedEvent, seal: u8) -> Link {
    Link {
        id: event.id,
        seal: [seal; 32],
    }
}

/// Of every outcome, by several agents, about several things, a second apart.
fn several() -> Vec<Event> {
    let at = |seconds| NOW.plus(Lifetime::from_seconds(seconds));
    let event_at = |kind, at: Timestamp| Event::new(kind, at);
    let (amy, app) = (user_id("amy"), client_id("app"));
    let mut changed = event_at(EventKind::ClientChanged, at(2)).client(&app);
    changed.actor = Some(Subject::User(amy.clone()));
    let mut broken = event_at(EventKind::AuditVerified, at(3));
    broken.actor = Some(Subject::Operator);
    let found = EventId::from_row(1).to_string();
    vec![
        event_at(EventKind::LoginOk, NOW).user(&amy).client(&app),
        event_at(EventKind::LoginFailed, at(1))
            .client(&app)
            .user(&amy),
        changed,
        event_at(EventKind::LoginThrottled, at(2)),
        broken.clone(),
        broken.about(ResourceKind::AuditEvent, &found),
        event(),
    ]
}
