//! How often what happened: events, counted by the hour.

use std::collections::BTreeMap;

use crate::access::Interaction;
use crate::caller::Caller;
use crate::error::Error;
use crate::event::EventKind;
use crate::resources::ResourceKind;
use crate::server::AuthorizationServer;
use crate::time::Timestamp;

/// Microseconds.
const LENGTH: i64 = 3_600_000_000;

/// An hour, by its number since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hour(i64);

impl Hour {
    /// The hour an instant is in.
    #[must_use]
    pub const fn of(at: Timestamp) -> Self {
        Self(at.as_micros().div_euclid(LENGTH))
    }

    /// An hour as it is stored.
    #[must_use]
    pub const fn from_row(number: i64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// When it begins.
    #[must_use]
    pub const fn start(self) -> Timestamp {
        Timestamp::from_micros(self.0.saturating_mul(LENGTH))
    }

    /// The hour so many later.
    #[must_use]
    pub const fn plus(self, hours: i64) -> Self {
        Self(self.0.saturating_add(hours))
    }
}

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
    /// How many hours, the last one included; at most [`CountQuery::MOST_HOURS`].
    pub hours: u16,
    /// An instant of the last hour; now, when it is not said.
    pub last: Option<Timestamp>,
}

impl CountQuery {
    /// Most hours that are counted at once: 31 days.
    pub const MOST_HOURS: u16 = 31 * 24;
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
        let past = Hour::of(query.last.unwrap_or(now)).plus(1);
        let hours = query.hours.clamp(1, CountQuery::MOST_HOURS);
        Self {
            first: past.plus(-i64::from(hours)),
            past,
            series: Vec::new(),
        }
    }

    fn with(mut self, kinds: &[EventKind], counts: Vec<HourlyCount>) -> Self {
        let hours = usize::try_from(self.past.0 - self.first.0).unwrap_or_default();
        let none = || vec![0; hours];
        let asked = kinds.iter().map(|kind| (kind.name().to_owned(), none()));
        let mut found: BTreeMap<String, Vec<u64>> = asked.collect();
        for count in counts {
            let place = usize::try_from(count.hour.0 - self.first.0).ok();
            let series = if kinds.is_empty() {
                Some(found.entry(count.kind).or_insert_with(none))
            } else {
                found.get_mut(&count.kind)
            };
            let counted = series
                .zip(place)
                .and_then(|(series, at)| series.get_mut(at));
            if let Some(counted) = counted {
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
            hour: Hour(hour),
            kind: kind.name().to_owned(),
            events,
        }
    }

    fn counted(kinds: &[EventKind]) -> Vec<(String, Vec<u64>)> {
        let query = CountQuery {
            kinds: kinds.to_vec(),
            hours: 3,
            last: None,
        };
        let found = vec![
            count(8, EventKind::LoginOk, 2),
            count(10, EventKind::LoginOk, 1),
            count(9, EventKind::TokenRefused, 5),
        ];
        let now = Hour(10).start();
        let counts = EventCounts::new(&query, now).with(kinds, found);
        assert_eq!((counts.first, counts.past), (Hour(8), Hour(11)));
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

    #[test]
    fn hours_before_the_epoch_round_down() {
        assert_eq!(Hour::of(Timestamp::from_micros(-1)), Hour(-1));
        assert_eq!(Hour(-1).start(), Timestamp::from_seconds(-3600));
    }
}
