//! Opening a session: its rows and its events in one transaction.

use diesel::prelude::*;
use grantor_domain::event::Event;
use grantor_domain::secret::TokenHash;
use grantor_domain::sessions::Session;

use crate::fault::Failure;
use crate::schema::{refresh_token, session};

use super::queries::events;
use super::queries::session_row::SessionRow;
use super::{Conn, transaction};

/// Writes a session with its refresh token and its events.
pub(super) fn open_session(
    conn: &mut Conn,
    opened: &Session,
    of_change: &[Event],
) -> Result<(), Failure> {
    transaction(conn, |conn| {
        diesel::insert_into(session::table)
            .values(SessionRow::from(opened))
            .execute(conn)?;
        if let Some(refresh) = &opened.refresh {
            remember(conn, opened, &refresh.hash)?;
        }
        Ok(events::append(conn, of_change)?)
    })
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
