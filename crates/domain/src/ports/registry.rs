//! Where resources of one type are kept.

use crate::event::Event;
use crate::fault::Fault;
use crate::resources::{HistoryQuery, Resource, ResourceQuery, Revision};
use crate::revision::Version;
use crate::time::Timestamp;

use super::{Expect, Page, Removed, Written};

/// Resources of one type by id, with every version they had. Every change is one atomic, durable
/// compare-and-set that carries its events. A registry that can only be read implements
/// [`Registry::find`].
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait Registry<R: Resource>: Send + Sync {
    /// The resource with this id, disabled ones included; `None` when absent or removed.
    ///
    /// # Errors
    /// [`Fault`] when the registry cannot answer.
    fn find(&self, id: &R::Id) -> Result<Option<R>, Fault>;

    /// Those with these ids, in no order; what is absent or removed is left out.
    ///
    /// # Errors
    /// [`Fault`] when the registry cannot answer.
    fn find_many(&self, ids: &[R::Id]) -> Result<Vec<R>, Fault> {
        let found = ids.iter().map(|id| self.find(id));
        found.filter_map(Result::transpose).collect()
    }

    /// Writes the resource with its stamp if `expect` holds, together with its events, or nothing.
    /// Its former state becomes history. With [`Expect::Absent`] on a removed id, versions and
    /// epochs go on where they stopped.
    ///
    /// # Errors
    /// [`Fault`] when it is not known whether it was written.
    fn put(&self, resource: &R, expect: Expect, events: &[Event]) -> Result<Written, Fault> {
        let _ = (resource, expect, events);
        Ok(Written::ReadOnly)
    }

    /// Removes the resource if it is at `version`, raises its epoch, and writes the events.
    ///
    /// # Errors
    /// [`Fault`] when it is not known whether it was removed.
    fn remove(
        &self,
        id: &R::Id,
        version: Version,
        at: Timestamp,
        events: &[Event],
    ) -> Result<Removed, Fault> {
        let _ = (id, version, at, events);
        Ok(Removed::ReadOnly)
    }

    /// The resources that match.
    ///
    /// # Errors
    /// [`Fault`] when the registry cannot answer.
    fn search(&self, query: &ResourceQuery) -> Result<Page<R>, Fault> {
        let _ = query;
        Ok(Page::default())
    }

    /// The versions that match, the latest first; the present one is among them. None of them holds
    /// a secret.
    ///
    /// # Errors
    /// [`Fault`] when the registry cannot answer.
    fn history(&self, query: &HistoryQuery<R::Id>) -> Result<Page<Revision<R>>, Fault> {
        let _ = query;
        Ok(Page::default())
    }
}
