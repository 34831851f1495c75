//! Signing out.

use crate::error::Error;
use crate::origin::Origin;
use crate::secret::TokenValue;
use crate::server::AuthorizationServer;
use crate::sessions::{Decision, access_liveness, closing};

use super::token;

impl AuthorizationServer {
    /// Closes the session a browser holds, and forgets its notes. A session that is over, or never
    /// was, is left as it is.
    ///
    /// # Errors
    /// [`Error::Fault`] when the store is away.
    pub fn sign_out(&self, shown: &TokenValue, origin: &Origin) -> Result<(), Error> {
        let Some(key) = token::key(shown) else {
            return Ok(());
        };
        let now = self.ports.clock.now();
        self.settle(&key, |found| {
            Ok(match found {
                Some(found) if access_liveness(&found, now).is_ok() => {
                    closing(found, now, |event| event.from(origin)).map(|_| ())
                }
                _ => Decision::Answer(Ok(())),
            })
        })?;
        if let Some(found) = self.ports.sessions.find(&key)? {
            self.ports.notes.remove(&found.session.id)?;
        }
        Ok(())
    }
}
