//! Reading a client.

use crate::caller::Caller;
use crate::error::Error;
use crate::id::ClientId;
use crate::server::AuthorizationServer;

use super::Client;

impl AuthorizationServer {
    /// The client with this id, for administrators.
    ///
    /// # Errors
    /// [`Error::Refused`] unless the caller administers; [`Error::Fault`] when the store is away.
    pub fn read_client(&self, caller: &Caller, id: &ClientId) -> Result<Option<Client>, Error> {
        caller.must_administer()?;
        Ok(self.ports.clients.find(id)?)
    }
}
