//! The event log, with its failures counted.

use std::sync::Arc;

use grantor_domain::Fault;
use grantor_domain::audit::{EventId, EventQuery, HourlyCount, Link, Linked, RecordedEvent};
use grantor_domain::event::Event;
use grantor_domain::hour::Hour;
use grantor_domain::ports::{EventLog, Page};

/// What is alerted on: the event log did not take an event of its own commit (a refusal, a start), or
/// did not answer. Events of changes fail with their change.
const FAILURES: &str = "grantor_audit_write_failures_total";

/// Another log, counting what it cannot write.
pub(crate) struct CountedLog(Arc<dyn EventLog>);

impl CountedLog {
    /// Around a log.
    pub(crate) fn new(log: Arc<dyn EventLog>) -> Self {
        Self(log)
    }
}

fn counted<T>(done: Result<T, Fault>) -> Result<T, Fault> {
    if done.is_err() {
        metrics::counter!(FAILURES).increment(1);
    }
    done
}

impl EventLog for CountedLog {
    fn append(&self, events: &[Event]) -> Result<(), Fault> {
        counted(self.0.append(events))
    }

    fn search(&self, query: &EventQuery) -> Result<Page<RecordedEvent>, Fault> {
        self.0.search(query)
    }

    fn counts(&self, from: Hour, until: Hour) -> Result<Vec<HourlyCount>, Fault> {
        self.0.counts(from, until)
    }

    fn head(&self) -> Result<Option<Link>, Fault> {
        self.0.head()
    }

    fn settled(&self, after: Option<EventId>, limit: u32) -> Result<Vec<RecordedEvent>, Fault> {
        self.0.settled(after, limit)
    }

    fn link(&self, after: Option<EventId>, links: &[Link]) -> Result<bool, Fault> {
        counted(self.0.link(after, links))
    }

    fn chain(&self, after: Option<EventId>, limit: u32) -> Result<Vec<Linked>, Fault> {
        self.0.chain(after, limit)
    }
}
