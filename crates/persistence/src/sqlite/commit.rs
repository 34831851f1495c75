//! Committing a change of a session: statements cost little here, so they are plain.

use diesel::prelude::*;
use grantor_domain::event::Event;
use grantor_domain::ports::{Change, Committed};

use crate::schema::session;

use super::Conn;
use super::open::remember;
use super::queries::events;
use super::queries::session_row::SessionRow;

/// Compare-and-set on the generation; the loser writes nothing.
pub(super) fn commit(
    conn: &mut Conn,
    change: &Change,
    of_change: &[Event],
) -> QueryResult<Committed> {
    let seen = session::table
        .find(change.session.id.as_str())
        .filter(session::generation.eq(change.seen.get()));
    let rows = diesel::update(seen)
        .set(SessionRow::from(&change.session))
        .execute(conn)?;
    if rows == 0 {
        return Ok(Committed::Stale);
    }
    if let Some(token) = &change.minted {
        remember(conn, &change.session, token)?;
    }
    events::append(conn, of_change)?;
    Ok(Committed::Done)
}
