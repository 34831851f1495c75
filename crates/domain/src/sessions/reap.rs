//! Forgetting sessions that ended long ago.

use crate::error::Error;
use crate::server::AuthorizationServer;

impl AuthorizationServer {
    /// Forgets one small batch of sessions whose retention is over. Answers how many; fewer than
    /// `limit` means that it is done for now.
    ///
    /// # Errors
    /// [`Error::Fault`] when the store is away.
    pub fn reap_sessions(&self, limit: u32) -> Result<u32, Error> {
        let before = self.ports.clock.now().minus(self.policy.session_retention);
        Ok(self.ports.sessions.reap(before, limit)?)
    }
}
