//! Notes of browsers, sealed.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary};
use diesel::upsert::excluded;
use grantor_domain::id::SessionId;
use grantor_domain::time::Timestamp;

use crate::schema::{browser_note, session};

use super::Conn;

/// `false`: there is no such session.
pub(crate) fn put(
    conn: &mut Conn,
    session: &SessionId,
    sealed: &[u8],
    at: Timestamp,
) -> QueryResult<bool> {
    let note = session::table
        .filter(session::id.eq(session.as_str()))
        .select((
            session::id,
            sealed.into_sql::<Binary>(),
            at.as_micros().into_sql::<BigInt>(),
        ));
    let rows = diesel::insert_into(browser_note::table)
        .values(note)
        .into_columns((
            browser_note::session_id,
            browser_note::sealed,
            browser_note::updated,
        ))
        .on_conflict(browser_note::session_id)
        .do_update()
        .set((
            browser_note::sealed.eq(excluded(browser_note::sealed)),
            browser_note::updated.eq(excluded(browser_note::updated)),
        ))
        .execute(conn)?;
    Ok(rows == 1)
}

pub(crate) fn get(conn: &mut Conn, session: &SessionId) -> QueryResult<Option<Vec<u8>>> {
    browser_note::table
        .find(session.as_str())
        .select(browser_note::sealed)
        .first(conn)
        .optional()
}

pub(crate) fn remove(conn: &mut Conn, session: &SessionId) -> QueryResult<()> {
    diesel::delete(browser_note::table.find(session.as_str())).execute(conn)?;
    Ok(())
}
