//! The versions resources had.

use diesel::dsl::IntoBoxed;
use diesel::prelude::*;
use grantor_domain::ports::Page;
use grantor_domain::resources::{
    HistoryQuery, Identifier, Lifecycle, Resource, ResourceKind, Revision,
};
use grantor_domain::revision::{Epoch, Stamp, Version};
use grantor_domain::time::Timestamp;
use serde::de::DeserializeOwned;

use crate::fault::Failure;
use crate::schema::resource_history;

use super::pages::{ordered, page, past};
use super::{Backend, Conn, insert_all};

/// A version to be remembered.
#[derive(Insertable)]
#[diesel(table_name = resource_history, treat_none_as_default_value = false)]
pub(super) struct Note<'a> {
    kind: &'static str,
    id: &'a str,
    version: i64,
    epoch: i64,
    created: i64,
    updated: i64,
    lifecycle: &'static str,
    document: Option<serde_json::Value>,
}

impl<'a> Note<'a> {
    pub(super) const fn new(
        kind: ResourceKind,
        id: &'a str,
        stamp: Stamp,
        lifecycle: Lifecycle,
        document: Option<serde_json::Value>,
    ) -> Self {
        Self {
            kind: kind.as_str(),
            id,
            version: stamp.version.get(),
            epoch: stamp.epoch.get(),
            created: stamp.created.as_micros(),
            updated: stamp.updated.as_micros(),
            lifecycle: name(lifecycle),
            document,
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = resource_history, check_for_backend(Backend))]
struct HistoryRow {
    sequence: i64,
    id: String,
    version: i64,
    epoch: i64,
    created: i64,
    updated: i64,
    lifecycle: String,
    document: Option<serde_json::Value>,
}

impl HistoryRow {
    fn stamp(&self) -> Stamp {
        Stamp {
            version: Version::from_row(self.version),
            epoch: Epoch::from_row(self.epoch),
            created: Timestamp::from_micros(self.created),
            updated: Timestamp::from_micros(self.updated),
        }
    }

    fn lifecycle(&self) -> Result<Lifecycle, Failure> {
        match self.lifecycle.as_str() {
            "created" => Ok(Lifecycle::Created),
            "changed" => Ok(Lifecycle::Changed),
            "removed" => Ok(Lifecycle::Removed),
            _ => Err(self.corrupt("lifecycle is unknown")),
        }
    }

    fn corrupt(&self, what: &'static str) -> Failure {
        Failure::corrupt("resource_history", &self.id, what)
    }

    /// The version of a resource whose table has rows of this form.
    fn read<R: Resource, Row: DeserializeOwned>(
        mut self,
        id: fn(String) -> R::Id,
        read: fn(Row) -> Result<R, Failure>,
    ) -> Result<Revision<R>, Failure> {
        let stamp = self.stamp();
        let resource = match self.document.take().map(serde_json::from_value) {
            None => None,
            Some(Ok(row)) => Some(read(row)?.at(stamp)),
            Some(Err(_)) => return Err(self.corrupt("document is of another form")),
        };
        Ok(Revision {
            sequence: self.sequence,
            lifecycle: self.lifecycle()?,
            id: id(self.id),
            stamp,
            resource,
        })
    }
}

const fn name(lifecycle: Lifecycle) -> &'static str {
    match lifecycle {
        Lifecycle::Created => "created",
        Lifecycle::Changed => "changed",
        Lifecycle::Removed => "removed",
    }
}

/// Remembers versions, in the transaction that writes them.
pub(super) fn note(conn: &mut Conn, notes: &[Note<'_>]) -> QueryResult<()> {
    insert_all!(conn, resource_history::table, notes).map(drop)
}

type Matches<'a> = IntoBoxed<'a, resource_history::table, Backend>;

fn matches<I: Identifier>(query: &HistoryQuery<I>) -> Matches<'_> {
    let mut matches = resource_history::table
        .filter(resource_history::kind.eq(I::Resource::KIND.as_str()))
        .into_boxed();
    if let Some(id) = &query.id {
        matches = matches.filter(resource_history::id.eq(id.text()));
    }
    if let Some(version) = query.version {
        matches = matches.filter(resource_history::version.eq(version.get()));
    }
    if let Some(since) = query.since {
        matches = matches.filter(resource_history::updated.ge(since.as_micros()));
    }
    matches
}

/// A page of versions, the latest first.
pub(super) fn search<R: Resource, Row: DeserializeOwned>(
    conn: &mut Conn,
    query: &HistoryQuery<R::Id>,
    id: fn(String) -> R::Id,
    read: fn(Row) -> Result<R, Failure>,
) -> Result<Page<Revision<R>>, Failure> {
    let start = &query.window.start;
    let falls = !start.is_backwards();
    let mut selected = ordered!(matches(query), resource_history::sequence, falls);
    if let Some(from) = start.position() {
        selected = past!(selected, resource_history::sequence, falls, from.key());
    }
    page!(conn, &query.window, selected, matches(query), HistoryRow => |row| row.read(id, read))
}
