//! Changes of a resource that end every session of it.

use crate::access::Interaction;
use crate::caller::Caller;
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::fault::Fault;
use crate::ports::{Expect, Written};
use crate::revision::Stamp;
use crate::server::{AuthorizationServer, TRIES};
use crate::sessions::SessionQuery;
use crate::time::Timestamp;

use super::{Identifier, Resource};

/// A resource that sessions belong to: a client, a user.
pub trait SessionOwner: Resource {
    /// What ending them all is remembered as.
    const SESSIONS_ENDED: EventKind;

    /// Those that live.
    fn live_sessions(id: &Self::Id, now: Timestamp) -> SessionQuery;
}

impl AuthorizationServer {
    /// Ends every session of a client or user by raising its epoch. Answers how many were live just
    /// before, or `None` when there is no such client or user.
    ///
    /// # Errors
    /// [`Error::Refused`] unless a policy permits it; [`Error::Fault`] when the store is away.
    pub fn close_sessions_of<I: Identifier>(
        &self,
        caller: &Caller,
        id: &I,
    ) -> Result<Option<u64>, Error>
    where
        I::Resource: SessionOwner,
    {
        let kind = I::Resource::KIND;
        self.permit(caller, Interaction::CloseSessions, kind, Some(id.text()))?;
        let closed = self.end_sessions(id, |owner, now| {
            let count = self.count_live(&I::Resource::live_sessions(id, now))?;
            let event = Event::new(I::Resource::SESSIONS_ENDED, now).about(kind, id.text());
            Ok((owner, event.by(caller), count))
        })?;
        Ok(closed.map(|(_, count)| count))
    }

    /// Changes a resource as it is when nobody else changes it meanwhile, in its next epoch, which
    /// ends its sessions. Answers the stamp it has since and what `change` told; `None` when there
    /// is no such resource.
    pub(crate) fn end_sessions<I: Identifier, T>(
        &self,
        id: &I,
        change: impl Fn(I::Resource, Timestamp) -> Result<(I::Resource, Event, T), Error>,
    ) -> Result<Option<(Stamp, T)>, Error> {
        let registry = I::Resource::registry(&self.ports);
        for _ in 0..TRIES {
            let now = self.ports.clock.now();
            let Some(current) = registry.find(id)? else {
                return Ok(None);
            };
            let seen = current.stamp();
            let (next, event, told) = change(current, now)?;
            let next = next.at(seen.touched(now).in_next_epoch());
            match registry.put(&next, Expect::Version(seen.version), &[event])? {
                Written::Done(stamp) => return Ok(Some((stamp, told))),
                Written::ReadOnly => {
                    let kind = I::Resource::KIND.as_str();
                    let text = format!("resources of type {kind} cannot be written");
                    return Err(Fault::Unavailable(text).into());
                }
                Written::NameTaken | Written::Stale => {}
            }
        }
        Err(Fault::Contended.into())
    }
}
