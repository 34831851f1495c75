//! How many sessions lived, hour by hour.

use diesel::prelude::*;
use grantor_domain::hour::Hour;
use grantor_domain::sessions::Census;
use grantor_domain::time::Timestamp;

use crate::schema::session_census;

use super::Conn;

/// The first of an hour stands: of several replicas one counts.
pub(crate) fn keep(conn: &mut Conn, census: &Census) -> QueryResult<()> {
    diesel::insert_into(session_census::table)
        .values((
            session_census::hour.eq(census.hour.get()),
            session_census::live.eq(i64::try_from(census.live).unwrap_or(i64::MAX)),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .map(drop)
}

pub(crate) fn read(conn: &mut Conn, from: Hour, until: Hour) -> QueryResult<Vec<Census>> {
    let taken = session_census::table
        .filter(session_census::hour.ge(from.get()))
        .filter(session_census::hour.lt(until.get()))
        .order(session_census::hour);
    let rows: Vec<(i64, i64)> = taken.load(conn)?;
    let census = |(hour, live): (i64, i64)| Census {
        hour: Hour::from_row(hour),
        live: u64::try_from(live).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(census).collect())
}

/// Forgets what was counted before the hour of `before`.
pub(crate) fn reap(conn: &mut Conn, before: Timestamp) -> QueryResult<()> {
    let over = session_census::hour.lt(Hour::of(before).get());
    diesel::delete(session_census::table.filter(over))
        .execute(conn)
        .map(drop)
}
