//! What is the same for every table of resources: the marks of removed ones, versions and epochs
//! that go on counting, history, index, and search.

/// Makes `find`, `write`, `erase`, `search` and `history` for a table whose row type has
/// `new(&Resource)`, `read(self)` and `blank(id, stamp)`, and serialises without its secrets.
macro_rules! kept {
    ($table:ident, $Row:ident, $Resource:ty) => {
        use diesel::dsl::{exists, not, sql};
        use diesel::prelude::*;
        use diesel::sql_types::Bool;
        use grantor_domain::ports::{Expect, Page, Removed, Written};
        use grantor_domain::resources::{
            HistoryQuery, Lifecycle, Resource, ResourceQuery, ResourceSort, Revision,
        };
        use grantor_domain::revision::{Epoch, Stamp, Version};
        use grantor_domain::time::Timestamp;

        use super::pages::{beyond, one_of, ordered, page, past};
        use super::{ANTI_JOINS, history, index};

        type Kept = $Resource;
        type Id = <Kept as Resource>::Id;
        type Matches<'a> = diesel::dsl::IntoBoxed<'a, $table::table, Backend>;

        pub(crate) fn find(conn: &mut Conn, id: &Id) -> Result<Option<Kept>, Failure> {
            $table::table
                .find(id.as_str())
                .filter($table::deleted.eq(false))
                .select($Row::as_select())
                .first(conn)
                .optional()?
                .map($Row::read)
                .transpose()
        }

        pub(crate) fn find_many(conn: &mut Conn, ids: &[Id]) -> Result<Vec<Kept>, Failure> {
            let mut found = Vec::with_capacity(ids.len());
            for some in ids.chunks(super::AT_ONCE) {
                let rows: Vec<$Row> = $table::table
                    .filter($table::id.eq_any(some.iter().map(|id| id.as_str())))
                    .filter($table::deleted.eq(false))
                    .filter(super::planned_anew())
                    .select($Row::as_select())
                    .load(conn)?;
                for row in rows {
                    found.push(row.read()?);
                }
            }
            Ok(found)
        }

        /// Writes the row, its history and its index.
        pub(crate) fn write(
            conn: &mut Conn,
            written: &Kept,
            expect: Expect,
        ) -> Result<Written, Failure> {
            let mut row = $Row::new(written)?;
            let stamp = match expect {
                Expect::Absent => create(conn, &mut row)?,
                Expect::Version(version) => {
                    let live = $table::table
                        .find(&row.id)
                        .filter($table::deleted.eq(false))
                        .filter($table::version.eq(version.get()));
                    let rows = diesel::update(live).set(&row).execute(conn)?;
                    (rows == 1).then_some(written.stamp())
                }
            };
            let Some(stamp) = stamp else {
                return Ok(Written::Stale);
            };
            let (entries, id) = (written.index(), row.id.as_str());
            let lifecycle = match expect {
                Expect::Absent => {
                    index::add(conn, Kept::KIND, [(id, entries.as_slice())])?;
                    Lifecycle::Created
                }
                Expect::Version(_) => {
                    index::replace(conn, Kept::KIND, id, &entries)?;
                    Lifecycle::Changed
                }
            };
            history::note(conn, &[note(&row, lifecycle)?])?;
            Ok(Written::Done(stamp))
        }

        /// How history keeps a row: without secrets, and once it is removed, empty.
        fn note(row: &$Row, lifecycle: Lifecycle) -> Result<history::Note<'_>, Failure> {
            let document = match lifecycle {
                Lifecycle::Removed => None,
                Lifecycle::Created | Lifecycle::Changed => Some(fault::json(TABLE, &row.id, row)?),
            };
            let (kind, stamp) = (Kept::KIND, row.stamp());
            Ok(history::Note::new(kind, &row.id, stamp, lifecycle, document))
        }

        /// Inserts, or takes the place of a removed one and goes on with its version and epoch.
        fn create(conn: &mut Conn, row: &mut $Row) -> Result<Option<Stamp>, Failure> {
            let inserted = diesel::insert_into($table::table)
                .values(&*row)
                .on_conflict($table::id)
                .do_nothing()
                .execute(conn)?;
            if inserted == 0 {
                let removed = $table::table
                    .find(&row.id)
                    .filter($table::deleted.eq(true))
                    .select(($table::version, $table::epoch))
                    .first::<(i64, i64)>(conn)
                    .optional()?;
                let Some((version, epoch)) = removed else {
                    return Ok(None);
                };
                (row.version, row.epoch) = (version + 1, epoch);
                let mark = $table::table
                    .find(&row.id)
                    .filter($table::deleted.eq(true))
                    .filter($table::version.eq(version));
                if diesel::update(mark).set(&*row).execute(conn)? == 0 {
                    return Ok(None);
                }
            }
            Ok(Some(row.stamp()))
        }

        impl $Row {
            fn stamp(&self) -> Stamp {
                Stamp {
                    version: Version::from_row(self.version),
                    epoch: Epoch::from_row(self.epoch),
                    created: Timestamp::from_micros(self.created),
                    updated: Timestamp::from_micros(self.updated),
                }
            }
        }

        /// Empties the row and keeps its counters, one further.
        pub(crate) fn erase(
            conn: &mut Conn,
            id: &Id,
            version: Version,
            at: Timestamp,
        ) -> Result<Removed, Failure> {
            let live = || {
                $table::table
                    .find(id.as_str())
                    .filter($table::deleted.eq(false))
                    .filter($table::version.eq(version.get()))
            };
            let known = live()
                .select(($table::epoch, $table::created))
                .first::<(i64, i64)>(conn)
                .optional()?;
            let Some((epoch, created)) = known else {
                return Ok(Removed::Stale);
            };
            let stamp = Stamp {
                version: version.next(),
                epoch: Epoch::from_row(epoch).next(),
                created: Timestamp::from_micros(created),
                updated: at,
            };
            let emptied = $Row {
                deleted: true,
                ..$Row::blank(id.as_str(), stamp)
            };
            if diesel::update(live()).set(&emptied).execute(conn)? == 0 {
                return Ok(Removed::Stale);
            }
            history::note(conn, &[note(&emptied, Lifecycle::Removed)?])?;
            index::replace(conn, Kept::KIND, id.as_str(), &[])?;
            Ok(Removed::Done)
        }

        fn matches(query: &ResourceQuery) -> Matches<'_> {
            let mut matches = $table::table.filter($table::deleted.eq(false)).into_boxed();
            matches = one_of!(matches, $table::id, query.ids.iter());
            for (from, until) in &query.updated {
                if let Some(from) = from {
                    matches = matches.filter($table::updated.ge(from.as_micros()));
                }
                if let Some(until) = until {
                    matches = matches.filter($table::updated.lt(until.as_micros()));
                }
            }
            for filter in &query.filters {
                let (found, is_wanted) = index::finds(Kept::KIND, filter);
                matches = if is_wanted {
                    matches.filter($table::id.eq_any(found))
                } else if ANTI_JOINS {
                    // Diesel cannot say this of a boxed subselect.
                    let own = concat!("resource_index.id = ", stringify!($table), ".id");
                    matches.filter(not(exists(found.filter(sql::<Bool>(own)))))
                } else {
                    matches.filter($table::id.ne_all(found))
                };
            }
            matches
        }

        /// The matches beyond the position a page begins at, in the order it is read.
        fn windowed(query: &ResourceQuery) -> Matches<'_> {
            let mut matches = matches(query);
            let from = query.window.start.position();
            let falls = query.descending != query.window.start.is_backwards();
            macro_rules! by {
                ($column:expr) => {{
                    if let Some(from) = from {
                        let (key, id) = (from.key(), from.id.as_str());
                        matches = beyond!(matches, ($column, falls, key), ($table::id, falls, id));
                    }
                    ordered!(matches, $column, falls)
                }};
            }
            matches = match (query.sort, from) {
                (ResourceSort::Id, None) => matches,
                (ResourceSort::Id, Some(from)) => {
                    past!(matches, $table::id, falls, from.id.as_str())
                }
                (ResourceSort::LastUpdated, _) => by!($table::updated),
                (ResourceSort::Created, _) => by!($table::created),
            };
            ordered!(matches, $table::id, falls)
        }

        pub(crate) fn search(
            conn: &mut Conn,
            query: &ResourceQuery,
        ) -> Result<Page<Kept>, Failure> {
            page!(conn, &query.window, windowed(query), matches(query), $Row => $Row::read)
        }

        pub(crate) fn history(
            conn: &mut Conn,
            query: &HistoryQuery<Id>,
        ) -> Result<Page<Revision<Kept>>, Failure> {
            history::search(conn, query, Id::from_row, $Row::read)
        }
    };
}

pub(super) use kept;
