//! The keys that resource servers verify with.

use crate::error::Error;
use crate::keys::PublicKey;
use crate::server::AuthorizationServer;

impl AuthorizationServer {
    /// The public keys that are published at this moment (RFC 7517 §5).
    ///
    /// # Errors
    /// [`Error::Fault`] when the keys cannot be read.
    pub fn key_set(&self) -> Result<Vec<PublicKey>, Error> {
        Ok(self.ports.signer.public_keys(self.ports.clock.now())?)
    }
}
