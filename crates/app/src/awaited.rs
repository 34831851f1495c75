//! The store of sessions, which issues nothing to whoever waits no more.

use std::sync::Arc;

use grantor_domain::Fault;
use grantor_domain::event::{Event, EventKind};
use grantor_domain::hour::Hour;
use grantor_domain::ports::{Change, Committed, Found, Page, SessionKey, SessionStore};
use grantor_domain::sessions::{Census, Session, SessionQuery, SessionState};
use grantor_domain::time::Timestamp;

/// Another store. Of a request that was given up it takes no tokens, for nobody would get them, and a refresh that
/// looks late would take back what the same client was answered to its next try. Nor does it take such a refresh for a
/// theft: the token it shows was spent by that next try. An end that was asked for it takes always.
pub(crate) struct AwaitedSessions {
    store: Arc<dyn SessionStore>,
    is_given_up: fn() -> bool,
}

impl AwaitedSessions {
    /// Around a store; `is_given_up` says so of the request the current thread works for.
    pub(crate) fn new(store: Arc<dyn SessionStore>, is_given_up: fn() -> bool) -> Self {
        Self { store, is_given_up }
    }

    fn is_awaited(&self) -> Result<(), Fault> {
        if (self.is_given_up)() {
            return Err(Fault::Overloaded("nobody waits for it any more"));
        }
        Ok(())
    }
}

impl SessionStore for AwaitedSessions {
    fn open(&self, session: &Session, events: &[Event]) -> Result<(), Fault> {
        self.is_awaited()?;
        self.store.open(session, events)
    }

    fn find(&self, key: &SessionKey) -> Result<Option<Found>, Fault> {
        self.store.find(key)
    }

    fn commit(&self, change: &Change, events: &[Event]) -> Result<Committed, Fault> {
        let is_theft = |event: &Event| event.kind == EventKind::TokenReuseDetected;
        if change.session.state == SessionState::Open || events.iter().any(is_theft) {
            self.is_awaited()?;
        }
        self.store.commit(change, events)
    }

    fn search(&self, query: &SessionQuery) -> Result<Page<Found>, Fault> {
        self.store.search(query)
    }

    fn count(&self, query: &SessionQuery) -> Result<u64, Fault> {
        self.store.count(query)
    }

    fn keep_census(&self, census: &Census) -> Result<(), Fault> {
        self.store.keep_census(census)
    }

    fn censuses(&self, from: Hour, until: Hour) -> Result<Vec<Census>, Fault> {
        self.store.censuses(from, until)
    }

    fn reap(&self, before: Timestamp, limit: u32) -> Result<u32, Fault> {
        self.store.reap(before, limit)
    }
}
