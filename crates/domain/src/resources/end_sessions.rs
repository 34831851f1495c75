//! Changes of a resource that end every session of it.

use crate::access::Interaction;
use crate::caller::Caller;
use crate::clients::Client;
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::fault::Fault;
use crate::ports::{Expect, Written};
use crate::revision::Stamp;
use crate::server::{AuthorizationServer, TRIES};
use crate::sessions::SessionQuery;
use crate::time::Timestamp;
use crate::window::{Start, Window};

use super::{Identifier, Resource, ResourceQuery};

/// How many clients are read at once.
const PAGE: u32 = 200;

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

    /// Ends every session there is by raising the epoch of every client: no session is without one.
    /// Answers how many were live just before. What was done stays done when it fails half-way, and
    /// may be done again.
    ///
    /// # Errors
    /// [`Error::Refused`] unless a policy permits it; [`Error::Fault`] when the store is away.
    pub fn close_every_session(&self, caller: &Caller) -> Result<u64, Error> {
        let (asked, kind) = (Interaction::CloseSessions, Client::KIND);
        self.permit(caller, asked, kind, None)?;
        let mut query = ResourceQuery::all(Window::first(PAGE));
        let mut closed = 0;
        loop {
            let page = self.ports.clients.search(&query)?;
            for client in &page.items {
                closed += self.close_sessions_of(caller, &client.id)?.unwrap_or(0);
            }
            let Some(last) = page.items.last().filter(|_| page.more) else {
                return Ok(closed);
            };
            query.window.start = Start::After(query.sort.position(last));
        }
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
