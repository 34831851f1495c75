//! `sessions` and `events`: how long what is over stays.

use std::time::Duration;

use grantor_domain::time::Lifetime;

use super::reader::Reader;

const TEN_YEARS: u32 = 315_360_000;
const A_MONTH: u32 = 2_678_400;

/// How long ended sessions stay.
#[derive(Clone, Copy, Debug)]
pub struct SessionsConfig {
    /// How long they stay searchable.
    pub retention: Lifetime,
    /// How often they are cleared away.
    pub reap_interval: Duration,
    /// How long a user who signed in with a browser may do nothing.
    pub browser_idle: Lifetime,
    /// How long a user who signed in with a browser stays so at most.
    pub browser_lifetime: Lifetime,
}

/// How long events stay.
#[derive(Clone, Copy, Debug)]
pub struct EventsConfig {
    /// How long they are kept.
    pub retention: Lifetime,
}

pub(super) fn read_sessions(reader: &Reader) -> SessionsConfig {
    let interval = reader.number("sessions.reap_interval", 1..=86_400);
    SessionsConfig {
        retention: Lifetime::from_seconds(reader.number("sessions.retention", 0..=TEN_YEARS)),
        reap_interval: Duration::from_secs(interval.into()),
        browser_idle: Lifetime::from_seconds(reader.number("sessions.browser_idle", 60..=A_MONTH)),
        browser_lifetime: Lifetime::from_seconds(
            reader.number("sessions.browser_lifetime", 60..=A_MONTH),
        ),
    }
}

pub(super) fn read_events(reader: &Reader) -> EventsConfig {
    let retention = reader.number("events.retention", 86_400..=TEN_YEARS);
    EventsConfig {
        retention: Lifetime::from_seconds(retention),
    }
}
