//! Sessions that several requests open at the same time, written by one statement.

use grantor_domain::Fault;
use grantor_domain::event::Event;
use grantor_domain::ports::{Change, Committed};
use grantor_domain::sessions::Session;

use crate::fault::Failure;

use super::Conn;
use super::adapter::Adapter;
use super::commit::commit;
use super::open::Open;

/// While one waits for its flush, another sends.
pub(super) const LEADERS: usize = 2;
/// Most writes of a batch.
pub(super) const MOST: usize = 128;

/// A new session and its events.
pub(super) struct Write(Session, Vec<Event>);

impl Adapter {
    /// Writes a new session and its events, or nothing.
    pub(super) fn open_session(&self, session: &Session, of_change: &[Event]) -> Result<(), Fault> {
        let write = Write(session.clone(), of_change.to_vec());
        self.write_together(write).map(drop)
    }

    /// Changes a session that is still as it was seen, with the events of the change, or nothing. Each is
    /// a statement of its own: Postgres flushes together what is committed at the same time.
    pub(super) fn change_session(
        &self,
        change: &Change,
        of_change: &[Event],
    ) -> Result<Committed, Fault> {
        // A compare-and-set may be repeated: if the first try was applied after all, the second is
        // stale, and whoever asked looks again.
        self.writes
            .run(|conn| commit(conn, change, of_change), || true)
    }
}

/// Writes all by one statement, or nothing.
pub(super) fn write_all(conn: &mut Conn, writes: &[Write]) -> Result<Vec<Committed>, Failure> {
    let mut open = Open::default();
    for Write(session, of_change) in writes {
        open.add(session, of_change);
    }
    open.run(conn)?;
    Ok(vec![Committed::Done; writes.len()])
}
