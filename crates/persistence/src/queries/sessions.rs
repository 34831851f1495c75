//! Sessions and the refresh tokens they ever issued.

use diesel::prelude::*;
use grantor_domain::ports::{Found, SessionKey};
use grantor_domain::time::Timestamp;

use crate::fault::Failure;
use crate::schema::{app_user, client, refresh_token, session};

use super::Conn;
use super::session_row::FoundRow;

/// One statement, whatever the key.
pub(crate) fn find(conn: &mut Conn, key: &SessionKey) -> Result<Option<Found>, Failure> {
    let with_owners = session::table
        .left_join(client::table)
        .left_join(app_user::table);
    let row: Option<FoundRow> = match key {
        SessionKey::Id(id) => with_owners
            .filter(session::id.eq(id.as_str()))
            .select(FoundRow::as_select())
            .first(conn),
        SessionKey::Access(hash) => with_owners
            .filter(session::access_hash.eq(hash.as_bytes().as_slice()))
            .select(FoundRow::as_select())
            .first(conn),
        SessionKey::Refresh(hash) => refresh_token::table
            .inner_join(with_owners)
            .filter(refresh_token::hash.eq(hash.as_bytes().as_slice()))
            .select(FoundRow::as_select())
            .first(conn),
    }
    .optional()?;
    row.map(FoundRow::read).transpose()
}

/// Refresh tokens go with their session, by the foreign key.
pub(crate) fn reap(conn: &mut Conn, before: Timestamp, limit: u32) -> QueryResult<usize> {
    let old = diesel::alias!(session as old_session);
    let over = old
        .filter(old.field(session::ends).lt(before.as_micros()))
        .order(old.field(session::ends))
        .limit(i64::from(limit))
        .select(old.field(session::id));
    diesel::delete(session::table.filter(session::id.eq_any(over))).execute(conn)
}
