//! Token revocation (RFC 7009).

use crate::clients::ClientCredentials;
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::origin::Origin;
use crate::reason::Reason;
use crate::secret::TokenValue;
use crate::server::AuthorizationServer;
use crate::sessions::closing;

impl AuthorizationServer {
    /// Closes the session of a token, access or refresh alike: nothing of it lives afterwards.
    /// Unknown and dead tokens are revoked already (RFC 7009 §2.2). Public clients name themselves.
    ///
    /// # Errors
    /// Those of client authentication; [`Reason::TokenOfAnotherClient`], which leaves the token
    /// alone; [`Error::Fault`] when the store is away, which is never a success.
    pub fn revoke(
        &self,
        shown: Option<&ClientCredentials>,
        token: &TokenValue,
        origin: &Origin,
    ) -> Result<(), Error> {
        let now = self.ports.clock.now();
        let client = self.authenticate_client(shown, origin, now)?.client;
        let Some(key) = self.session_key(token, now)? else {
            return Ok(());
        };
        self.settle(&key, |found| match found {
            None => Ok(crate::sessions::Decision::Answer(Ok(()))),
            Some(found) if found.session.client.id != client.id => {
                Err(Reason::TokenOfAnotherClient.into())
            }
            Some(found) => {
                let revoked = |event| Event {
                    kind: EventKind::TokenRevoked,
                    ..event
                };
                Ok(closing(found, now, revoked).map(|_| ()))
            }
        })
    }
}

#[cfg(test)]
mod tests;
