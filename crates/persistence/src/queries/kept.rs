//! What is the same for every table of resources: the marks of removed ones, versions and epochs
//! that go on counting, history, index, and search.

/// Makes `find`, `write`, `erase`, `search` and `history` for a table whose row type has
/// `new(&Resource)`, `read(self)` and `blank(id)`, and serialises without its secrets.
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
        use grantor_domain::window::{FEW, Start, Total};

        use super::pages::{beyond, past};
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
            let lifecycle = match expect {
                Expect::Absent => Lifecycle::Created,
                Expect::Version(_) => Lifecycle::Changed,
            };
            let document = document(&row)?;
            history::note(
                conn,
                &[history::Note {
                    kind: Kept::KIND,
                    id: &row.id,
                    stamp,
                    lifecycle,
                    document: Some(document),
                }],
            )?;
            index::replace(conn, Kept::KIND, &row.id, &written.index())?;
            Ok(Written::Done(stamp))
        }

        fn document(row: &$Row) -> Result<serde_json::Value, Failure> {
            serde_json::to_value(row)
                .map_err(|_| Failure::corrupt(TABLE, &row.id, "cannot be written as JSON"))
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
            let emptied = $Row {
                version: version.next().get(),
                epoch: epoch + 1,
                created,
                updated: at.as_micros(),
                deleted: true,
                ..$Row::blank(id.as_str())
            };
            if diesel::update(live()).set(&emptied).execute(conn)? == 0 {
                return Ok(Removed::Stale);
            }
            history::note(
                conn,
                &[history::Note {
                    kind: Kept::KIND,
                    id: id.as_str(),
                    stamp: emptied.stamp(),
                    lifecycle: Lifecycle::Removed,
                    document: None,
                }],
            )?;
            index::replace(conn, Kept::KIND, id.as_str(), &[])?;
            Ok(Removed::Done)
        }

        fn matches(query: &ResourceQuery) -> Matches<'_> {
            let mut matches = $table::table.filter($table::deleted.eq(false)).into_boxed();
            if !query.ids.is_empty() {
                matches = matches.filter($table::id.eq_any(&query.ids));
            }
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
            let backwards = query.window.start.is_backwards();
            let falling = query.descending != backwards;
            if let Start::After(from) | Start::Before(from) = &query.window.start {
                let (key, id) = (
                    from.keys.first().copied().unwrap_or_default(),
                    from.id.as_str(),
                );
                macro_rules! by {
                    ($column:expr) => {
                        beyond!(matches, ($column, falling, key), ($table::id, falling, id))
                    };
                }
                matches = match query.sort {
                    ResourceSort::Id => past!(matches, $table::id, falling, id),
                    ResourceSort::LastUpdated => by!($table::updated),
                    ResourceSort::Created => by!($table::created),
                };
            }
            matches = match (query.sort, falling) {
                (ResourceSort::Id, _) => matches,
                (ResourceSort::LastUpdated, false) => matches.then_order_by($table::updated.asc()),
                (ResourceSort::LastUpdated, true) => matches.then_order_by($table::updated.desc()),
                (ResourceSort::Created, false) => matches.then_order_by($table::created.asc()),
                (ResourceSort::Created, true) => matches.then_order_by($table::created.desc()),
            };
            if falling {
                matches.then_order_by($table::id.desc())
            } else {
                matches.then_order_by($table::id.asc())
            }
        }

        pub(crate) fn search(
            conn: &mut Conn,
            query: &ResourceQuery,
        ) -> Result<Page<Kept>, Failure> {
            let window = &query.window;
            let mut selected = windowed(query).limit(i64::from(window.count) + 1);
            if let Start::Skip(skipped) = window.start {
                selected = selected.offset(i64::from(skipped));
            }
            let rows: Vec<$Row> = selected.select($Row::as_select()).load(conn)?;
            let total = match window.total {
                Total::Accurate => Some(matches(query).count().get_result::<i64>(conn)?),
                Total::IfFew => {
                    let few = i64::try_from(FEW).unwrap_or(i64::MAX);
                    let some = matches(query).select($table::id).limit(few + 1);
                    let counted = super::pages::count_of(some, conn)?;
                    (counted <= few).then_some(counted)
                }
                Total::None => None,
            };
            let (rows, more) = super::pages::cut(rows, window);
            let items = rows.into_iter().map($Row::read);
            Ok(Page {
                items: items.collect::<Result<_, _>>()?,
                total: total.map(|total| u64::try_from(total).unwrap_or_default()),
                more,
            })
        }

        pub(crate) fn history(
            conn: &mut Conn,
            query: &HistoryQuery<Id>,
        ) -> Result<Page<Revision<Kept>>, Failure> {
            let id = query.id.as_ref().map(|id| id.as_str());
            let page = history::search(conn, (Kept::KIND, id), query)?;
            let revision = |row: history::HistoryRow| -> Result<Revision<Kept>, Failure> {
                let corrupt = |what| Failure::corrupt("resource_history", &row.id, what);
                let lifecycle = row.lifecycle()?;
                let (sequence, id, stamp) =
                    (row.sequence, Id::from_row(row.id.clone()), row.stamp());
                let resource = match row.document {
                    None => None,
                    Some(document) => {
                        let row: $Row = serde_json::from_value(document)
                            .map_err(|_| corrupt("document is of another form"))?;
                        Some(row.read()?.at(stamp))
                    }
                };
                Ok(Revision {
                    sequence,
                    id,
                    lifecycle,
                    stamp,
                    resource,
                })
            };
            let items = page.items.into_iter().map(revision);
            Ok(Page {
                items: items.collect::<Result<_, _>>()?,
                total: page.total,
                more: page.more,
            })
        }
    };
}

pub(super) use kept;
