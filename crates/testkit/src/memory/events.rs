//! Events in memory.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use grantor_domain::Fault;
use grantor_domain::audit::{EventId, EventQuery, HourlyCount, Link, Linked, RecordedEvent};
use grantor_domain::event::Event;
use grantor_domain::hour::Hour;
use grantor_domain::ports::{EventLog, EventSealer, Page};
use grantor_domain::window::Position;

use super::page::page_of;
use super::{Memory, State};

impl State {
    /// The events as somebody may have altered them.
    fn recorded(&self) -> Vec<RecordedEvent> {
        let numbered = (1..).map(EventId::from_row).zip(&self.events);
        numbered
            .filter_map(|(id, event)| match self.tampered.get(&id) {
                Some(tampered) => tampered.clone(),
                None => Some(RecordedEvent::new(id, event)),
            })
            .collect()
    }
}

impl EventLog for Memory {
    fn append(&self, events: &[Event]) -> Result<(), Fault> {
        self.state().events.extend_from_slice(events);
        Ok(())
    }

    fn search(&self, query: &EventQuery) -> Result<Page<RecordedEvent>, Fault> {
        let number = |position: &Position| position.id.parse().unwrap_or(0_i64);
        let compare = |a: &Position, b: &Position| {
            let order = number(a).cmp(&number(b));
            if query.ascending {
                order
            } else {
                order.reverse()
            }
        };
        let mut matches = self.state().recorded();
        matches.retain(|event| query.matches(event));
        matches.sort_by(|a, b| compare(&a.position(), &b.position()));
        let compare: &dyn Fn(&Position, &Position) -> Ordering = &compare;
        Ok(page_of(
            matches,
            &query.window,
            RecordedEvent::position,
            compare,
        ))
    }

    fn counts(&self, from: Hour, until: Hour) -> Result<Vec<HourlyCount>, Fault> {
        let mut counts: BTreeMap<(Hour, String), u64> = BTreeMap::new();
        for event in self.state().recorded() {
            let hour = Hour::of(event.at);
            if from <= hour && hour < until {
                *counts.entry((hour, event.kind)).or_default() += 1;
            }
        }
        let count = |((hour, kind), events)| HourlyCount { hour, kind, events };
        Ok(counts.into_iter().map(count).collect())
    }

    fn head(&self) -> Result<Option<Link>, Fault> {
        let state = self.state();
        let last = state.links.last_key_value();
        Ok(last.map(|(&id, &seal)| Link { id, seal }))
    }

    fn settled(&self, after: Option<EventId>, limit: u32) -> Result<Vec<RecordedEvent>, Fault> {
        let mut events = self.state().recorded();
        events.retain(|event| Some(event.id) > after);
        events.truncate(limit as usize);
        Ok(events)
    }

    fn link(&self, after: Option<EventId>, links: &[Link]) -> Result<bool, Fault> {
        let mut state = self.state();
        let last = state.links.last_key_value().map(|(&id, _)| id);
        if last == after {
            let links = links.iter().map(|link| (link.id, link.seal));
            state.links.extend(links);
        }
        Ok(last == after)
    }

    fn chain(&self, after: Option<EventId>, limit: u32) -> Result<Vec<Linked>, Fault> {
        let state = self.state();
        let mut events = state.recorded();
        let mut ids: Vec<EventId> = state.links.keys().copied().collect();
        ids.extend(events.iter().map(|event| event.id));
        ids.sort();
        ids.dedup();
        let wanted = ids.into_iter().filter(|&id| Some(id) > after);
        let linked = wanted.take(limit as usize).map(|id| {
            let place = events.iter().position(|event| event.id == id);
            Linked {
                id,
                event: place.map(|place| events.remove(place)),
                seal: state.links.get(&id).copied(),
            }
        });
        Ok(linked.collect())
    }
}

/// For tests of what somebody does who can write to the store.
impl Memory {
    /// Alters an event where it is stored, or removes it.
    pub fn tamper_with_event(&self, id: EventId, event: Option<RecordedEvent>) {
        self.state().tampered.insert(id, event);
    }

    /// Puts another seal in the place of a link's, or removes the link.
    pub fn tamper_with_link(&self, id: EventId, seal: Option<[u8; 32]>) {
        let mut state = self.state();
        match seal {
            Some(seal) => state.links.insert(id, seal),
            None => state.links.remove(&id),
        };
    }
}

/// A sealer whose seals anybody can make: each byte goes into every byte after it.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainSealer;

impl EventSealer for PlainSealer {
    fn seal<'a>(&self, previous: Option<&'a [u8; 32]>, event: &'a [u8]) -> [u8; 32] {
        let before = previous.map_or(&[][..], |seal| seal.as_slice());
        let mut seal = [0; 32];
        let mut state: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in before.iter().chain(event) {
            state = (state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        for byte in &mut seal {
            state = state.wrapping_mul(0x0100_0000_01b3).rotate_left(7);
            [*byte, ..] = state.to_be_bytes();
        }
        seal
    }
}
