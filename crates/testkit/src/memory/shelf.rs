//! Resources of one type in memory, with the versions they had.

use std::collections::BTreeMap;

use grantor_domain::ports::{ChangeOf, Expect, Page, Removed, Written};
use grantor_domain::resources::{HistoryQuery, Lifecycle, Resource, Revision};
use grantor_domain::revision::{Stamp, Version};
use grantor_domain::time::Timestamp;

use super::page::page_of;

/// A resource, or the mark that one was here.
#[derive(Clone, Debug)]
enum Row<R> {
    Live(R),
    Removed(Stamp),
}

/// Resources of one type.
#[derive(Clone, Debug)]
pub(super) struct Shelf<R: Resource> {
    rows: BTreeMap<R::Id, Row<R>>,
    history: Vec<Revision<R>>,
}

impl<R: Resource> Default for Shelf<R> {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            history: Vec::new(),
        }
    }
}

impl<R: Resource> Shelf<R> {
    pub(super) fn get(&self, id: &R::Id) -> Option<&R> {
        match self.rows.get(id) {
            Some(Row::Live(resource)) => Some(resource),
            Some(Row::Removed(_)) | None => None,
        }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &R> {
        self.rows.values().filter_map(|row| match row {
            Row::Live(resource) => Some(resource),
            Row::Removed(_) => None,
        })
    }

    /// The stamp a write would store, or `None` when its expectation does not hold. A removed id
    /// goes on counting where it stopped.
    pub(super) fn stamp(&self, resource: &R, expect: Expect) -> Option<Stamp> {
        let written = resource.stamp();
        match (expect, self.rows.get(resource.id())) {
            (Expect::Absent, None) => Some(written),
            (Expect::Absent, Some(Row::Removed(removed))) => Some(Stamp {
                version: removed.version.next(),
                epoch: removed.epoch,
                ..written
            }),
            (Expect::Version(version), Some(Row::Live(live)))
                if live.stamp().version == version =>
            {
                Some(written)
            }
            _ => None,
        }
    }

    pub(super) fn put(&mut self, resource: &R, expect: Expect, sequence: i64) -> Written {
        let Some(stamp) = self.stamp(resource, expect) else {
            return Written::Stale;
        };
        let lifecycle = match expect {
            Expect::Absent => Lifecycle::Created,
            Expect::Version(_) => Lifecycle::Changed,
        };
        let stored = resource.clone().at(stamp);
        self.history.push(Revision {
            sequence,
            id: stored.id().clone(),
            lifecycle,
            stamp,
            resource: Some(stored.clone().without_secrets()),
        });
        self.rows.insert(stored.id().clone(), Row::Live(stored));
        Written::Done(stamp)
    }

    pub(super) fn remove(
        &mut self,
        id: &R::Id,
        version: Version,
        at: Timestamp,
        sequence: i64,
    ) -> Removed {
        let Some(live) = self.get(id).filter(|r| r.stamp().version == version) else {
            return Removed::Stale;
        };
        let stamp = live.stamp().touched(at).in_next_epoch();
        self.history.push(Revision {
            sequence,
            id: id.clone(),
            lifecycle: Lifecycle::Removed,
            stamp,
            resource: None,
        });
        self.rows.insert(id.clone(), Row::Removed(stamp));
        Removed::Done
    }

    pub(super) fn apply(&mut self, change: &ChangeOf<R>, sequence: i64) -> Written {
        match change {
            ChangeOf::Put(resource, expect) => self.put(resource, *expect, sequence),
            ChangeOf::Remove(id, version, at) => {
                match self.remove(id, *version, *at, sequence) {
                    // Its stamp is of no interest.
                    Removed::Done => Written::Done(Stamp::first(*at)),
                    Removed::Stale | Removed::ReadOnly => Written::Stale,
                }
            }
        }
    }

    pub(super) fn history(&self, query: &HistoryQuery<R::Id>) -> Page<Revision<R>> {
        let matches = self.history.iter().rev().filter(|revision| {
            query.id.as_ref().is_none_or(|id| revision.id == *id)
                && query.version.is_none_or(|v| revision.stamp.version == v)
                && query
                    .since
                    .is_none_or(|since| revision.stamp.updated >= since)
        });
        page_of(
            matches.cloned().collect(),
            &query.window,
            Revision::position,
            |a, b| b.keys.cmp(&a.keys),
        )
    }
}
