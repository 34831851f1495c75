//! Writes of several requests in one transaction, so that they share its flush.

use grantor_domain::Fault;
use grantor_domain::event::Event;
use grantor_domain::ports::{Change, Committed};
use grantor_domain::sessions::Session;

use crate::fault::Failure;

use super::adapter::Adapter;
use super::commit::commit;
use super::open::open;
use super::{Conn, transaction};

/// There is one writing connection.
pub(super) const LEADERS: usize = 1;
/// Most writes of a batch.
pub(super) const MOST: usize = 128;

/// A session that is opened or changed, and its events.
pub(super) enum Write {
    Open(Session, Vec<Event>),
    Change(Change, Vec<Event>),
}

impl Adapter {
    /// Writes a new session and its events, or nothing.
    pub(super) fn open_session(&self, session: &Session, of_change: &[Event]) -> Result<(), Fault> {
        let write = Write::Open(session.clone(), of_change.to_vec());
        self.write_together(write).map(drop)
    }

    /// Changes a session that is still as it was seen, with the events of the change, or nothing.
    pub(super) fn change_session(
        &self,
        change: &Change,
        of_change: &[Event],
    ) -> Result<Committed, Fault> {
        self.write_together(Write::Change(change.clone(), of_change.to_vec()))
    }
}

/// Writes all in one transaction, or nothing. A change that comes too late has written nothing.
pub(super) fn write_all(conn: &mut Conn, writes: &[Write]) -> Result<Vec<Committed>, Failure> {
    transaction(conn, |conn| {
        let mut outcomes = Vec::with_capacity(writes.len());
        for write in writes {
            outcomes.push(match write {
                Write::Open(session, of_change) => {
                    open(conn, session, of_change)?;
                    Committed::Done
                }
                Write::Change(change, of_change) => commit(conn, change, of_change)?,
            });
        }
        Ok(outcomes)
    })
}
