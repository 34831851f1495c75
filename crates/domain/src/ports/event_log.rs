//! Events that no change carries, and reading what was recorded.

use crate::audit::{EventId, EventQuery, HourlyCount, Link, Linked, RecordedEvent};
use crate::event::Event;
use crate::fault::Fault;
use crate::hour::Hour;

use super::Page;

/// Takes events of refusals (events of changes travel with their change), and shows all that were
/// recorded. A log that only appends, to somewhere else, leaves the rest as it is: nothing is found
/// in it, and there is nothing to chain.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait EventLog: Send + Sync {
    /// Writes the events, all or none.
    ///
    /// # Errors
    /// [`Fault`] when they may not have been written.
    fn append(&self, events: &[Event]) -> Result<(), Fault>;

    /// The recorded events that match, in the order of their ids.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot answer.
    fn search(&self, query: &EventQuery) -> Result<Page<RecordedEvent>, Fault> {
        let _ = query;
        Ok(Page::default())
    }

    /// How many events of each kind there were in each hour from `from` and before `until`, in order;
    /// hours and kinds without any are left out. It is as quick with millions of events as with few.
    /// An hour of which the log has forgotten events may be left out, or counted without them.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot answer.
    fn counts(&self, from: Hour, until: Hour) -> Result<Vec<HourlyCount>, Fault> {
        let _ = (from, until);
        Ok(Vec::new())
    }

    /// The last link of the chain.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot answer.
    fn head(&self) -> Result<Option<Link>, Fault> {
        Ok(None)
    }

    /// Up to `limit` settled events after `after`, in the order of their ids. Settled: no event with
    /// a smaller id can still appear.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot answer.
    fn settled(&self, after: Option<EventId>, limit: u32) -> Result<Vec<RecordedEvent>, Fault> {
        let _ = (after, limit);
        Ok(Vec::new())
    }

    /// Adds links to the chain, all or none, if its last one is still that of `after`. Answers whether
    /// it was.
    ///
    /// # Errors
    /// [`Fault`] when they may not have been written.
    fn link(&self, after: Option<EventId>, links: &[Link]) -> Result<bool, Fault> {
        let _ = (after, links);
        Ok(false)
    }

    /// Events and links after `after`, each beside the other, in the order of their ids; about `limit`
    /// of them, and none only at the end.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot answer.
    fn chain(&self, after: Option<EventId>, limit: u32) -> Result<Vec<Linked>, Fault> {
        let _ = (after, limit);
        Ok(Vec::new())
    }
}
