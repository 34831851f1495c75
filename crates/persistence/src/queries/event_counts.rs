//! Events, counted by the hour.
//!
//! They are counted once they are linked: then no event with a smaller id can still appear. What came
//! after is counted where it stands, which is a few seconds' worth.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use grantor_domain::audit::HourlyCount;
use grantor_domain::hour::Hour;
use grantor_domain::time::Timestamp;

use crate::schema::{event, event_count, event_counted};

use super::Conn;

/// Microseconds.
const HOUR: i64 = 3_600_000_000;

/// An hour and what happened in it.
type Counts = BTreeMap<(Hour, String), i64>;

/// Counts the events up to `last` that are not counted yet.
pub(crate) fn add(conn: &mut Conn, last: i64) -> QueryResult<()> {
    let until = event_counted::table.select(event_counted::until);
    let until: i64 = until.first(conn)?;
    let fresh: Vec<(i64, String)> = event::table
        .filter(event::id.gt(until).and(event::id.le(last)))
        .select((event::at, event::kind))
        .load(conn)?;
    let mut counts = Counts::new();
    for (at, kind) in fresh {
        *counts.entry((hour(at), kind)).or_default() += 1;
    }
    for ((hour, kind), events) in counts {
        diesel::insert_into(event_count::table)
            .values((
                event_count::hour.eq(hour.get()),
                event_count::kind.eq(kind),
                event_count::events.eq(events),
            ))
            .on_conflict((event_count::hour, event_count::kind))
            .do_update()
            .set(event_count::events.eq(event_count::events + events))
            .execute(conn)?;
    }
    diesel::update(event_counted::table.filter(event_counted::until.lt(last)))
        .set(event_counted::until.eq(last))
        .execute(conn)
        .map(drop)
}

/// The counts from `from` and before `until`, in order. One statement, so that nothing is counted
/// twice or not at all that is linked meanwhile. What is not counted yet is found by its id alone:
/// given its time too, SQLite walks through the whole day.
pub(crate) fn read(conn: &mut Conn, from: Hour, until: Hour) -> QueryResult<Vec<HourlyCount>> {
    let mark = event_counted::table.select(event_counted::until);
    let counted = event_count::table
        .filter(event_count::hour.ge(from.get()))
        .filter(event_count::hour.lt(until.get()))
        .select((
            event_count::hour * HOUR,
            event_count::kind,
            event_count::events,
        ));
    let uncounted = event::table
        .filter(event::id.nullable().gt(mark.single_value()))
        .select((event::at, event::kind, 1_i64.into_sql::<BigInt>()));
    let rows: Vec<(i64, String, i64)> = counted.union_all(uncounted).load(conn)?;
    let mut counts = Counts::new();
    for (at, kind, events) in rows {
        let hour = hour(at);
        if from <= hour && hour < until {
            *counts.entry((hour, kind)).or_default() += events;
        }
    }
    let count = |((hour, kind), events): ((Hour, String), i64)| HourlyCount {
        hour,
        kind,
        events: u64::try_from(events).unwrap_or_default(),
    };
    Ok(counts.into_iter().map(count).collect())
}

/// Forgets the counts of hours before that of `before`.
pub(crate) fn reap(conn: &mut Conn, before: Timestamp) -> QueryResult<()> {
    let over = event_count::hour.lt(Hour::of(before).get());
    diesel::delete(event_count::table.filter(over))
        .execute(conn)
        .map(drop)
}

fn hour(at: i64) -> Hour {
    Hour::of(Timestamp::from_micros(at))
}
