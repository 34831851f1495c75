//! Opening a session: its rows and its events.

use diesel::prelude::*;
use grantor_domain::event::Event;
use grantor_domain::secret::TokenHash;
use grantor_domain::sessions::Session;

use crate::schema::{refresh_token, session};

use super::Conn;
use super::queries::events;
use super::queries::session_row::SessionRow;

/// Writes a session with its refresh token and its events.
pub(super) fn open(conn: &mut Conn, opened: &Session, of_change: &[Event]) -> QueryResult<()> {
    diesel::insert_into(session::table)
        .values(SessionRow::from(opened))
        .execute(conn)?;
    if let Some(refresh) = &opened.refresh {
        remember(conn, opened, &refresh.hash)?;
    }
    events::append(conn, of_change)
}

/// Lets the session be found by a refresh token.
pub(super) fn remember(conn: &mut Conn, owner: &Session, token: &TokenHash) -> QueryResult<usize> {
    diesel::insert_into(refresh_token::table)
        .values((
            refresh_token::hash.eq(token.as_bytes().as_slice()),
            refresh_token::session_id.eq(owner.id.as_str()),
        ))
        .execute(conn)
}
