//! How many sessions live, hour by hour. Sessions end by time and tell nobody, so they are counted once
//! an hour, and what was counted is kept.

use crate::access::Interaction;
use crate::caller::Caller;
use crate::error::Error;
use crate::hour::{Hour, Hours};
use crate::resources::ResourceKind;
use crate::server::AuthorizationServer;

use super::{Owner, SearchRequest, SessionQuery};

/// What was counted in an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Census {
    /// When, a little after its beginning.
    pub hour: Hour,
    /// Sessions that lived then.
    pub live: u64,
}

/// How many sessions lived in several hours on end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionCounts {
    /// The first hour.
    pub first: Hour,
    /// The hour after the last.
    pub past: Hour,
    /// How many lived, hour by hour; `None` where nobody counted.
    pub live: Vec<Option<u64>>,
}

impl SessionCounts {
    fn new((first, past): (Hour, Hour), taken: &[Census]) -> Self {
        let mut live = vec![None; first.until(past)];
        for census in taken {
            if let Some(place) = live.get_mut(first.until(census.hour)) {
                *place = Some(census.live);
            }
        }
        Self { first, past, live }
    }
}

impl AuthorizationServer {
    /// Counts the sessions that live, unless they were counted in this hour already. Answers what this
    /// hour's count was.
    ///
    /// # Errors
    /// [`Error::Fault`] when the store is away.
    pub fn take_census(&self) -> Result<Census, Error> {
        let now = self.ports.clock.now();
        let hour = Hour::of(now);
        let taken = self.ports.sessions.censuses(hour, hour.plus(1))?;
        if let Some(census) = taken.first() {
            return Ok(*census);
        }
        let request = SearchRequest {
            active: Some(true),
            ..SearchRequest::default()
        };
        let live = self.count_live(&SessionQuery::new(Owner::Anyone, request, now))?;
        let census = Census { hour, live };
        self.ports.sessions.keep_census(&census)?;
        Ok(census)
    }

    /// How many sessions lived, hour by hour.
    ///
    /// # Errors
    /// [`Error::Refused`] unless a policy permits searching sessions; [`Error::Fault`] when the store is
    /// away.
    pub fn count_sessions(&self, caller: &Caller, hours: Hours) -> Result<SessionCounts, Error> {
        self.permit(caller, Interaction::Search, ResourceKind::Session, None)?;
        let (first, past) = hours.bounds(self.ports.clock.now());
        let taken = self.ports.sessions.censuses(first, past)?;
        Ok(SessionCounts::new((first, past), &taken))
    }
}
