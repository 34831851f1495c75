//! How often what happened: events, counted by the hour.

use std::collections::BTreeMap;

use crate::access::Interaction;
use crate::caller::Caller;
use crate::error::Error;
use crate::event::EventKind;
use crate::hour::{Hour, Hours};
use crate::resources::ResourceKind;
use crate::server::AuthorizationServer;
use crate::time::Timestamp;

/// How often something happened in an hour: at least once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HourlyCount {
    /// When.
    pub hour: Hour,
    /// What: the name of an [`EventKind`].
    pub kind: String,
    /// How often.
    pub events: u64,
}

/// What a caller wants counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountQuery {
    /// What happened; anything, when it is not said.
    pub kinds: Vec<EventKind>,
    /// When.
    pub hours: Hours,
}

/// How often something happened in each of several hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// What: the name of an [`EventKind`].
    pub kind: String,
    /// How often, hour by hour.
    pub counts: Vec<u64>,
}

/// What happened in several hours on end, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventCounts {
    /// The first hour.
    pub first: Hour,
    /// The hour after the last.
    pub past: Hour,
    /// One for everything that was asked for; else one for everything that happened, by name.
    pub series: Vec<Series>,
}

impl EventCounts {
    fn new(query: &CountQuery, now: Timestamp) -> Self {
        let (first, past) = query.hours.bounds(now);
        Self {
            first,
            past,
            series: Vec::new(),
        }
    }

    fn with(mut self, kinds: &[EventKind], counts: Vec<HourlyCount>) -> Self {
        let none = || vec![0; self.first.until(self.past)];
        let asked = kinds.iter().map(|kind| (kind.name().to_owned(), none()));
        let mut found: BTreeMap<String, Vec<u64>> = asked.collect();
        for count in counts {
            let place = self.first.until(count.hour);
            let series = if kinds.is_empty() {
                Some(found.entry(count.kind).or_insert_with(none))
            } else {
                found.get_mut(&count.kind)
            };
            if let Some(counted) = series.and_then(|series| series.get_mut(place)) {
                *counted = count.events;
            }
        }
        let series = found
            .into_iter()
            .map(|(kind, counts)| Series { kind, counts });
        self.series = series.collect();
        self
    }
}

impl AuthorizationServer {
    /// How often what happened, hour by hour.
    ///
    /// # Errors
    /// [`Error::Refused`] unless a policy permits searching events; [`Error::Fault`] when the store is
    /// away.
    pub fn count_events(&self, caller: &Caller, query: &CountQuery) -> Result<EventCounts, Error> {
        self.permit(caller, Interaction::Search, ResourceKind::AuditEvent, None)?;
        let counted = EventCounts::new(query, self.ports.clock.now());
        let found = self.ports.events.counts(counted.first, counted.past)?;
        Ok(counted.with(&query.kinds, found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(hour: i64, kind: EventKind, events: u64) -> HourlyCount {
        HourlyCount {
            hour: Hour::from_row(hour),
            kind: kind.name().to_owned(),
            events,
        }
    }

    fn counted(kinds: &[EventKind]) -> Vec<(String, Vec<u64>)> {
        let query = CountQuery {
            kinds: kinds.to_vec(),
            hours: Hours::until_now(3),
        };
        let found = vec![
            count(8, EventKind::LoginOk, 2),
            count(10, EventKind::LoginOk, 1),
            count(9, EventKind::TokenRefused, 5),
        ];
        let now = Hour::from_row(10).start();
        let counts = EventCounts::new(&query, now).with(kinds, found);
        assert_eq!(
            (counts.first, counts.past),
            (Hour::from_row(8), Hour::from_row(11))
        );
        let series = counts.series.into_iter();
        series.map(|one| (one.kind, one.counts)).collect()
    }

    #[test]
    fn the_hour_that_has_begun_is_the_last() {
        let (ok, refused) = ("login.ok".to_owned(), "token.refused".to_owned());
        let all = [(ok, vec![2, 0, 1]), (refused, vec![0, 5, 0])];
        assert_eq!(counted(&[]), all);
    }

    #[test]
    fn what_is_asked_for_has_a_series_and_nothing_else_has() {
        let asked = [EventKind::TokenRefused, EventKind::LoginFailed];
        let (failed, refused) = ("login.failed".to_owned(), "token.refused".to_owned());
        assert_eq!(
            counted(&asked),
            [(failed, vec![0, 0, 0]), (refused, vec![0, 5, 0])]
        );
    }
}
