//! Removing a client, and ending its sessions.

use crate::caller::Caller;
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::fault::Fault;
use crate::id::ClientId;
use crate::ports::{Expect, Removed, Written};
use crate::revision::Condition;
use crate::server::{AuthorizationServer, TRIES};
use crate::sessions::SessionQuery;
use crate::violation::RemoveOutcome;

use super::Client;

impl AuthorizationServer {
    /// Removes a client. Its sessions end with it, and stay ended if the id is used again.
    ///
    /// # Errors
    /// [`Error::Refused`] unless the caller administers; [`Error::Fault`] when the store is away.
    pub fn remove_client(
        &self,
        caller: &Caller,
        id: &ClientId,
        condition: Condition,
    ) -> Result<RemoveOutcome<Client>, Error> {
        caller.must_administer()?;
        for _ in 0..TRIES {
            let now = self.ports.clock.now();
            let current = self.ports.clients.find(id)?;
            if !condition.is_met_by(current.as_ref().map(|c| c.stamp.version)) {
                return Ok(RemoveOutcome::ConditionFailed);
            }
            let Some(current) = current else {
                return Ok(RemoveOutcome::Absent);
            };
            let event = Event::new(EventKind::ClientRemoved, now).client(id);
            match self
                .ports
                .clients
                .remove(id, current.stamp.version, now, &[event])?
            {
                Removed::Done => return Ok(RemoveOutcome::Removed(current)),
                Removed::ReadOnly => return Ok(RemoveOutcome::ReadOnly),
                Removed::Stale => {}
            }
        }
        Err(Fault::Contended.into())
    }

    /// Ends every session of a client by raising its epoch. Answers how many were live just before,
    /// or `None` when there is no such client.
    ///
    /// # Errors
    /// [`Error::Refused`] unless the caller administers; [`Error::Fault`] when the store is away.
    pub fn close_sessions_of_client(
        &self,
        caller: &Caller,
        id: &ClientId,
    ) -> Result<Option<u64>, Error> {
        caller.must_administer()?;
        for _ in 0..TRIES {
            let now = self.ports.clock.now();
            let Some(mut client) = self.ports.clients.find(id)? else {
                return Ok(None);
            };
            let seen = client.stamp.version;
            let count = self.count_live(&SessionQuery::of_client(caller, id.clone(), now)?)?;
            client.stamp = client.stamp.touched(now).in_next_epoch();
            let event = Event::new(EventKind::ClientSessionsEnded, now).client(id);
            match self
                .ports
                .clients
                .put(&client, Expect::Version(seen), &[event])?
            {
                Written::Done(_) => return Ok(Some(count)),
                Written::ReadOnly => {
                    let text = "the client registry cannot be written".to_owned();
                    return Err(Fault::Unavailable(text).into());
                }
                Written::NameTaken | Written::Stale => {}
            }
        }
        Err(Fault::Contended.into())
    }
}
