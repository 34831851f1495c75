//! Ending the sessions of a client.

use crate::access::Interaction;
use crate::caller::Caller;
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::fault::Fault;
use crate::id::ClientId;
use crate::ports::{Expect, Written};
use crate::resources::ResourceKind;
use crate::server::{AuthorizationServer, TRIES};
use crate::sessions::SessionQuery;

impl AuthorizationServer {
    /// Ends every session of a client by raising its epoch. Answers how many were live just before,
    /// or `None` when there is no such client.
    ///
    /// # Errors
    /// [`Error::Refused`] unless a policy permits it; [`Error::Fault`] when the store is away.
    pub fn close_sessions_of_client(
        &self,
        caller: &Caller,
        id: &ClientId,
    ) -> Result<Option<u64>, Error> {
        let kind = ResourceKind::Client;
        self.permit(caller, Interaction::CloseSessions, kind, Some(id.as_str()))?;
        for _ in 0..TRIES {
            let now = self.ports.clock.now();
            let Some(mut client) = self.ports.clients.find(id)? else {
                return Ok(None);
            };
            let seen = client.stamp.version;
            let count = self.count_live(&SessionQuery::of_client(id.clone(), now))?;
            client.stamp = client.stamp.touched(now).in_next_epoch();
            let event = Event::new(EventKind::ClientSessionsEnded, now)
                .client(id)
                .by(caller);
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
