//! Committing a change of a session.

use diesel::prelude::*;
use grantor_domain::event::Event;
use grantor_domain::ports::{Change, Committed};

use super::Conn;
use super::open::remember;
use super::queries::events;
use super::queries::session_update::UpdateSession;

/// Compare-and-set on the generation; the loser writes nothing.
pub(super) fn commit(
    conn: &mut Conn,
    change: &Change,
    of_change: &[Event],
) -> QueryResult<Committed> {
    if UpdateSession::new(change).execute(conn)? == 0 {
        return Ok(Committed::Stale);
    }
    if let Some(token) = &change.minted {
        remember(conn, &change.session, token)?;
    }
    events::append(conn, of_change)?;
    Ok(Committed::Done)
}
