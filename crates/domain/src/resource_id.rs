//! Ids for resources that arrive without one.

use crate::error::Error;
use crate::fault::Fault;
use crate::server::AuthorizationServer;
use crate::time::Timestamp;

impl AuthorizationServer {
    /// A new id: a version 7 UUID (RFC 9562 §5.7), which is also a valid id of every resource.
    ///
    /// # Errors
    /// [`Error::Fault`] when there is no randomness.
    pub fn new_resource_id(&self) -> Result<String, Error> {
        Ok(self.uuid(self.ports.clock.now())?)
    }

    /// A version 7 UUID: sorts by the time it was made at.
    pub(crate) fn uuid(&self, now: Timestamp) -> Result<String, Fault> {
        let random: [u8; 10] = self.random()?;
        let millis = u64::try_from(now.as_micros() / 1000).unwrap_or_default();
        let uuid = uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid();
        Ok(uuid.to_string())
    }
}
